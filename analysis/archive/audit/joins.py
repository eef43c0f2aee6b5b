"""What joins to what: whether answers can be found, timed, or proved missing in an archive."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from analysis.archive.audit.edges import mirrored, stray_tail
from analysis.archive.audit.flow import hours_since_epoch, stamp


@dataclass(frozen=True)
class Verdict:
    """An answer, the reason for it (a short key) and the numbers it rests on."""

    value: str | bool | float | None
    reason: str
    evidence: Mapping[str, float]


@dataclass(frozen=True)
class Joins:
    """Counts of posts and joins, the span of either side (ISO 8601, UTC), and the verdicts.

    threads: "recorded", "no_parent_ids" or "unjoinable". openers: "present", "absent" or "unknown". brand_side:
    "none", "whole", "sampled", "stops_early" or "starts_late"; customer_side the same but for "sampled". selected:
    "answered_only" where all openers held were answered, "no", or None where that cannot be told. replies_joined: the
    share of replies whose parent is held. whole_threads: of the openers that were answered, by their counts, the share
    of which all is held; None where no counts of replies are recorded. silence_provable: True or False.
    latency_name: "first_response_time", "turn_latency" or None.
    """

    counts: dict[str, int]
    spans: dict[str, dict[str, str | None]]
    threads: Verdict
    openers: Verdict
    brand_side: Verdict
    customer_side: Verdict
    selected: Verdict
    replies_joined: Verdict
    whole_threads: Verdict
    silence_provable: Verdict
    latency_name: Verdict

    def to_dict(self) -> dict:
        return asdict(self)


def audit(
    mentions: pd.DataFrame,
    from_brand: pd.Series,
    *,
    least_joined: float = 0.2,
    least_openers: float = 0.1,
    low: float = 0.25,
    least_low_days: float = 0.2,
    least_held: float = 0.9,
    all_answered: float = 0.98,
) -> Joins:
    """What `mentions` (id, published_at, parent_id, replies) can say of answers; `from_brand` marks the brand's posts.

    `least_joined`: share of the brand's parents that must be held for threads to be "recorded". `least_openers`: share
    of the customers' posts that must be openers. `low`: a day on which the brand's posts, and their ratio to the
    customers', are both under this share of their upper quartiles is a low one; `least_low_days` is the share of such
    days from which on a side that comes and goes is "sampled". `least_held`: share of the answered posts whose answer
    must be held for silence to be provable. `all_answered`: share of the openers from which on they
    are taken for selected because they were answered, by a collector who started from the answers.
    """
    brand = from_brand.fillna(False).astype(bool).to_numpy()
    counts = _counts(mentions, brand)
    spans = {"customers": _span(mentions.loc[~brand]), "brand": _span(mentions.loc[brand])}
    threads = _threads(counts, least_joined)
    openers = _openers(counts, threads, least_openers)
    side = _brand_side(mentions, brand, counts, low=low, least_low=least_low_days, least_held=least_held)
    selected = _selected(mentions, brand, counts, all_answered)
    silence = _silence(counts, threads, openers, side, selected, least_held)
    latency = _latency(counts, threads, openers, selected)
    return Joins(
        counts,
        spans,
        threads,
        openers,
        side,
        _customer_side(mentions, brand),
        selected,
        _joined(counts),
        _whole_threads(mentions, brand),
        silence,
        latency,
    )


def _parents(mentions: pd.DataFrame) -> np.ndarray:
    """The position of each post's parent; −1 where it has none or it is not held."""
    parent = mentions["parent_id"].astype("string")
    at = pd.Index(mentions["id"].astype("string")).get_indexer(pd.Index(parent.fillna("\0")))
    return np.where(parent.notna().to_numpy(), at, -1)


