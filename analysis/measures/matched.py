"""Whether those who were answered did better than those who were not: complaints matched at the moment of the answer.

Who was answered late must have stayed angry until then, and who was calm by then was never answered: compared as they
are, the answered look worse or better for the wait alone (immortal time). So each answered complaint is compared, at
its age when the answer came, with complaints of that age that had no answer yet (risk-set matching, after Li, Propert
& Rosenbaum 2001, doi 10.1198/016214501753208573), of the same platform and cause, made within hours of it, and as much
passed on by then. What is compared is what the archive shows of the next day. The E-value (after VanderWeele & Ding
2017, doi 10.7326/M16-2607) says how strong something unrecorded would have to be to explain the difference away.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures import sentiment
from analysis.measures.estimate import Estimate, refused

METHOD = "risk-set matching, bootstrap by author"
OUTCOMES = ("angry_again", "thanks", "others_join")
"""Within the hours after the moment: the author's next negative post, the author's thanks, a reply by somebody else."""
_THANKS = re.compile(
    r"(?<!no )(?<!without )\b(?:thanks|thank (?:you|u)|thx|cheers|much appreciated|appreciate (?:it|that|your?))\b"
    r"(?! for nothing)(?! to (?:you|this) i)"
    r"|(?<!不)(?:谢谢|感谢|多谢|谢啦|感激|3q)(?!.{0,2}(?:什么都没|个鬼))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Rule:
    """`hours` after the moment that are looked at; `apart`: hours between the arrivals of a pair, at most; `controls`
    a complaint is compared with, at most; `least` pairs; `events`: complaints on either side that
    an outcome must have followed; `draws` of the bootstrap."""

    hours: float = 24.0
    apart: float = 6.0
    controls: int = 3
    least: int = 20
    events: int = 10
    draws: int = 1000


@dataclass(frozen=True)
class Matched:
    """`differences`: outcome → risk difference (unit "points", answered less not yet answered); `risks`: outcome →
    (answered, not yet answered); `ratios`: outcome → risk ratio; `e_values`: outcome → (of the ratio, of the limit
    nearest to 1).

    `pairs`: answered, control (ids), weight. `balance`: covariate, before, after (standardised mean differences: of all
    answered against all others, and of the pairs). `answered` complaints there were, `used` of them had a match.
    """

    differences: dict[str, Estimate]
    risks: dict[str, tuple[float, float]]
    ratios: dict[str, Estimate]
    e_values: dict[str, tuple[float, float] | None]
    pairs: pd.DataFrame
    balance: pd.DataFrame
    answered: int
    used: int
    reason: str | None = None


def thanks(texts: pd.Series) -> pd.Series:
    """Whether each text holds a word of thanks, English or Chinese; "thanks for nothing" is none."""
    return texts.fillna("").astype(str).map(lambda text: bool(_THANKS.search(text)))


def matched(
    complaints: pd.DataFrame,
    mentions: pd.DataFrame,
    joins: Mapping,
    seen: Sequence[tuple[pd.Timestamp, pd.Timestamp]],
    *,
    exact: Sequence[str] = ("platform", "cause", "reproach"),
    rule: Rule | None = None,
) -> Matched:
    """The difference that an answer goes with, from `complaints`: rows of `mentions` with asked and answered (UTC, null
    where none), as `response.pairs` has them.

    `mentions` are all of them: id, parent_id, author, published_at, kind, text, from_brand, p_…. `joins` holds the
    joinability audit; `seen` are spans (UTC, half-open) of hours wholly seen: pairs whose hours after are not inside
    one are left out. `exact` columns must agree where both record them. Refused where answers are not joined, silence
    is not provable, authors are not recorded, or fewer than `rule.least` complaints have a match.
    """
    rule = rule or Rule()
    answered = int(complaints["answered"].notna().sum())
    why = _cannot(joins) or ("not_recorded" if complaints["author"].isna().all() else None)
    if why:
        return _refusal(why, answered, 0)
    rows = complaints[complaints["author"].notna()].sort_values(["asked", "id"]).reset_index(drop=True)
    taken_up = _taken_up(rows, mentions)
    pairs = _pairs(rows, taken_up, seen, [name for name in exact if name in rows], rule)
    used = int(pairs["answered"].nunique())
    if used < rule.least:
        return _refusal("too_few", answered, used)
    outcomes = _outcomes(rows, pairs, taken_up, mentions, rule)
    found = {name: _compared(rows, pairs, *outcomes[name], rule) for name in OUTCOMES}
    told = pairs.assign(
        answered=rows["id"].to_numpy()[pairs["answered"]], control=rows["id"].to_numpy()[pairs["control"]]
    )
    return Matched(
        {name: one[0] for name, one in found.items()},
        {name: one[1] for name, one in found.items()},
        {name: one[2] for name, one in found.items()},
        {name: e_value(one[2]) for name, one in found.items()},
        told[["answered", "control", "weight"]],
        _balance(rows, pairs),
        answered,
        used,
    )


def e_value(ratio: Estimate) -> tuple[float, float] | None:
    """How strongly, as a risk ratio with both, something unrecorded must go with answer and outcome to explain
    `ratio` away, and the limit nearest to 1; None where there is no ratio."""
    if ratio.value is None or not float(ratio.value) > 0:
        return None
    value, low, high = (float(part or 0) for part in (ratio.value, ratio.low, ratio.high))
    limit = 1.0 if low <= 1 <= high else low if value > 1 else high

    def needed(size: float) -> float:
        size = 1 / size if 0 < size < 1 else size
        return float(size + np.sqrt(max(size * (size - 1), 0.0))) if size > 0 else float("inf")

    return needed(value), needed(limit)


def _cannot(joins: Mapping) -> str | None:
    """Why the answered cannot be told from the unanswered."""
    if joins["brand_side"] == "none":
        return "no_brand_posts"
    if joins["threads"] != "recorded":
        return "no_threads"
    if joins.get("selected") == "answered_only":
        return "answered_only"
    if not joins["silence_provable"]:
        return "openers_absent" if joins["openers"] == "absent" else "silence_not_provable"
    return None


def _taken_up(rows: pd.DataFrame, mentions: pd.DataFrame) -> list[np.ndarray]:
    """For each complaint, when others than its author and the organisation answered it or passed it on, in order."""
    about = mentions[~mentions["from_brand"] & mentions["parent_id"].isin(rows["id"])]
    own = dict(zip(rows["id"], rows["author"], strict=True))
    about = about[(about["author"] != about["parent_id"].map(own)).fillna(True)]
    grouped = {key: np.sort(_micros(part["published_at"])) for key, part in about.groupby("parent_id")}
    return [grouped.get(key, np.empty(0, dtype="int64")) for key in rows["id"]]


def _pairs(
    rows: pd.DataFrame,
    taken_up: list[np.ndarray],
    seen: Sequence[tuple[pd.Timestamp, pd.Timestamp]],
    exact: list[str],
    rule: Rule,
) -> pd.DataFrame:
    """Row numbers of each answered complaint and its controls, the moment of either (microseconds), and weights."""
    hour = 3_600_000_000
    asked, answered = _micros(rows["asked"]), _micros(rows["answered"])
    got = rows["answered"].notna().to_numpy()
    wait = np.where(got, answered - asked, np.iinfo("int64").max)
    codes = np.column_stack([pd.factorize(rows[name])[0] for name in exact]) if exact else np.zeros((len(rows), 0))
    author = pd.factorize(rows["author"])[0]
    reach = _reach(rows)
    spans = np.array([[start.value // 1000, end.value // 1000] for start, end in seen], dtype="int64").reshape(-1, 2)

    def watched(moment: np.ndarray) -> np.ndarray:
        ends = moment + int(rule.hours * hour)
        inside = (moment[:, None] >= spans[None, :, 0]) & (ends[:, None] <= spans[None, :, 1])
        return np.asarray(inside.any(axis=1))

    records = []
    for at in np.flatnonzero(got):
        age = wait[at]
        low, high = np.searchsorted(asked, [asked[at] - rule.apart * hour, asked[at] + rule.apart * hour])
        near = np.arange(low, high)
        # −1 is "not recorded" and matches its like only.
        near = near[(wait[near] > age) & (author[near] != author[at]) & (codes[near] == codes[at]).all(axis=1)]
        near = near[watched(asked[near] + age)]
        passed = _times(taken_up[at], asked[at] + age)
        near = near[[_times(taken_up[other], asked[other] + age) == passed for other in near]]
        if not len(near) or not watched(asked[at : at + 1] + age)[0]:
            continue
        distance = np.abs(asked[near] - asked[at]) / hour / rule.apart + np.abs(reach[near] - reach[at])
        chosen = near[np.lexsort((near, distance))[: rule.controls]]
        records += [(at, other, asked[at] + age, asked[other] + age, 1 / len(chosen)) for other in chosen]
    names = ["answered", "control", "moment", "control_moment", "weight"]
    types = dict.fromkeys(names[:4], "int64") | {"weight": "float64"}
    return pd.DataFrame(records, columns=names).astype(types)


def _times(times: np.ndarray, moment: int) -> int:
    """How often others had taken a complaint up by then: 0, 1, or 2 for more."""
    return min(int(np.searchsorted(times, moment, "right")), 2) if len(times) else 0


def _reach(rows: pd.DataFrame) -> np.ndarray:
    """The decile of the author's followers, 0 to 0.9; the middle where not recorded."""
    known = rows["author_followers"].astype("Float64") if "author_followers" in rows else pd.Series(np.nan, rows.index)
    ranked = known.rank(pct=True).to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isnan(ranked), 0.5, np.floor(np.minimum(ranked, 0.999) * 10) / 10)


