"""Collections of simulated posts: clean ones, and such as a faulty collector would have kept, each with its truth."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis import mentions
from tests.benchmarks.written import START, collection, misread, rewritten


def _moody(seed: int) -> pd.DataFrame:
    """Six files of posts whose chance of a like wanders from hour to hour."""
    rng = np.random.default_rng(seed)
    table = collection(seed, 12_000, days=5, files=6, liked=0.4)
    hour = ((table["published_at"] - START) / pd.Timedelta(hours=1)).astype(int)
    mood = np.zeros(hour.max() + 1)
    for at in range(1, len(mood)):
        mood[at] = 0.8 * mood[at - 1] + rng.normal(0, 0.4)
    kept = rng.random(len(table)) < 1 / (1 + np.exp(-mood[hour]))
    return table.assign(likes=table["likes"].where(kept, 0), reposts=table["reposts"].where(kept, 0))


def _two_platforms(seed: int) -> pd.DataFrame:
    one = collection(seed, 2000, files=1)
    two = collection(seed + 1, 2000, files=1, platform="reddit", query="Larkwheel", handles=0.0, reposts=0, replies=0)
    return pd.concat([one, two.assign(source="reddit.csv")], ignore_index=True).drop_duplicates("id", ignore_index=True)


def answered(seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Customers' posts in one file and answers in another, whose clock is `shift` hours ahead."""
    rng = np.random.default_rng(seed)
    asked = collection(seed, 1500, files=1)
    answers = asked.iloc[: len(asked) : 2].copy()
    late = pd.to_timedelta(rng.exponential(2, len(answers)) + shift, unit="h")
    answers["published_at"] = answers["published_at"] + late.as_unit("us")
    answers["parent_id"], answers["id"] = answers["id"], "9" + answers["id"]
    answers["text"] = [f"@{author} we look into it, {at}" for at, author in enumerate(answers["author"])]
    answers["source"], answers["author"], answers["kind"] = "answers.csv", "u_larkwheel2", "reply"
    return mentions.conform(pd.concat([asked, answers], ignore_index=True))


CLEAN: dict[str, Callable[[int], pd.DataFrame]] = {
    "English": collection,
    "French": lambda seed: collection(seed, language="fr"),
    "Portuguese": lambda seed: collection(seed, language="pt"),
    "Portuguese capitals": lambda seed: rewritten(
        collection(seed, language="pt"),
        lambda text: text.upper().replace("@U_", "@u_") + "AMANHÃ…",
        np.random.default_rng(seed).random(6000) < 0.05,
    ),
    "French quotation marks": lambda seed: rewritten(
        collection(seed, language="fr"),
        lambda text: text + " «désolé»…",
        np.random.default_rng(seed).random(6000) < 0.05,
    ),
    "Chinese": lambda seed: collection(
        seed, language="zh", platform="weibo", query="雀轮单车", handles=0.1, reposts=0.1, replies=0.1
    ),
    "Chinese with pastry": lambda seed: rewritten(
        collection(seed, language="zh", platform="weibo", query="雀轮单车"),
        lambda text: text + "煎饼馃子",
        np.random.default_rng(seed).random(6000) < 0.05,
    ),
    "few of everything": lambda seed: collection(
        seed, emoji=0.005, breaks=0.006, links=0.05, handles=0.2, tags=0.03, reposts=0.05, replies=0.05
    ),
    "few likes": lambda seed: collection(seed, liked=0.02),
    "talk about mojibake": lambda seed: rewritten(
        collection(seed), lambda text: text + " shows â€™ again", np.arange(6000) % 1000 == 0
    ),
    "excited": lambda seed: rewritten(
        collection(seed), lambda text: text + " what???? why??", np.random.default_rng(seed).random(6000) < 0.2
    ),
    "Spanish and German": lambda seed: rewritten(
        collection(seed), lambda text: text + " ¿Qué? ÜBERFÄLLIG… GROß” ÑANDÚ…", np.arange(6000) % 9 == 0
    ),
    "a hashtag that takes over": lambda seed: rewritten(
        collection(seed), lambda text: text + " #brakegate", np.arange(6000) > 4000
    ),
    "small": lambda seed: collection(seed, 300),
    "news": lambda seed: collection(
        seed, platform="news", query="Larkwheel", emoji=0, breaks=0, handles=0, tags=0, reposts=0, replies=0, liked=0.3
    ),
    "written by 5% of accounts": lambda seed: collection(seed).assign(
        author=lambda table: pd.array(
            np.where(np.arange(len(table)) % 2 == 0, "u_official99", table["author"]), dtype="string"
        )
    ),
    "likes that come and go": _moody,
    "two platforms that write the name each in its way": _two_platforms,
    "seen days later": lambda seed: collection(seed).assign(
        last_seen=lambda table: table["published_at"] + pd.Timedelta(days=5)
    ),
    "answers": answered,
}


