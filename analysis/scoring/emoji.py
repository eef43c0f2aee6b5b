"""Emoji in words: what they say to a scorer whose vocabulary has none.

Their names are those that the vaderSentiment package (MIT) lists, since Unicode's own mislead: it calls the red heart
"heavy black heart". What the list lacks has its Unicode name.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

VERSION = f"emoji-{version('vadersentiment')}-{unicodedata.unidata_version}"
"""Part of a scorer's version: a newer Unicode knows the names of newer emoji."""
_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_JOINERS = dict.fromkeys(map(ord, "\u200d\ufe0f"))
_SILENT = ("EMOJI MODIFIER", "REGIONAL INDICATOR")
"""Beginnings of names that say nothing by themselves: shades of skin, and the halves of flags."""


def named(text: str) -> str:
    """`text` with every emoji replaced by its name, in lower case and set apart by blanks."""
    if text.isascii():
        return text
    return _EMOJI.sub(lambda found: _name(found[0]), text.translate(_JOINERS))


@lru_cache(maxsize=4_096)
def _name(emoji: str) -> str:
    name = unicodedata.name(emoji, "")
    return " " if name.startswith(_SILENT) else f" {_listed().get(emoji, name.lower())} "


@cache
def _listed() -> dict[str, str]:
    """Emoji of one character → name, read as data: the package's own code is not run."""
    package = find_spec("vaderSentiment")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("the package vadersentiment, which lists the names of emoji, is not installed")
    lines = (Path(package.origin).parent / "emoji_utf8_lexicon.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.translate(_JOINERS).split("\t") for line in lines]
    return {pair[0]: pair[1].lower() for pair in pairs if len(pair) == 2 and len(pair[0]) == 1}