def _counts(mentions: pd.DataFrame, brand: np.ndarray) -> dict[str, int]:
    has_parent = mentions["parent_id"].notna().to_numpy()
    ids, at = mentions["id"], _parents(mentions)
    held = at >= 0
    replies = mentions["replies"].fillna(0).to_numpy(dtype="int64") if "replies" in mentions else np.zeros(len(ids))
    recorded = ~brand & (replies > 0)
    answered = np.zeros(len(ids), dtype=bool)
    answered[at[held]] = True
    times = mentions["published_at"].to_numpy()
    older = np.zeros(len(ids), dtype=bool)
    older[held] = times[held] < times[at[held]]
    return {
        "customer_posts": int((~brand).sum()),
        "brand_posts": int(brand.sum()),
        "brand_with_parent": int((brand & has_parent).sum()),
        "brand_parent_held": int((brand & held).sum()),
        "brand_answers_customer": int((brand & held & ~brand[np.where(held, at, 0)]).sum()),
        "customer_openers": int((~brand & ~has_parent).sum()),
        "customer_with_parent": int((~brand & has_parent).sum()),
        "customer_parent_held": int((~brand & held).sum()),
        "recorded_answered": int(recorded.sum()),
        "recorded_answer_held": int((recorded & answered).sum()),
        "orphans": int((has_parent & ~held).sum()),
        "cycles": _on_cycles(np.where(held, at, -1)),
        "older_than_parent": int(older.sum()),
    }


def _on_cycles(parent: np.ndarray) -> int:
    """Posts that are their own ancestor, given the position of each one's parent (−1 is none)."""
    left = np.bincount(parent[parent >= 0], minlength=len(parent))
    queue = list(np.flatnonzero(left == 0))
    removed = 0
    while queue:  # posts without children go first, then those whose children are gone: what stays is on a cycle
        post = queue.pop()
        removed += 1
        above = parent[post]
        if above >= 0:
            left[above] -= 1
            if left[above] == 0:
                queue.append(above)
    return len(parent) - removed


def _joined(counts: dict[str, int]) -> Verdict:
    replies = counts["brand_with_parent"] + counts["customer_with_parent"]
    held = counts["brand_parent_held"] + counts["customer_parent_held"]
    evidence = {"replies": replies, "parent_held": held}
    return Verdict(round(held / replies, 4), "held", evidence) if replies else Verdict(None, "no_parent_ids", evidence)


def _whole_threads(mentions: pd.DataFrame, brand: np.ndarray) -> Verdict:
    """Of the customers' openers that have answers by their count, those with every post below them held.

    A post's answers are held where as many posts as it counts name it as their parent.
    """
    if "replies" not in mentions or not mentions["replies"].notna().any():
        return Verdict(None, "replies_not_recorded", {"openers": 0})
    at = _parents(mentions)
    counted = mentions["replies"].fillna(0).to_numpy(dtype="int64")
    held = np.bincount(at[at >= 0], minlength=len(at))
    root = np.where(at >= 0, at, np.arange(len(at)))
    for _ in range(64):  # each step doubles how far up a post looks; what is on a cycle never arrives
        above = root[root]
        if (above == root).all():
            break
        root = above
    lacking = np.zeros(len(at), dtype=bool)
    np.logical_or.at(lacking, root, held < counted)
    opener = ~brand & mentions["parent_id"].isna().to_numpy() & mentions["replies"].notna().to_numpy() & (counted > 0)
    openers, whole = int(opener.sum()), int((opener & ~lacking).sum())
    evidence = {"openers": openers, "whole": whole}
    if not openers:
        return Verdict(None, "no_answered_openers", evidence)
    return Verdict(round(whole / openers, 4), "counted", evidence)


def _selected(mentions: pd.DataFrame, brand: np.ndarray, counts: dict[str, int], share: float) -> Verdict:
    """Whether only posts that were answered are held: whoever was left waiting could not be seen then."""
    opener = ~brand & mentions["parent_id"].isna().to_numpy()
    if "kind" in mentions:
        opener &= (mentions["kind"] != "repost").fillna(True).to_numpy(dtype=bool)
    at = _parents(mentions)
    answered = np.bincount(at[at >= 0], minlength=len(at)) > 0
    if "replies" in mentions:
        answered |= mentions["replies"].fillna(0).to_numpy(dtype="int64") > 0
    evidence = {"openers": int(opener.sum()), "answered": int((opener & answered).sum())}
    if evidence["openers"] < 50 or not counts["brand_posts"]:
        return Verdict(None, "too_few_openers" if counts["brand_posts"] else "no_brand_posts", evidence)
    if evidence["answered"] >= share * evidence["openers"]:
        return Verdict("answered_only", "all_answered", evidence)
    return Verdict("no", "some_unanswered", evidence)


