"""The coverage audit: which hours of which brand an archive really saw, and what shows it.

An archive is what a collector kept, not what was said. The audit looks for caps, row limits, gaps, strays and cut
edges (`caps`, `edges`, `silence`), claims each with its evidence, and gives every brand and hour one state.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.archive.audit.caps import caps, file_quota
from analysis.archive.audit.edges import (
    Missing,
    cut_start,
    in_full_flow,
    is_row_limit,
    mirrored,
    missing_start,
    shape_of,
    stray_tail,
    thin_start,
)
from analysis.archive.audit.flow import HOUR, Flow, flow, stamp
from analysis.archive.audit.ledger import Ledger, claim_cap, claim_missing, claim_silence
from analysis.archive.audit.silence import silences

STATES = ("seen", "partial", "unseen")
WHOLE = ""
"""The brand of the archive as a whole."""


@dataclass(frozen=True)
class Coverage:
    """`hours`: brand, hour, mentions, state, reason. `claims`: kind, brand, start, end, values. `summary`: a dict.

    `hours` has one row per brand (and WHOLE) and UTC hour of the archive's effective span; what lies outside it is
    unseen. A claim that holds for the whole archive is not repeated for its brands, but marks their hours.
    """

    hours: pd.DataFrame
    claims: pd.DataFrame
    summary: dict


def audit(
    mentions: pd.DataFrame,
    *,
    thin: float = 0.1,
    alpha: float = 0.01,
    cap_alpha: float = 1e-6,
    stray_share: float = 0.05,
    shortest_edge: float = 12,
) -> Coverage:
    """What `mentions` (id, published_at, brand, source; source_row where known) show of how they were collected.

    `thin`: the share of the expected posts under which a stretch is silent. `alpha`: the chance of one false silence
    per brand. `cap_alpha`: the chance at which equal totals alone are a cap. `stray_share`: the largest share of the
    posts that may be strays before or after the collection. `shortest_edge`: hours by which a brand must start later,
    or end earlier, than the archive.
    """
    dated = mentions[mentions["published_at"].notna()].sort_values(["published_at", "id"], kind="stable")
    if dated.empty:
        return _nothing()
    hours = dated["published_at"].astype("datetime64[us, UTC]").astype("int64").to_numpy() / HOUR
    resolution = _resolution(hours)
    if resolution == "day":
        hours = _spread_over_days(hours)
    start, end = stray_tail(hours, largest_share=stray_share), stray_tail(mirrored(hours), largest_share=stray_share)
    first = start.inner if start else float(hours[0])
    last = -end.inner if end else float(hours[-1])
    span = (int(np.floor(first)), int(np.floor(last)) + 1)
    whole = Ledger(WHOLE, *span, [])
    for tail, edge in ((start, "start"), (end, "end")):
        if tail:
            ends = (tail.outer, tail.inner) if edge == "start" else (-tail.inner, -tail.outer)
            ordinary = round(tail.per_day, 1)
            whole.claim("stray_tail", *ends, edge=edge, strays=tail.strays, ordinary_per_day=ordinary)
    settings = {"thin": thin, "alpha": alpha, "cap_alpha": cap_alpha}
    inside = (hours >= span[0]) & (hours < span[1])
    counts = {WHOLE: _one(whole, hours[inside], **settings)}
    _cut_edges(whole, flow(hours[inside], first, last), resolution)
    _rows(whole, dated, hours)
    ledgers = {WHOLE: whole}
    labels = dated["brand"].fillna(WHOLE).astype(str).to_numpy()
    for brand in sorted(set(labels) - {WHOLE}):
        mine = inside & (labels == brand)
        ledger = Ledger(brand, *span, whole.claims)
        if (labels == brand).all():
            counts[brand] = counts[WHOLE]
        elif mine.any():
            counts[brand] = _brand(
                ledger, hours[mine], first, last, stray_share=stray_share, shortest=shortest_edge, settings=settings
            )
        else:
            counts[brand] = np.zeros(span[1] - span[0], dtype="int64")
            ledger.paint(span[0], span[1], "stray_tail")
        worse = whole.state > ledger.state
        ledger.state[worse], ledger.reason[worse] = whole.state[worse], whole.reason[worse]
        ledgers[brand] = ledger
    table = _hours_table(ledgers, counts)
    return Coverage(table, _claims_table(ledgers), _summary(table, dated, first, last, resolution))


def seen_between(hours: pd.DataFrame, brand: str, start: pd.Timestamp, end: pd.Timestamp) -> dict[str, float]:
    """Hours of [start, end) that were seen, partly seen and unseen, and the share that was seen.

    The whole archive's hours where `brand` has none of its own; what lies outside the table is unseen.
    """
    mine = _of(hours, brand)
    mine = mine[(mine["hour"] > start - pd.Timedelta(hours=1)) & (mine["hour"] < end)]
    begins = mine["hour"].where(mine["hour"] > start, start)
    ends = mine["hour"] + pd.Timedelta(hours=1)
    length = (ends.where(ends < end, end) - begins).dt.total_seconds() / 3600
    total = (end - start).total_seconds() / 3600
    seen, partial = (float(length[mine["state"] == state].sum()) for state in ("seen", "partial"))
    return {
        "seen_hours": seen,
        "partial_hours": partial,
        "unseen_hours": max(total - seen - partial, 0.0),
        "share_seen": seen / total if total > 0 else 0.0,
    }


def stretches(hours: pd.DataFrame, brand: str) -> pd.DataFrame:
    """Consecutive hours of one state and reason as one row: start, end (exclusive), state, reason; UTC."""
    mine = _of(hours, brand).sort_values("hour")
    key = mine["state"].astype(str) + "|" + mine["reason"].fillna("").astype(str)
    group = (key != key.shift()).cumsum()
    merged = mine.groupby(group).agg(
        start=("hour", "first"), end=("hour", "last"), state=("state", "first"), reason=("reason", "first")
    )
    merged["end"] += pd.Timedelta(hours=1)
    return merged.reset_index(drop=True)


def _of(hours: pd.DataFrame, brand: str) -> pd.DataFrame:
    mine = hours[hours["brand"] == brand]
    return hours[hours["brand"] == WHOLE] if mine.empty else mine


def _brand(
    ledger: Ledger,
    times: np.ndarray,
    first: float,
    last: float,
    *,
    stray_share: float,
    shortest: float,
    settings: dict,
) -> np.ndarray:
    """One brand's late start and early end within the archive's [first, last], then what lies between."""
    bounds = []
    for mine, edge, kind in ((times, first, "late_start"), (mirrored(times), -last, "early_end")):
        tail = stray_tail(mine, largest_share=stray_share)
        inner = tail.inner if tail else float(mine[0])
        rest = mine[mine >= inner]
        series = flow(rest, inner, float(rest[-1]))
        lack = missing_start(series, edge, shape_of(series), shortest=shortest)
        if lack:
            strays = tail.strays if tail else 0
            claim_missing(ledger, kind, Missing(lack.start, lack.end, strays, lack.expected), posts=len(times))
        bounds.append(inner if lack else float(mine[0]))
    start, end = bounds[0], -bounds[1]
    inside = times[(times >= start) & (times <= end)]
    _one(ledger, inside, **settings)
    return flow(times, ledger.first, ledger.first + len(ledger.state) - 0.5).counts


def _one(ledger: Ledger, times: np.ndarray, *, thin: float, alpha: float, cap_alpha: float) -> np.ndarray:
    """Caps, silences and thin openings of one flow; returns its posts per hour of the ledger's span."""
    series = flow(times, float(times[0]), float(times[-1]))
    covered = np.ones(len(series.counts), dtype=bool)
    cut: list[tuple[float, float]] = []
    found = caps(series, alpha=cap_alpha)
    for cap in found:
        cut += claim_cap(ledger, cap, series, covered)
    # A quota of a week or a month does not tell which hours it cost: a silence within it stands by itself.
    telling = [cap for cap in found if cap.period in ("hour", "day") or cap.kept != "spread"]
    capped = [part[:2] for cap in telling for part in cap.stretches]
    for silence in silences(series, covered, thin=thin, alpha=alpha):
        middle = (silence.start + silence.end) / 2
        if not any(start <= middle < end for start, end in capped):  # there the cap explains what is missing
            claim_silence(ledger, silence, cut)
    if covered.all():
        for mirror, kind in ((times, "late_start"), (mirrored(times), "early_end")):
            one = flow(mirror, float(mirror[0]), float(mirror[-1]))
            lack = thin_start(one, shape_of(one))
            if lack:
                claim_missing(ledger, kind, lack, posts=len(times))
    return flow(times, ledger.first, ledger.first + len(ledger.state) - 0.5).counts


