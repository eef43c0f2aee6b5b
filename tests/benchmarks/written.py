"""Simulated posts with texts, counts and ids, and what encodings do to them.

Nothing of this is a real post. Words are a handful per language, since the audit looks at signs and not at sense.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis import mentions

WORDS = {
    "en": "the bike won't unlock at station again and nobody helps us since monday my deposit didn’t come back yet why "
    "is this app so slow really nice ride today though thanks for the quick fix",
    "fr": "le vélo ne se déverrouille plus à la station où j’étais hier et personne ne répond déjà désolé c’est très "
    "décevant après l’été très bien réparé ça marche voilà merci à l’équipe là-bas",
    "pt": "a bicicleta não desbloqueia na estação desde amanhã então ninguém responde é péssimo já pedi reembolso às "
    "três não há solução até agora obrigado pela ajuda coração",
    "zh": "单车 今天 又 打不开 锁 客服 没有人 回复 押金 什么时候 退 希望 尽快 处理 谢谢 骑 得 很 舒服 早上 站点 没车",
}
EMOJI = "😀😡🚲👍🙏😂💚"
START = pd.Timestamp("2021-03-01", tz="UTC")
EPOCH_MS = 1_288_834_974_657
BRAND = "@u_larkwheel2"


def collection(
    seed: int,
    n: int = 6000,
    *,
    days: float = 20,
    files: int = 3,
    language: str = "en",
    platform: str = "twitter",
    emoji: float = 0.05,
    breaks: float = 0.03,
    links: float = 0.2,
    handles: float = 0.5,
    tags: float = 0.15,
    reposts: float = 0.2,
    replies: float = 0.4,
    small: float = 0.2,
    ellipsis: float = 0.03,
    liked: float = 0.15,
    query: str = BRAND,
    brand: str | None = None,
) -> pd.DataFrame:
    """A mentions table: rates of each sign in its posts; `query` is in all but a few of them."""
    rng = np.random.default_rng(seed)
    ms = np.sort((START.value // 10**6 + rng.uniform(0, days * 86.4e6, n)).astype("int64"))
    words = WORDS[language].split()
    joint = "" if language == "zh" else " "
    author = rng.integers(0, max(n // 3, 40), n)
    kind = rng.choice(["repost", "reply", "post"], n, p=[reposts, replies, 1 - reposts - replies])
    texts = []
    for at in range(n):
        said = joint.join(rng.choice(words, rng.integers(4, 22)))
        said = said if rng.random() < small else said.capitalize()
        said += rng.choice(["", ".", "!", "?", ", " + rng.choice(words) + "?"], p=[0.2, 0.4, 0.15, 0.1, 0.15])
        said += "..." if rng.random() < ellipsis else ""
        said += " " + rng.choice(list(EMOJI)) if rng.random() < emoji else ""
        said = said.replace(" ", "\n", 1) if rng.random() < breaks else said
        said += f" #{rng.choice(words).strip('’')}" if rng.random() < tags else ""
        said += f" https://t.example/{at}" if rng.random() < links else ""
        if query and rng.random() < 0.97:
            said = f"{query} {said}" if rng.random() < handles else f"{said} {query}"
        elif rng.random() < handles:
            said = f"@u_{rng.integers(10**9, 10**10 - 1)} {said}"
        if kind[at] == "reply" and not said.startswith("@"):
            said = f"@u_{rng.integers(10**9, 10**10 - 1)} {said}"
        texts.append(f"RT @u_{rng.integers(10**9, 10**10 - 1)}: {said}" if kind[at] == "repost" else said)
    drawn = np.where(rng.random(n) < liked, np.ceil(rng.pareto(1.2, n)), 0).clip(max=100_000).astype("int64")
    ids = ((ms - EPOCH_MS) << 22) + rng.integers(0, 1 << 22, n)
    table = pd.DataFrame(
        {
            "id": ids.astype(str),
            "platform": platform,
            "published_at": pd.to_datetime(ms, unit="ms", utc=True),
            "author": [f"u_{number:010d}" for number in author],
            "text": texts,
            "language": np.where(rng.random(n) < 0.97, language, "und"),
            "kind": kind,
            "likes": drawn,
            "reposts": np.where(rng.random(n) < liked / 3, 1, 0),
            "brand": brand,
            "source": [f"part-{number}.csv" for number in np.arange(n) * files // n],
            "source_row": np.arange(n) + 1,
        }
    )
    return mentions.conform(table.drop_duplicates("id", ignore_index=True))


def rewritten(table: pd.DataFrame, change: Callable[[str], str], where: np.ndarray | None = None) -> pd.DataFrame:
    """`table` with `change` done to its texts (those of `where`)."""
    done = [change(text) if where is None or where[at] else text for at, text in enumerate(table["text"].tolist())]
    return table.assign(text=pd.array(done, dtype="string"))


def misread(encoding: str, *, times: int = 1) -> Callable[[str], str]:
    """A text as UTF-8 becomes when read in `encoding`."""

    def change(text: str) -> str:
        for _ in range(times):
            raw = text.encode("utf-8")
            if encoding == "cp1252":
                text = "".join(
                    bytes([byte]).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
                    for byte in raw
                )
            else:
                text = raw.decode(encoding, errors="replace")
        return text

    return change