def _span(side: pd.DataFrame) -> dict[str, str | None]:
    hours = hours_since_epoch(side["published_at"])
    if not len(hours):
        return dict.fromkeys(("first", "low", "high", "last", "effective_start", "effective_end"))
    start, end = stray_tail(hours), stray_tail(mirrored(hours))
    marks = {
        "first": hours[0],
        "low": np.quantile(hours, 0.05),
        "high": np.quantile(hours, 0.95),
        "last": hours[-1],
        "effective_start": start.inner if start else hours[0],
        "effective_end": -end.inner if end else hours[-1],
    }
    return {name: stamp(hour).isoformat() for name, hour in marks.items()}


def _threads(counts: dict[str, int], least: float) -> Verdict:
    of_brand = counts["brand_posts"] > 0
    posts = counts["brand_posts"] if of_brand else counts["customer_posts"]
    linked = counts["brand_with_parent"] if of_brand else counts["customer_with_parent"]
    held = counts["brand_parent_held"] if of_brand else counts["customer_parent_held"]
    evidence = {"posts": posts, "with_parent": linked, "parent_held": held}
    if linked < max(1.0, 0.01 * posts):
        return Verdict("no_parent_ids", "no_parent_ids", evidence)
    if held < least * linked:
        return Verdict("unjoinable", "parents_absent", evidence)
    return Verdict("recorded", "parents_held", evidence)


def _openers(counts: dict[str, int], threads: Verdict, least: float) -> Verdict:
    posts, openers = counts["customer_posts"], counts["customer_openers"]
    lost = counts["customer_with_parent"] - counts["customer_parent_held"]
    evidence = {"customer_posts": posts, "openers": openers, "later_turns_without_parent": lost}
    if threads.value == "no_parent_ids":
        return Verdict("unknown", "no_parent_ids", evidence)
    if openers < least * posts:
        return Verdict("absent", "later_turns_only", evidence)
    if lost > 0.5 * posts:
        return Verdict("absent", "parents_absent", evidence)
    return Verdict("present", "openers_held", evidence)


def _brand_side(
    mentions: pd.DataFrame,
    brand: np.ndarray,
    counts: dict[str, int],
    *,
    low: float,
    least_low: float,
    least_held: float,
) -> Verdict:
    if not counts["brand_posts"]:
        return Verdict("none", "no_brand_posts", {"brand_posts": 0})
    recorded, held = counts["recorded_answered"], counts["recorded_answer_held"]
    answers = {"recorded_answered": recorded, "recorded_answer_held": held}
    days = _active_days(mentions, brand)
    if len(days) >= 7:
        ratio = days["brand"] / days["customers"]
        edge = _edge_of(days, "brand")
        if edge:
            return edge
        weekday = days[pd.DatetimeIndex(days.index).day_of_week < 5]
        judged = weekday if len(weekday) >= 10 else days  # offices close at week-ends; that is no sampling
        usual, pace = judged["brand"].quantile(0.75), ratio[judged.index].quantile(0.75)
        is_low = ((judged["brand"] < low * usual) & (ratio[judged.index] < low * pace)).to_numpy()
        switches = int((is_low[1:] != is_low[:-1]).sum())
        evidence: dict[str, float] = {
            "days": len(judged),
            "low_days": int(is_low.sum()),
            "switches": switches,
            "brand_upper_quartile_per_day": float(usual),
            "least_brand_per_day": int(judged["brand"].min()),
            "most_brand_per_day": int(judged["brand"].max()),
        }
        if usual >= 8 and is_low.mean() >= least_low and switches >= 4:
            return Verdict("sampled", "comes_and_goes", {**evidence, **answers})
    # Where no post names its parent, no answer can be held, however whole the side is.
    if counts["brand_with_parent"] and recorded >= 30 and held < least_held * recorded:
        return Verdict("sampled", "recorded_answers_missing", answers)
    return Verdict("whole", "even", {"days": len(days)} | answers)