def _cut_edges(whole: Ledger, series: Flow, resolution: str) -> None:
    """The first and the last hour, and day, as partial where posts are missing from them."""
    if resolution == "day":
        return
    for edge, one in (("start", series), ("end", flow(mirrored(series.times), -series.times[-1], -series.times[0]))):
        cut = cut_start(one)
        at = abs(float(one.times[0]))
        day = np.floor(at / 24) * 24
        part = at - np.floor(at) if edge == "start" else np.ceil(at) - at
        hour_cut = bool(cut.in_hour > 0 and part > 0.05)
        if hour_cut:
            hour = np.floor(at)
            whole.paint(hour, hour + 1, "partial_edge", 1)
        if cut.in_day > 0 or hour_cut:
            start, end = (day, at) if edge == "start" else (at, day + 24)
            whole.claim(
                "partial_edge",
                start,
                end,
                edge=edge,
                day=str(stamp(day).date()),
                hours=round(end - start, 2),
                expected=round(max(cut.in_day, cut.in_hour), 1),
                hour_cut=hour_cut,
            )


def _rows(whole: Ledger, dated: pd.DataFrame, hours: np.ndarray) -> None:
    """Files that stop at the same total, and files that stop at a round one in full flow."""
    files = pd.DataFrame({"source": dated["source"].astype(str).to_numpy(), "hour": hours})
    files["row"] = dated["source_row"].to_numpy() if "source_row" in dated else pd.NA
    by = files.groupby("source", sort=True)
    table = by["hour"].agg(
        start=lambda x: x.quantile(0.02), end=lambda x: x.quantile(0.98), posts="size", first="min", last="max"
    )
    table["rows"] = by["row"].max().fillna(0).astype("int64").clip(lower=table["posts"])
    quota = file_quota(table.reset_index())
    daily = [claim for claim in whole.claims if claim["kind"] in ("daily_cap", "fixed_quota")]
    if quota and daily:
        daily[0]["values"] |= {"rows_per_file": quota.cap, "files_at_cap": quota.files}
    elif quota:
        start, end = table.loc[quota.files, "first"].min(), table.loc[quota.files, "last"].max()
        values = {"period": "file", "kept": quota.kept, "cap": quota.cap, "files": quota.files, "p": quota.p}
        whole.claim("fixed_quota", float(start), float(end), **values)
    for row in table[~table.index.isin(quota.files if quota else [])].itertuples():
        if not is_row_limit(int(row.rows)) or len(table[table["rows"] == row.rows]) > 1 or daily:
            continue
        times = np.sort(files.loc[files["source"] == row.Index, "hour"].to_numpy())
        if in_full_flow(times) or in_full_flow(mirrored(times)):
            edge = _side_lost(files[files["source"] == row.Index], times)
            values = {"rows": int(row.rows), "file": row.Index, "edge": edge}
            start, end = stamp(row.first).isoformat(), stamp(row.last).isoformat()
            whole.claim("row_limit", float(row.first), float(row.last), **values, first=start, last=end)