def _damaged(change: Callable[[str], str], how: str, share: float = 0.05, **changes: object) -> Callable:
    """One file of three in which a share of texts was damaged."""

    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        table = collection(seed, **changes)  # type: ignore[arg-type]
        rng = np.random.default_rng(seed)
        hit = (table["source"] == "part-1.csv").to_numpy() & (rng.random(len(table)) < share)
        return rewritten(table, change, hit), {"kind": "character_damage", "how": how, "file": "part-1.csv"}

    return make


def _stripped(pattern: str, what: str, with_: str = "") -> Callable:
    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        table = collection(seed)
        text = table["text"].str.replace(pattern, with_, regex=True)
        return table.assign(text=text), {"kind": "altered_text", "how": "stripped", "what": what}

    return make


def _cut(length: int, end: str, share: float = 1.0) -> Callable:
    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        table = rewritten(
            collection(seed, query="Larkwheel"), lambda t: t if len(t) <= length else t[: length - len(end)] + end
        )
        return table, {"kind": "altered_text", "how": "cut"}

    return make


def _counts(how: str, change: Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]) -> Callable:
    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        return change(collection(seed), np.random.default_rng(seed + 1000)), {"kind": "frozen_counts", "how": how}

    return make


def _fading(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Ten files, each made when its last post was: half of the reactions come within 2 hours."""
    dense = collection(int(rng.integers(1e6)), 12_000, days=5, files=6, liked=0.4)
    ends = dense.groupby("source")["published_at"].transform("max")
    age = (ends - dense["published_at"]) / pd.Timedelta(hours=1)
    kept = rng.random(len(dense)) < 1 - 0.5 ** (age / 2)
    return dense.assign(likes=dense["likes"].where(kept, 0), reposts=dense["reposts"].where(kept, 0))


def _outnumbered(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Replies to posts of the archive, whose counts were taken before they came."""
    answers = (table["kind"] == "reply").to_numpy() & (np.arange(len(table)) > 50) & (rng.random(len(table)) < 0.3)
    earlier = np.maximum(np.arange(len(table)) - rng.integers(1, 50, len(table)), 0)
    chosen = pd.Series(table["id"].to_numpy()[earlier], index=table.index).where(answers)
    counted = pd.array((rng.random(len(table)) < 0.05).astype("int64"), dtype="Int64")
    return table.assign(parent_id=chosen.astype("string"), replies=counted)


def _seen(hours: float) -> Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]:
    return lambda table, rng: table.assign(
        last_seen=(table["published_at"] + pd.to_timedelta(rng.exponential(hours, len(table)), unit="h").as_unit("us"))
    )


def _label(seed: int) -> tuple[pd.DataFrame, dict]:
    mine, theirs = (
        collection(seed, 1500, brand="Larkwheel", query="@u_hopspoke22"),
        collection(seed + 1, 1500, brand="Other"),
    )
    return pd.concat([mine, theirs], ignore_index=True).drop_duplicates("id"), {
        "kind": "mixed_queries",
        "how": "label",
        "brand": "Larkwheel",
    }


def _two_queries(seed: int) -> tuple[pd.DataFrame, dict]:
    one, two = collection(seed, 2000, files=1), collection(seed + 1, 2000, files=1, query="hopspoke")
    table = pd.concat([one, two.assign(source="other.csv")], ignore_index=True)
    return table.drop_duplicates("id"), {"kind": "mixed_queries", "how": "files"}


def _changed_query(seed: int) -> tuple[pd.DataFrame, dict]:
    one, two = collection(seed, 3000, files=1), collection(seed + 1, 3000, files=1, query="hopspoke")
    cut = START + pd.Timedelta(days=8)
    table = pd.concat([one[one["published_at"] < cut], two[two["published_at"] >= cut]], ignore_index=True)
    return table.drop_duplicates("id"), {"kind": "mixed_queries", "how": "date", "changed": cut}


def _sampled(one_in: int) -> Callable:
    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        table = collection(seed, 12_000, reposts=0.2)
        second = table["published_at"].dt.microsecond // 1000
        return table[(second - 657) % 1000 < 1000 // one_in].reset_index(drop=True), {
            "kind": "sampled_stream",
            "one_in": one_in,
        }

    return make


def _copied(seed: int) -> tuple[pd.DataFrame, dict]:
    table = collection(seed)
    again = table.iloc[::20].assign(id=lambda rows: rows["id"] + "1")
    return pd.concat([table, again], ignore_index=True), {"kind": "copies", "how": "copied"}


