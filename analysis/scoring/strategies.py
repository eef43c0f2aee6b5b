"""Which response strategies a statement holds, in English and Chinese, with the words that tell.

The strategies and their families are those of situational crisis communication theory (Coombs 2007; definitions C3);
where the words tell, the finer tactic is one of image repair (after Benoit 2015). A statement may hold several, and
most do. Statements are few, so a report shows each with its words for its reader to judge: no score rests on what is
found alone. Rules know set phrases; `acts` knows apologies and that something is looked into; what is said in other
words is found by its likeness to invented sentences (`strategy_head`), where E5 is installed. `PRECISION` and `RECALL`
say how much. That a strategy was not found is no evidence that it was not there.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from analysis.scoring import acts, masking, strategies_en, strategies_zh, strategy_head
from analysis.scoring.signs import Accuracy

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "base": ("instructing", "adjusting"),
    "deny": ("attack_accuser", "denial", "scapegoat"),
    "diminish": ("excuse", "justification"),
    "rebuild": ("compensation", "apology"),
    "bolster": ("reminder", "ingratiation", "victimage"),
}
STRATEGIES = tuple(name for names in FAMILIES.values() for name in names)
PRECISION = Accuracy(0.917, 0.782, 0.971, 36)
"""Share of the strategies found that are there; n: strategies found."""
RECALL = Accuracy(0.688, 0.547, 0.801, 48)
"""Share of the strategies that are found; n: strategies there. On 42 invented statements in English and Chinese,
written by somebody who had seen neither rules nor head: `python -m tests.benchmarks.strategies`, part "blind". On
"fresh", whose words avoid the rules', recall is .64, by rules alone .14. Statements of the same hand and hour as the
rules are found nearly all, which says little of others."""
RULES_PRECISION = Accuracy(0.926, 0.766, 0.979, 27)
"""As PRECISION, by rules alone: where E5 is not installed, and in replies."""
RULES_RECALL = Accuracy(0.521, 0.383, 0.655, 48)
RULES_VERSION = "strategies-2"
_FAMILY = {name: family for family, names in FAMILIES.items() for name in names}
_LANGUAGES = ((strategies_en, re.compile("[A-Za-z]")), (strategies_zh, re.compile("[\u4e00-\u9fff]")))
"""The patterns of a language, and a letter of it: they are not tried on texts without one."""
_CUT = "¦"
_ACTS = {
    "apology": ("apology", "mortification", re.compile(r"(?!(?:an? )?apolog(?:y|ies)\b|道歉)", re.I)),
    "adjusting": (
        "holding",
        "",
        re.compile(r"[^.!?]*(?:\b(?:look|investigat|work|check|review)|[查核修]|处理|解决)", re.I),
    ),
}
"""Strategy → the act of a reply that is one, its tactic, and how its words must begin. "An apology" may be somebody
else's wish; news to come is no news of what is done. Other acts are defined otherwise: a solution may be a refund, an
instruction or a repair."""
RULE, LIKENESS = "rule", "likeness"


class Span(NamedTuple):
    """Where a strategy is told: [start, end) in the text, its words, and the tactic ("" where the words tell none).

    `by` is RULE, or LIKENESS where the whole sentence is like ones of that strategy.
    """

    start: int
    end: int
    words: str
    tactic: str
    by: str = RULE


def accuracy() -> tuple[Accuracy, Accuracy]:
    """Precision and recall, as measured, of what finds strategies here."""
    return (PRECISION, RECALL) if strategy_head.installed() else (RULES_PRECISION, RULES_RECALL)


def version() -> str:
    """What finds strategies here: the rules alone, or with the head of `strategy_head`."""
    return " + ".join(part for part in (RULES_VERSION, strategy_head.version()) if part)


def spans(text: str, strategy: str, *, likeness: bool = True) -> list[Span]:
    """Every place of `text` that tells of `strategy`, in order, none inside another; KeyError for an unknown one.

    At most `masking.LIMIT` characters are read. Denials, suppositions and what others ask for are cut out first. A
    sentence is read by likeness where no rule of any strategy finds something in it, or something it admits, and where
    nothing was cut out of it: words that are known say more ("no one pays for it" is like a denial).
    """
    read = text[: masking.LIMIT]
    out, spared = _by_rule(read, strategy)
    likely = [one for one in strategy_head.read(read) if one.strategy == strategy] if likeness else []
    if not likely:
        return out
    known = [*spared, *_known(read)]
    out += [
        Span(one.start, one.end, _bare(read[one.start : one.end]), "", LIKENESS)
        for one in likely
        if not _touches(one.start, one.end, known)
    ]
    return sorted(out)


def _by_rule(read: str, strategy: str) -> tuple[list[Span], list[tuple[int, int]]]:
    """What rules find, in order, none inside another; and where something was cut out."""
    held: list[Span] = []
    spared: list[tuple[int, int]] = []
    for patterns, none, letter in _compiled(strategy):
        if not letter.search(read):
            continue
        spared += [match.span() for match in none.finditer(read)] if none else []
        cut = none.sub(lambda match: _CUT * len(match[0]), read) if none else read
        for tactic, pattern in patterns:
            held += [Span(m.start(), m.end(), _bare(m[0]), tactic) for m in pattern.finditer(cut)]
    if strategy in _ACTS:
        act, tactic, words = _ACTS[strategy]
        held += [
            Span(start, end, _bare(read[start:end]), tactic)
            for start, end in acts.spans(read, act)
            if words.match(read[start:end]) and not _touches(start, end, spared)
        ]
    out: list[Span] = []
    for span in sorted(held, key=lambda one: (one.start, -one.end)):
        if not out or span.start >= out[-1].end:
            out.append(span)
    return out, spared


@lru_cache(maxsize=64)
def _known(read: str) -> tuple[tuple[int, int], ...]:
    """Where a rule of any strategy finds something, or something is admitted."""
    found = [(span.start, span.end) for name in STRATEGIES for span in _by_rule(read, name)[0]]
    return (*found, *(match.span() for language, _ in _LANGUAGES for match in re.finditer(language.ADMITS, read, re.I)))


def told(text: str, *, likeness: bool = True) -> dict[str, list[Span]]:
    """Strategy → its spans, in the order of STRATEGIES; only those that are there."""
    return {name: found for name in STRATEGIES if (found := spans(text, name, likeness=likeness))}


def strategies(texts: Sequence[str], *, likeness: bool = True) -> pd.DataFrame:
    """bool DataFrame[STRATEGIES], a row per text. Without `likeness` by rules alone, which is much faster."""
    found = [told(text, likeness=likeness) for text in texts]
    return pd.DataFrame({name: [name in one for one in found] for name in STRATEGIES}, dtype=bool)


def _bare(words: str) -> str:
    return words.strip(" .,;:!?。！？；，")


def _touches(start: int, end: int, places: Sequence[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in places)


def admits(text: str) -> list[str]:
    """The words in which a statement admits that the organisation neglected something."""
    read = text[: masking.LIMIT]
    return [match[0] for language, _ in _LANGUAGES for match in re.finditer(language.ADMITS, read, re.I)]


def family(strategy: str) -> str:
    """The family of a strategy: base, deny, diminish, rebuild or bolster."""
    return _FAMILY[strategy]


@lru_cache
def _compiled(
    strategy: str,
) -> list[tuple[list[tuple[str, re.Pattern[str]]], re.Pattern[str] | None, re.Pattern[str]]]:
    """By language: the (tactic, pattern)s of a strategy, what is none of it, and a letter of the language."""
    if strategy not in _FAMILY:
        raise KeyError(strategy)
    return [
        (
            [(tactic, re.compile(pattern, re.I)) for name, tactic, pattern in language.SIGNS if name == strategy],
            re.compile(language.NONE[strategy], re.I) if strategy in language.NONE else None,
            letter,
        )
        for language, letter in _LANGUAGES
    ]
