"""Texts from rules: a symbol stands for alternatives, an alternative may hold further symbols.

`{name}` is replaced by one alternative of the rule `name`, `{2-9}` by a whole number between the two (inclusive), and
`{a|b}` by one of the parts, any of which may be empty. The innermost braces are replaced first.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

Rules = Mapping[str, Sequence[str]]

_INNERMOST = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(\d+)-(\d+)")
_BLANKS = re.compile(r"[ \t]+")
_BLANK_BEFORE = re.compile(r" +([,.!?;:])")


def pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    """One of `options`, each as likely as any other."""
    return options[int(rng.integers(len(options)))]


def expand(rng: np.random.Generator, rules: Rules, text: str) -> str:
    """`text` with every symbol replaced; KeyError where a symbol has no rule."""
    while found := _INNERMOST.search(text):
        text = text[: found.start()] + _replacement(rng, rules, found.group(1)) + text[found.end() :]
    return tidy(text)


def tidy(text: str) -> str:
    """`text` without the blanks that empty alternatives leave behind."""
    return _BLANK_BEFORE.sub(r"\1", _BLANKS.sub(" ", text)).strip()


def _replacement(rng: np.random.Generator, rules: Rules, symbol: str) -> str:
    if "|" in symbol:
        return pick(rng, symbol.split("|"))
    if span := _RANGE.fullmatch(symbol):
        return str(rng.integers(int(span.group(1)), int(span.group(2)) + 1))
    return pick(rng, rules[symbol])