def _side_lost(rows: pd.DataFrame, times: np.ndarray) -> str:
    """The side on which a file that stops was cut: "start" where it runs from new to old, "end" from old to new.

    "either" where its rows are in no order of time, or where nothing is missing on the side that their order tells.
    """
    order = rows["row"].astype("Float64").corr(rows["hour"], method="spearman") if rows["row"].notna().all() else 0.0
    if not abs(order) >= 0.95:
        return "either"
    edge, one = ("start", times) if order < 0 else ("end", mirrored(times))
    cut = cut_start(flow(one, float(one[0]), float(one[-1])))
    return edge if in_full_flow(one) or cut.in_day > 0 else "either"


def _resolution(hours: np.ndarray) -> str:
    """ "day" where all posts of any day carry the same time of day, as where only dates were kept; else "time"."""
    of_day = hours % 24
    return "day" if len(hours) > 10 and np.ptp(of_day) < 1e-6 else "time"


def _spread_over_days(hours: np.ndarray) -> np.ndarray:
    """Dates as evenly spread times within their days, so that no night is mistaken for a gap."""
    days = np.floor(hours / 24)
    number = np.arange(len(days)) - np.searchsorted(days, days)
    size = np.searchsorted(days, days, side="right") - np.searchsorted(days, days)
    return days * 24 + 24 * (number + 0.5) / size