def _outcomes(
    rows: pd.DataFrame, pairs: pd.DataFrame, taken_up: list[np.ndarray], mentions: pd.DataFrame, rule: Rule
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Outcome → (of the answered, of the controls), 0 or 1, one per pair."""
    own = mentions[~mentions["from_brand"] & (mentions["kind"] != "repost") & mentions["author"].isin(rows["author"])]
    angry = own[(sentiment.labels(own) == "negative").fillna(False).to_numpy(dtype=bool)]
    glad = own[thanks(own["text"]).to_numpy()]
    posts = {
        name: {key: np.sort(_micros(part["published_at"])) for key, part in table.groupby("author")}
        for name, table in {"angry_again": angry, "thanks": glad}.items()
    }
    none, authors = np.empty(0, dtype="int64"), rows["author"].tolist()
    ahead = int(rule.hours * 3_600_000_000)
    out = {}
    for name in OUTCOMES:
        sides = []
        for side, moment in (("answered", "moment"), ("control", "control_moment")):
            hits = []
            for row, when in zip(pairs[side], pairs[moment], strict=True):
                times = posts[name].get(authors[row], none) if name in posts else taken_up[row]
                first, last = np.searchsorted(times, [when, when + ahead], "right")
                hits.append(last > first)
            sides.append(np.array(hits, dtype=float))
        out[name] = (sides[0], sides[1])
    return out


def _compared(
    rows: pd.DataFrame, pairs: pd.DataFrame, treated: np.ndarray, control: np.ndarray, rule: Rule
) -> tuple[Estimate, tuple[float, float], Estimate]:
    """Risk difference, both risks, and risk ratio; authors are drawn, on either side, with exponential weights."""
    author = pd.factorize(rows["author"])[0]
    left, right = author[pairs["answered"]], author[pairs["control"]]
    weight = pairs["weight"].to_numpy()
    n = int(pairs["answered"].nunique())
    risk = [float(np.average(side, weights=weight)) for side in (treated, control)]
    rng = np.random.default_rng(0)
    drawn = rng.exponential(size=(rule.draws, int(author.max()) + 1))
    both = drawn[:, left] * weight
    shares = (both @ treated) / both.sum(axis=1)
    other = both * drawn[:, right]
    against = (other @ control) / other.sum(axis=1)
    low, high = np.quantile(shares - against, [0.025, 0.975])
    happened = len(np.unique(pairs["answered"][treated > 0])) + len(np.unique(pairs["control"][control > 0]))
    if happened < rule.events:
        return refused("points", "too_few", METHOD, n), (risk[0], risk[1]), refused("ratio", "too_few", METHOD, n)
    gap = Estimate(risk[0] - risk[1], "points", n, METHOD, float(low), float(high))
    if not (risk[0] > 0 and risk[1] > 0):
        return gap, (risk[0], risk[1]), refused("ratio", "too_few", METHOD, n)
    bounds = np.quantile((shares + 0.5 / n) / (against + 0.5 / n), [0.025, 0.975])
    return gap, (risk[0], risk[1]), Estimate(risk[0] / risk[1], "ratio", n, METHOD, float(bounds[0]), float(bounds[1]))


def _balance(rows: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Standardised mean differences of what was recorded before the moment, answered less others."""
    hours = rows["asked"].dt.hour + rows["asked"].dt.minute / 60
    first = rows["asked"].min()
    values = {
        "hour_of_day": hours,
        "since_start": (rows["asked"] - first) / pd.Timedelta(hours=1),
        "followers": np.log1p(rows["author_followers"].astype("Float64")) if "author_followers" in rows else None,
        "p_negative": rows["p_negative"],
        "complaint": rows.get("complaint"),
        "reproach": rows.get("reproach"),
        "arousal": rows.get("arousal"),
        "length": rows["text"].str.len(),
    }
    got = rows["answered"].notna().to_numpy()
    table = []
    for name, column in values.items():
        if column is None:
            continue
        known = pd.Series(column).to_numpy(dtype=float, na_value=np.nan)
        if np.isnan(known[got]).all() or np.isnan(known[~got]).all():
            continue
        spread = np.sqrt((np.nanvar(known[got]) + np.nanvar(known[~got])) / 2)
        if not spread > 0:
            continue
        before = (np.nanmean(known[got]) - np.nanmean(known[~got])) / spread
        gap = (known[pairs["answered"]] - known[pairs["control"]]) * pairs["weight"].to_numpy()
        both = ~np.isnan(gap)
        after = gap[both].sum() / pairs["weight"].to_numpy()[both].sum() / spread if both.any() else np.nan
        table.append({"covariate": name, "before": float(before), "after": float(after)})
    return pd.DataFrame(table, columns=["covariate", "before", "after"])


def _micros(times: pd.Series) -> np.ndarray:
    return times.dt.as_unit("us").to_numpy(dtype="datetime64[us]").astype("int64")


def _refusal(reason: str, answered: int, used: int) -> Matched:
    none = {name: refused("points", reason, METHOD, used) for name in OUTCOMES}
    ratio = {name: refused("ratio", reason, METHOD, used) for name in OUTCOMES}
    empty = pd.DataFrame(columns=["answered", "control", "weight"])
    balance = pd.DataFrame(columns=["covariate", "before", "after"])
    return Matched(none, {}, ratio, dict.fromkeys(OUTCOMES), empty, balance, answered, used, reason)
