"""Damage to characters: what was written in one encoding and read in another, lost, or escaped twice.

The test of a misreading is that it can be undone: the run of characters, written out in the encoding it was wrongly
read in, must be well-formed UTF-8. A single pair may be so by chance ("AMANHÃ…", "cliché»"), so only sequences count
that no orthography has: those that stand for punctuation and emoji, for letters with accents, or several in a row.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.archive.audit.parts import WHOLE, claim

MISREAD = {
    "cp1252": r"â[{tail}]{{2}}|ðŸ|[ÂÃÄÅ][\x{{a1}}-\x{{bf}}]|[Â-ß][{tail}][Â-ß][{tail}][Â-ß][{tail}]|"
    r"[à-ï][{tail}]{{2}}[à-ï][{tail}]{{2}}",
    "mac_roman": "‚Ä[ôúùìîò¶¢îï]|√[©®±≠≥∂ß°¢™]|üò[Ä-ü]",
    "cp1251": "вЂ[™њќњ“”¦ў]|рџ[\x98\u2018\u2019\u201c\u201d\u2122Ќљ™›¤Ґ]|Г[©ЁЎ±јґі]",
    "gbk": "鈥[\u4e00-\u9fff\ue000-\uf8ff]|馃[\u4e00-\u9fff\ue000-\uf8ff]",
}
"""Encoding in which UTF-8 was read: what then stands in the text (`tail`: the marks that bytes 80 to BF become)."""
SPELT = {"mac_roman": "Mac Roman", "gbk": "GBK", "gb18030": "GB 18030"}
"""Names of encodings as they are printed, where they differ from Python's."""
OTHER = {
    "replaced": r"\x{fffd}",
    "question_marks": r"[a-zA-Z]\?(?:t|s|m|d|re|ll|ve)(?:[^\w?=]|$)|(?:\?{2,}[\s,.!:;()-]+){2,}\?{2,}",
    "escaped_twice": r"&(?:amp|lt|gt|quot|apos|nbsp|#\d{2,6}|#x[0-9a-fA-F]{2,6});",
    "control_codes": r"[\x{80}-\x{84}\x{86}-\x{9f}]",
    "code_page": r"[\x{a1}-\x{ff}]{4,}(?:[^\x{a1}-\x{ff}]+[\x{a1}-\x{ff}]{4,})+|[\x{a1}-\x{ff}]{8,}",
}
FEWEST = 5
SHARES = {
    "replaced": 0.003,
    "question_marks": 0.002,
    "escaped_twice": 0.003,
    "control_codes": 0.002,
    "code_page": 0.002,
}
"""From this share of a file's texts on, damage is no slip of single authors; 0.001 for what was misread."""
OF_FOREIGN = 0.005
"""What was misread must be in this share of the texts with other characters than ASCII: people talk about "â€™" too."""
TRIED = 2000
EXAMPLES = 5


@dataclass(frozen=True)
class Damage:
    """`texts` of `rows` in one file; of `tried` of them `mended` can be undone exactly."""

    kind: str
    encoding: str
    texts: np.ndarray
    rows: int
    tried: int
    mended: int


@cache
def _tail() -> str:
    """The marks that bytes 80 to BF become in cp1252, and the control characters where it has none."""
    marks = {bytes([byte]).decode("cp1252", errors="ignore") for byte in range(0x80, 0xC0)}
    codes = {ord(mark) for mark in marks if mark} | set(range(0x80, 0xC0))
    return "".join(f"\\x{{{code:x}}}" for code in sorted(codes))


