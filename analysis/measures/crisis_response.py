"""Whether what was said fitted the crisis (definitions C3): situational crisis communication theory, after Coombs 2007.

A crisis is a threat by how far the organisation is blamed for it; the greater the threat, the more accommodating the
answer should be. Every function takes what others found: families of strategies by name, times in UTC.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.measures.estimate import Estimate, refused

CLUSTERS: Mapping[str, int] = {"victim": 0, "accidental": 1, "preventable": 2}
"""Cluster of crises → threat to the reputation, before what makes it worse."""
WORST = 2
ACCOMMODATING = ("deny", "diminish", "rebuild")
"""Families that answer blame, the least accommodating first; the rest inform, or only go along with them."""
BAD_NAME = -0.5
"""Net sentiment before, surely under which the organisation had a bad name: three negative mentions or more for each
positive. People write to companies when something is wrong, so that less than this is ordinary. A proposal."""
TYPES: Mapping[str, str] = {
    "preventable": r"misconduct|negligen|human error|fraud|misdeed|violation|discriminat|corrupt"
    r"|人为|违规|欺诈|渎职|歧视|失职",
    "victim": r"rumou?r|hoax|tamper|sabotage|cyber|hack|natural disaster|earthquake|谣言|黑客|自然灾害|破坏",
    "accidental": r"technical|outage|malfunction|failure|defect|product|recall|故障|技术|产品|质量",
}
"""Cluster → what `crisis_type`, in the words of people, says of it; the first that fits."""
RUMOUR = r"rumou?r|hoax|misinformation|unfounded|谣言|不实"
SIGNS: Mapping[str, str] = {
    "admitted": "preventable",
    "misconduct": "preventable",
    "discrimination": "preventable",
    "violence": "preventable",
    "type_preventable": "preventable",
    "type_victim": "victim",
    "type_accidental": "accidental",
    "safety": "accidental",
    "victimage": "victim",
}
"""Sign → the cluster it suggests: neglect that a statement admits, what people raised, what kind of crisis it was said
to be, and who claims to be a victim."""
VIOLENCE = r"assault|attack|beat|punch|chok|dragg|violen|brutal|manhandl|殴打|打人|被打|打伤|暴力|强行拖|拖下"
"""Harm that somebody did: an injury is no accident where most who speak of it say so (a misdeed with injuries is
preventable, Coombs 2007)."""
METHOD = "strategies by rules, each shown with its words"
THUNDER_METHOD = "first public word against the first complaint of the issue"
AWARE = pd.Timedelta(days=7)
"""How long before the first public word nobody may have complained of the issue for it to have been disclosed first."""


@dataclass(frozen=True)
class Threat:
    """How great the threat is: `level` 0 to 2; `base` that of the cluster; what made it worse."""

    level: int
    base: int
    history: bool
    bad_name: bool | None


def threat(cluster: str, history: bool, bad_name: bool | None) -> Threat:
    """+1 for a like crisis before, +1 for a bad name before; at most 2. `bad_name` None (not known) adds nothing."""
    base = CLUSTERS[cluster]
    return Threat(min(WORST, base + int(history) + int(bool(bad_name))), base, history, bad_name)


def signs_of_type(crisis_type: str | None) -> list[str]:
    """The sign in what people said the crisis was; none where they said nothing, or nothing that fits."""
    said = crisis_type or ""
    return [f"type_{cluster}" for cluster, pattern in TYPES.items() if re.search(pattern, said, re.I)][:1]


def rumour(crisis_type: str | None) -> bool:
    """Whether people said that it was a rumour or an unfounded accusation."""
    return bool(re.search(RUMOUR, crisis_type or "", re.I))


def suggest(signs: Iterable[str]) -> tuple[str | None, tuple[str, ...]]:
    """The cluster that `signs` (of SIGNS) suggest, with the signs that do; (None, ()) without any.

    Signs of what could have been prevented weigh most, since people blame for that most; then what people said it was;
    an organisation's own claim to be a victim least. A suggestion: somebody has to confirm it.
    """
    found = [sign for sign in SIGNS if sign in set(signs)]
    if not found:
        return None, ()
    cluster = SIGNS[found[0]]
    return cluster, tuple(sign for sign in found if SIGNS[sign] == cluster)


def harm(texts: Sequence[str]) -> str:
    """The sign in texts that speak of harm: "violence" where most tell of what somebody did, else "safety"."""
    done = sum(bool(re.search(VIOLENCE, text, re.I)) for text in texts)
    return "violence" if 2 * done > len(texts) else "safety"


def like(earlier: pd.DataFrame, crisis_type: str | None, causes: Iterable[str]) -> pd.DataFrame:
    """The rows of `earlier` (crisis_type, causes) that are like this crisis: history, after the theory.

    Alike are incidents of the same `crisis_type`, in whatever case, or with a cause of the same name.
    """
    said, names = (crisis_type or "").strip().casefold(), {name.casefold() for name in causes}
    same = [
        bool(said and str(row["crisis_type"] or "").strip().casefold() == said)
        or bool(names & {str(name).casefold() for name in row["causes"]})
        for row in earlier.to_dict("records")
    ]
    return earlier[pd.Series(same, index=earlier.index, dtype=bool)]


def bad_name(net: Estimate) -> bool | None:
    """Whether net sentiment before was surely under BAD_NAME; None where it is not known."""
    return None if net.value is None or net.high is None else float(net.high) < BAD_NAME


def recommended(level: int, rumour: bool = False) -> tuple[str, ...]:
    """The families that a threat of `level` calls for: ("base",), ("diminish",) or ("rebuild",).

    What to do and what is being done come first whatever the level. To deny is an answer to a rumour or an unfounded
    accusation alone.
    """
    if rumour and level == 0:
        return ("base", "deny")
    return (("base",), ("diminish",), ("rebuild",))[level]


def dominant(families: Sequence[Iterable[str]]) -> str | None:
    """The family that most statements hold, of those that answer blame; of equal ones that which was held last, and
    of those in one statement the least accommodating.

    "base" where none does that and one informs; None where there is no statement with a strategy.
    """
    held = [set(one) for one in families]
    counts = {name: sum(name in one for one in held) for name in ACCOMMODATING}
    if not any(counts.values()):
        return "base" if any("base" in one for one in held) else None
    last = {name: max((i for i, one in enumerate(held) if name in one), default=-1) for name in ACCOMMODATING}
    return max(ACCOMMODATING, key=lambda name: (counts[name], last[name], -ACCOMMODATING.index(name)))


def score(family: str | None, level: int, rumour: bool = False) -> float | None:
    """1 where `family` is what the threat calls for, 0.5 where it is more accommodating, 0 where it is less.

    To deny outside a rumour is 0. None where nothing was said.
    """
    if family is None:
        return None
    if family in recommended(level, rumour):
        return 1.0
    if family == "deny":
        return 0.0
    rank = {"base": 0, "diminish": 1, "rebuild": 2}[family]
    return 0.5 if rank > level else 0.0


def consistency(families: Sequence[Iterable[str]]) -> str:
    """Whether statements in order of time held together: "one_line", "turn", "mixed", or "none" without any.

    "turn": it was denied first, and rebuilt later without denying again: the classic turn. "mixed": to deny stands
    beside diminishing or rebuilding in any other way. To mix them wears down both (a guideline of the theory).
    """
    held = [set(one) & set(ACCOMMODATING) for one in families]
    denied = [i for i, one in enumerate(held) if "deny" in one]
    rebuilt = [i for i, one in enumerate(held) if "rebuild" in one]
    if not any(held):
        return "none"
    if not denied or not any(one - {"deny"} for one in held):
        return "one_line"
    return "turn" if rebuilt and max(denied) < min(rebuilt) else "mixed"


def together(rows: pd.DataFrame, within: pd.Timedelta) -> pd.DataFrame:
    """Statements made `within` a time of the first of them, as one: several channels and languages say the same.

    `rows`: when (UTC), source ("post" or "log"), id (null for the log), text, found ({strategy: [words]}). Returns
    DataFrame[when, sources, ids, texts, found], in order of time; `found` holds the words of all.
    """
    out: list[dict] = []
    for row in rows.sort_values(["when", "source", "id"], na_position="last").to_dict("records"):
        if not out or row["when"] - out[-1]["when"] > within:
            out.append({"when": row["when"], "sources": [], "ids": [], "texts": [], "found": {}})
        last = out[-1]
        last["sources"] = sorted({*last["sources"], row["source"]})
        last["ids"] += [row["id"]] if isinstance(row["id"], str) else []
        last["texts"].append(row["text"])
        for name, words in row["found"].items():
            last["found"].setdefault(name, []).extend(words)
    return pd.DataFrame(out, columns=["when", "sources", "ids", "texts", "found"])


@dataclass(frozen=True)
class Thunder:
    """Who spoke of the issue first. `verdict`: "stolen" (the organisation, and nobody had complained of it), "not"
    (others), "was_there" (the organisation, but complaints of it are old), "announced" (the organisation, of something
    else than trouble), or "refused". `lead`: hours from the first complaint to the first public word (negative where
    the organisation was first)."""

    verdict: str
    lead: Estimate
    spoke: pd.Timestamp | None = None
    heard: pd.Timestamp | None = None


def thunder(
    spoke: pd.Timestamp | None,
    of_trouble: bool,
    complaints: pd.DataFrame,
    begun: pd.Timestamp,
    hours: pd.DataFrame,
) -> Thunder:
    """Whether the organisation disclosed the issue before others spoke of it (stealing thunder; definitions C3).

    `spoke`: its first public word; `of_trouble`: whether that was of trouble; `complaints` (id, published_at): of the
    issue, from anybody else, from the start of what is at hand; `begun`: where the incident began; `hours`: coverage
    (hour, state). That others were first is sure whatever was not collected. That nobody was is not: refused as
    "not_seen" where an hour of the week before was not wholly seen, and as "too_few" without any complaint.
    """
    if spoke is None:
        return Thunder("refused", refused("hours", "no_actions", THUNDER_METHOD))
    inside = complaints.loc[complaints["published_at"] >= begun, "published_at"]
    if inside.empty:
        return Thunder("refused", refused("hours", "too_few", THUNDER_METHOD, len(complaints)), spoke)
    heard = inside.min()
    lead = (spoke - heard) / pd.Timedelta(hours=1)
    told = Estimate(lead, "hours", len(complaints), THUNDER_METHOD, lead, lead)
    if heard < spoke:
        return Thunder("not", told, spoke, heard)
    if not of_trouble:
        return Thunder("announced", told, spoke, heard)
    since = spoke - AWARE
    earlier = complaints[(complaints["published_at"] >= since) & (complaints["published_at"] < spoke)]
    if len(earlier):
        return Thunder("was_there", told, spoke, earlier["published_at"].min())
    wanted = pd.date_range(since.floor("h"), spoke.floor("h"), freq="h")
    if not wanted.isin(hours.loc[hours["state"] == "seen", "hour"]).all():
        return Thunder("refused", refused("hours", "not_seen", THUNDER_METHOD, len(complaints)), spoke, heard)
    return Thunder("stolen", told, spoke, heard)