def _customer_side(mentions: pd.DataFrame, brand: np.ndarray) -> Verdict:
    posts = {"customer_posts": int((~brand).sum()), "brand_posts": int(brand.sum())}
    if not posts["customer_posts"]:
        return Verdict("none", "no_customer_posts", posts)
    days = _active_days(mentions, brand, of="brand")
    edge = _edge_of(days, "customers") if len(days) >= 7 else None
    return edge or Verdict("whole", "even", {"days": len(days)} | posts)


def _edge_of(days: pd.DataFrame, side: str) -> Verdict | None:
    """Whether `side` is silent on the first, or the last, of the days on which the other side was active."""
    full = days[side].quantile(0.75)
    spoken = np.flatnonzero((days[side] >= max(0.05 * full, 0.5)).to_numpy())
    late, early = (int(spoken[0]), int(len(days) - 1 - spoken[-1])) if len(spoken) else (len(days), 0)
    edge = max(2.0, 0.1 * len(days))
    evidence: dict[str, float] = {"days": len(days), "silent_days_at_start": late, "silent_days_at_end": early}
    if full >= 3 and late >= edge:
        return Verdict("starts_late", "silent_at_start", evidence)
    if full >= 3 and early >= edge:
        return Verdict("stops_early", "silent_at_end", evidence)
    return None


def _active_days(mentions: pd.DataFrame, brand: np.ndarray, of: str = "customers") -> pd.DataFrame:
    """Posts of either side on each UTC day on which one of them was about as active as usual."""
    day = mentions["published_at"].dt.floor("D")
    table = pd.DataFrame({"day": day, "brand": brand, "customers": ~brand}).dropna(subset=["day"])
    days = table.groupby("day")[["brand", "customers"]].sum()
    reached = days[of].cumsum() / max(days[of].sum(), 1)
    usual = days[of][(reached >= 0.01) & (reached.shift(fill_value=0.0) <= 0.99)].median()  # strays are not usual
    return days[days[of] >= max(0.25 * usual, 3)]


def _silence(
    counts: dict[str, int], threads: Verdict, openers: Verdict, side: Verdict, selected: Verdict, least_held: float
) -> Verdict:
    recorded, held = counts["recorded_answered"], counts["recorded_answer_held"]
    evidence = {"recorded_answered": recorded, "recorded_answer_held": held}
    if side.value != "whole":
        return Verdict(False, f"brand_side_{side.value}", side.evidence)
    if threads.value != "recorded":
        return Verdict(False, f"threads_{threads.value}", threads.evidence)
    if recorded and held < least_held * recorded:
        return Verdict(False, "recorded_answers_missing", evidence)
    if openers.value != "present":
        return Verdict(False, f"openers_{openers.value}", openers.evidence)
    if selected.value == "answered_only":
        return Verdict(False, "answered_only", selected.evidence)
    return Verdict(True, "both_sides_whole", evidence)


def _latency(counts: dict[str, int], threads: Verdict, openers: Verdict, selected: Verdict) -> Verdict:
    answers = counts["brand_answers_customer"]
    if not counts["brand_posts"]:
        return Verdict(None, "no_brand_posts", {"answers": answers})
    if threads.value != "recorded" or not answers:
        return Verdict(None, f"threads_{threads.value}", {**threads.evidence, "answers": answers})
    if selected.value == "answered_only":
        return Verdict("turn_latency", "answered_only", {**selected.evidence, "answers": answers})
    if openers.value == "present":
        return Verdict("first_response_time", "openers_held", {"answers": answers})
    return Verdict("turn_latency", f"openers_{openers.value}", {**openers.evidence, "answers": answers})