def _of_one_language(seed: int) -> tuple[pd.DataFrame, dict]:
    table = collection(seed)
    return table[table["language"] == "en"], {"kind": "filtered", "how": "left_out", "what": "other_languages"}


def _lost(text: str) -> str:
    return text.encode("ascii", errors="replace").decode("ascii")


FAULTS: dict[str, Callable[[int], tuple[pd.DataFrame, dict]]] = {
    "UTF-8 read as cp1252, 5% of a file": _damaged(misread("cp1252"), "misread"),
    "UTF-8 read as cp1252, 2% of a file": _damaged(misread("cp1252"), "misread", 0.02, language="fr"),
    "UTF-8 read as Latin-1": _damaged(misread("latin-1"), "misread", language="fr"),
    "UTF-8 read as cp1252 twice": _damaged(misread("cp1252", times=2), "misread"),
    "UTF-8 read as Mac Roman": _damaged(misread("mac_roman"), "misread", language="fr"),
    "UTF-8 read as GBK": _damaged(misread("gb18030"), "misread"),
    "Chinese UTF-8 read as cp1252": _damaged(misread("cp1252"), "misread", language="zh", query="雀轮单车"),
    "GBK read as Latin-1": _damaged(
        lambda text: text.encode("gb18030").decode("latin-1"), "code_page", language="zh", query="雀轮单车"
    ),
    "characters replaced by U+FFFD": _damaged(lambda text: text.replace("’", "\ufffd"), "replaced", 0.3),
    "characters replaced by ?": _damaged(_lost, "question_marks", 0.3),
    "cp1252 read as Latin-1": _damaged(lambda text: text.replace("’", "\x92"), "control_codes", 0.3),
    "entities escaped twice": _damaged(
        lambda text: text + " &amp;amp; &amp;gt;".replace("&amp;", "&", 1), "escaped_twice", 0.05
    ),
    "emoji stripped": _stripped(r"[\U00010000-\U0010ffff]", "emoji"),
    "all but ASCII stripped": _stripped(r"[^\x00-\x7f]", "non_ascii"),
    "line breaks stripped": _stripped(r"\n", "line_breaks", " "),
    "capitals stripped": lambda seed: (
        rewritten(collection(seed), str.lower),
        {"kind": "altered_text", "how": "stripped", "what": "capitals"},
    ),
    "punctuation stripped": _stripped(r"[.,!?:;’'/-]", "punctuation"),
    "handles stripped": _stripped(r"@\w+:?", "handles"),
    "links stripped": _stripped(r"https?://\S+", "links"),
    "hashtags stripped": _stripped(r"#\w+", "hashtags"),
    "a blank after @ and #": lambda seed: (
        rewritten(collection(seed), lambda text: text.replace("@", "@ ").replace("#", "# ")),
        {"kind": "altered_text", "how": "spaced"},
    ),
    "cut at 100 characters with an ellipsis": _cut(100, "…"),
    "cut at 90 characters with dots": _cut(90, "..."),
    "cut at 80 characters": _cut(80, ""),
    "reposts cut": lambda seed: (
        rewritten(
            collection(seed), lambda text: text[:60] + "…" if text.startswith("RT ") and len(text) > 60 else text
        ),
        {"kind": "altered_text", "how": "cut_reposts"},
    ),
    "reposts left out": lambda seed: (
        collection(seed).query("kind != 'repost'"),
        {"kind": "filtered", "how": "left_out", "what": "reposts"},
    ),
    "replies left out": lambda seed: (
        collection(seed, handles=0).query("kind != 'reply'"),
        {"kind": "filtered", "how": "left_out", "what": "replies"},
    ),
    "one language kept": _of_one_language,
    "addressed posts alone": lambda seed: (
        collection(seed, handles=1.0, reposts=0.0),
        {"kind": "filtered", "how": "addressed"},
    ),
    "rows copied under new ids": _copied,
    "counts all nought": _counts("all_zero", lambda table, _: table.assign(likes=0, reposts=0)),
    "counted within minutes": _counts("seen_at_once", _seen(0.1)),
    "counted within a day": _counts("seen_young", _seen(12)),
    "more replies held than counted": _counts("outnumbered", _outnumbered),
    "counted when each file ended": _counts("fading", _fading),
    "a label of another brand": _label,
    "two queries in two files": _two_queries,
    "a query that changed": _changed_query,
    "one post in a hundred": _sampled(100),
    "one post in ten": _sampled(10),
    "answers 5 hours early": lambda seed: (
        answered(seed, -5.0),
        {"kind": "clock_shift", "how": "answers", "hours": 5.0},
    ),
    "seen before posted": lambda seed: (
        collection(seed).assign(last_seen=lambda t: t["published_at"] - pd.Timedelta(hours=8)),
        {"kind": "clock_shift", "how": "seen", "hours": 8.0},
    ),
}