def claims(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Claims character_damage about the brands of `table`: one a kind of damage, with the files that have it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pa.array(table["text"].fillna(""), type=pa.large_string())
    foreign = np.asarray(pc.binary_length(text)) != np.asarray(pc.utf8_length(text))
    brand = table["brand"].fillna(WHOLE).astype(str)
    if brand.nunique() == 1:
        brand = pd.Series(WHOLE, index=table.index)
    whose, keys = pd.MultiIndex.from_arrays([brand, table["source"].fillna("").astype(str)]).factorize(sort=True)
    rows, foreign_rows = np.bincount(whose), np.bincount(whose[foreign], minlength=len(keys))
    outside = text.filter(pa.array(foreign))
    places = np.flatnonzero(foreign)

    def hits(pattern: str, foreign_only: bool) -> np.ndarray:
        looked = outside if foreign_only else text
        found = np.flatnonzero(pc.match_substring_regex(looked, pattern).to_numpy(zero_copy_only=False))
        return places[found] if foreign_only else found

    patterns = [
        ("misread", name, hits(pattern.format(tail=_tail()) if "{tail}" in pattern else pattern, True))
        for name, pattern in MISREAD.items()
    ]
    misread = np.unique(np.concatenate([found for *_, found in patterns]))
    for kind, pattern in OTHER.items():
        found = np.setdiff1d(hits(pattern, kind in ("replaced", "control_codes", "code_page")), misread)
        if kind == "question_marks":  # those of addresses ask for something else
            found = found[_outside_links(table["text"].iloc[found], pattern)]
        patterns.append((kind, "", found))
    out = []
    for kind, encoding, found in patterns:
        if len(found) < FEWEST:
            continue
        damages: dict[str, dict[str, Damage]] = {}
        for number in np.unique(whose[found]):
            size = int(rows[number]), int(foreign_rows[number])
            damage = _judged(kind, encoding, table["text"], found[whose[found] == number], *size)
            if damage:
                owner, name = keys[number]
                damages.setdefault(owner, {})[name] = damage
        out += [_claim(kind, encoding, table, owner, by_file) for owner, by_file in damages.items()]
    return out


def _judged(kind: str, encoding: str, text: pd.Series, found: np.ndarray, rows: int, foreign: int) -> Damage | None:
    """The damage of one kind to one file's texts of one brand, given where its signs were `found`.

    The file holds `rows` texts of the brand, `foreign` of them with other characters than ASCII.
    """
    share = max(0.001 * rows, OF_FOREIGN * foreign) if kind == "misread" else SHARES[kind] * rows
    if len(found) < max(FEWEST, share):
        return None
    tried = found[:: -(-len(found) // TRIED)]
    if kind == "misread":
        undone = [mend(one, encoding) for one in text.iloc[tried]]
        really = sum(1 for mended, _ in undone if mended)
        if really < 0.5 * len(tried):
            return None
        return Damage(kind, encoding, found, rows, len(tried), sum(1 for mended, left in undone if mended and not left))
    if kind == "code_page":
        named = [_code_page(one) for one in text.iloc[tried]]
        known = max(sorted(set(named)), key=named.count)
        if not known or named.count(known) < 0.6 * len(named):
            return None
        return Damage(kind, known, found, rows, len(tried), named.count(known))
    return Damage(kind, "", found, rows, len(tried), len(tried) if kind in ("escaped_twice", "control_codes") else 0)


def _outside_links(texts: pd.Series, pattern: str) -> np.ndarray:
    """Which of `texts` still match when links are taken out."""
    bare = texts.str.replace(r"(?:https?://|www\.)\S+(?:\s?\S+\.\S+\?\S*)?", " ", regex=True)
    return bare.str.contains(pattern, regex=True).to_numpy(dtype=bool)


def _claim(kind: str, encoding: str, table: pd.DataFrame, brand: str, by_file: dict[str, Damage]) -> dict[str, Any]:
    worst = sorted(by_file, key=lambda name: (-len(by_file[name].texts) / by_file[name].rows, name))
    damaged = np.sort(np.concatenate([one.texts for one in by_file.values()]))
    rows, tried, mended = (sum(getattr(one, part) for one in by_file.values()) for part in ("rows", "tried", "mended"))
    encodings = sorted({one.encoding for one in by_file.values()} - {""}) or [encoding]
    told = {
        "how": kind,
        "encoding": SPELT.get(encodings[0], encodings[0]),
        "texts": len(damaged),
        "rows": rows,
        "share": len(damaged) / rows,
        "tried": tried,
        "mendable": mended,
        "mendable_share": mended / tried,
        "by_file": {name: [len(by_file[name].texts), by_file[name].rows] for name in worst[:20]},
        "examples": table["id"].iloc[damaged[:: -(-len(damaged) // EXAMPLES)]].tolist(),
    }
    return claim("character_damage", table.iloc[damaged], brand, tuple(worst), told)


def mend(text: str, encoding: str) -> tuple[int, int]:
    """(sequences of `text` that turn back into one character each, sequences left over that look misread).

    Each run of characters outside ASCII is written out in `encoding` and read as UTF-8; nothing is changed.
    """
    mended = left = 0
    for run in re.findall(r"[^\x00-\x7f]+" if encoding != "gbk" else r"[^\x00-\x7f]+.?", text):
        undone = _undone(run, encoding)
        if undone is not None:
            mended += 1
        elif re.search("â€|Ã|ðŸ|鈥|вЂ|‚Ä", run):
            left += 1
    return mended, left


def _undone(run: str, encoding: str) -> str | None:
    """`run` as it was before UTF-8 was read in `encoding`; None where it never was."""
    try:
        if encoding == "cp1252":
            raw = b"".join(_BYTES[mark] if mark in _BYTES else mark.encode("cp1252") for mark in run)
        else:
            raw = run.encode(encoding)
        undone = raw.decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None
    return undone if undone != run else None


_BYTES = {chr(code): bytes([code]) for code in range(0x80, 0x100) if 0x80 <= code < 0xA0}
"""Control characters that stand for the bytes of the same number: cp1252 as browsers read it, and Latin-1."""


def _code_page(text: str) -> str:
    """The encoding that makes words of a text's runs of Western letters: gb18030, cp1251, or "" for neither."""
    runs = re.findall(r"[\u00a1-\u00ff]{4,}", text)
    joined = "".join(runs)
    if len(set(joined)) < 4:
        return ""
    if all(len(run) % 2 == 0 for run in runs):
        try:
            chinese = "".join(run.encode("latin-1").decode("gb2312") for run in runs)
        except UnicodeDecodeError:
            chinese = ""
        if chinese and sum("\u4e00" <= mark <= "\u9fff" for mark in chinese) >= 0.7 * len(chinese):
            common = sum(0xB0 <= mark.encode("gb2312")[0] <= 0xD7 for mark in chinese if "\u4e00" <= mark <= "\u9fff")
            if common >= 0.7 * len(chinese):
                return "gb18030"
    lower = sum("\u00e0" <= mark <= "\u00ff" for mark in joined)
    return "cp1251" if lower >= 0.7 * len(joined) else ""