def _hours_table(ledgers: dict[str, Ledger], counts: dict[str, np.ndarray]) -> pd.DataFrame:
    first = ledgers[WHOLE].first
    length = len(ledgers[WHOLE].state)
    hour = pd.date_range(stamp(first), periods=length, freq="h", unit="us")
    names = np.array(STATES, dtype=object)
    return pd.DataFrame(
        {
            "brand": np.repeat(np.array(list(ledgers), dtype=object), length),
            "hour": np.tile(hour.to_numpy(), len(ledgers)),
            "mentions": np.concatenate([counts[brand] for brand in ledgers]).astype("int64"),
            "state": np.concatenate([names[ledger.state] for ledger in ledgers.values()]),
            "reason": np.concatenate([ledger.reason for ledger in ledgers.values()]),
        }
    ).assign(hour=lambda table: pd.to_datetime(table["hour"], utc=True).astype("datetime64[us, UTC]"))


def _claims_table(ledgers: dict[str, Ledger]) -> pd.DataFrame:
    rows = [
        claim | {"start": stamp(claim["start"]), "end": stamp(claim["end"])}
        for ledger in ledgers.values()
        for claim in sorted(ledger.claims, key=lambda claim: (claim["start"], claim["kind"]))
    ]
    table = pd.DataFrame(rows, columns=["kind", "brand", "start", "end", "values"])
    for side in ("start", "end"):
        table[side] = pd.to_datetime(table[side], utc=True).astype("datetime64[us, UTC]")
    return table


def _summary(hours: pd.DataFrame, dated: pd.DataFrame, first: float, last: float, resolution: str) -> dict:
    brands = {}
    for brand, mine in hours.groupby("brand", sort=True):
        states = mine["state"].value_counts()
        covered = mine[(mine["state"] != "unseen") & (mine["mentions"] > 0)]["hour"]
        brands[str(brand)] = {
            "mentions": int(mine["mentions"].sum()),
            "start": covered.min().isoformat() if len(covered) else None,
            "end": (covered.max() + pd.Timedelta(hours=1)).isoformat() if len(covered) else None,
            **{f"hours_{state}": int(states.get(state, 0)) for state in STATES},
        }
    return {
        "first": dated["published_at"].iloc[0].isoformat(),
        "last": dated["published_at"].iloc[-1].isoformat(),
        "effective_start": stamp(first).isoformat(),
        "effective_end": stamp(last).isoformat(),
        "resolution": resolution,
        "mentions": len(dated),
        "brands": brands,
    }


def _nothing() -> Coverage:
    hours = pd.DataFrame({"brand": [], "hour": [], "mentions": [], "state": [], "reason": []}).astype(
        {"brand": object, "hour": "datetime64[us, UTC]", "mentions": "int64", "state": object, "reason": object}
    )
    claims = pd.DataFrame(columns=["kind", "brand", "start", "end", "values"])
    return Coverage(hours, claims.astype({"start": "datetime64[us, UTC]", "end": "datetime64[us, UTC]"}), {})
