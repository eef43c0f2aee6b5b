"""What the coverage audit writes down: the state of each hour of one brand, and the claims, each with its evidence."""

import numpy as np

from analysis.archive.audit.caps import Cap
from analysis.archive.audit.edges import Missing
from analysis.archive.audit.flow import Flow, stamp
from analysis.archive.audit.silence import Silence

SILENT = ("gap", "silent_hours")


class Ledger:
    """States of one brand's hours within [first, last), and the claims made on the way."""

    def __init__(self, brand: str, first: int, last: int, alike: list[dict]) -> None:
        self.brand, self.first = brand, first
        self.state = np.zeros(last - first, dtype="int8")
        self.reason = np.full(last - first, None, dtype=object)
        self.claims: list[dict] = []
        self._alike = alike

    def paint(self, start: float, end: float, kind: str, state: int = 2) -> None:
        """Hours wholly in [start, end) get `state`; those touched by more than a twentieth of an hour are partial."""
        low, high = max(start - self.first, 0.0), min(end - self.first, float(len(self.state)))
        if high <= low:
            return
        hours = np.arange(int(np.floor(low)), int(np.ceil(high)))
        part = np.minimum(hours + 1, high) - np.maximum(hours, low)
        new = np.where(part >= 0.95, state, np.where(part > 0.05, 1, 0)).astype("int8")
        worse = new > self.state[hours]
        self.state[hours[worse]] = new[worse]
        self.reason[hours[worse]] = kind

    def claim(self, kind: str, start: float, end: float, **values: object) -> None:
        """A claim, unless one of the same kind, or one that explains it, holds for the whole archive at that time."""
        explained = {kind, *SILENT, "daily_cap"} if kind in SILENT else {kind}
        for other in self._alike:
            shared = min(end, other["end"]) - max(start, other["start"])
            if other["kind"] in explained and shared >= 0.8 * (end - start):
                return
        plain = {name: _plain(value) for name, value in values.items()}
        self.claims.append({"kind": kind, "brand": self.brand, "start": start, "end": end, "values": plain})


def claim_missing(ledger: Ledger, kind: str, lack: Missing, posts: int) -> None:
    start, end = (lack.start, lack.end) if kind == "late_start" else (-lack.end, -lack.start)
    ledger.paint(start, end, kind, 2 if lack.observed <= 0.1 * lack.expected else 1)
    values = {"observed": lack.observed, "expected": round(lack.expected, 1), "hours": round(end - start, 1)}
    effective = end if kind == "late_start" else start
    ledger.claim(kind, start, end, effective=stamp(effective).isoformat(), posts=posts, **values)


def claim_silence(ledger: Ledger, silence: Silence, cut: list[tuple[float, float]]) -> None:
    """A silence less what a cap has `cut` at its ends, which is the cap's and not a gap's."""
    start, end = silence.start, silence.end
    for low, high in cut:
        start = high if low <= start < high else start
        end = low if low < end <= high + 0.02 else end
    length = end - start
    if length < 0.5:
        return
    whole_day = np.floor(end / 24 + 1e-3) - np.ceil(start / 24 - 1e-3) >= 1
    kind = "gap" if length >= 24 or whole_day else "silent_hours"
    ledger.paint(start, end, kind)
    ledger.claim(
        kind,
        start,
        end,
        hours=round(length, 1),
        observed=silence.observed,
        expected=round(silence.expected * length / (silence.end - silence.start), 1),
        p=silence.p,
    )


def claim_cap(ledger: Ledger, cap: Cap, series: Flow, covered: np.ndarray) -> list[tuple[float, float]]:
    """Claims `cap`, marks what it cut off, and returns that."""
    kind = "daily_cap" if cap.period == "day" and cap.kept != "spread" else "fixed_quota"
    squeezed = kind == "daily_cap" or (cap.period in ("week", "month") and cap.kept != "spread")
    seen, days, strays = [], [], 0
    cut: list[tuple[float, float]] = []
    offset = 0.0 - cap.boundary if cap.boundary <= 12 else 24 - cap.boundary
    for start, end, since, until, total in cap.stretches:
        if squeezed:
            ledger.paint(start, since, kind)
            ledger.paint(until, end, kind)
            strays += total - series.between(since, until)
            for low, high in ((start, since), (until, end)):
                if high > low:
                    cut.append((low, high))
                covered[max(int(np.floor(low)) - series.first, 0) : max(int(np.ceil(high)) - series.first, 0)] = False
            seen.append([stamp(since).isoformat(), stamp(until).isoformat()])
        else:
            ledger.paint(start, end, kind, 1)
        days.append(str(stamp(start + offset).date()) if cap.period == "day" else stamp(start).isoformat())
    ledger.claim(
        kind,
        cap.stretches[0][0],
        cap.stretches[-1][1],
        period=cap.period,
        kept=cap.kept,
        cap=cap.cap,
        boundary_utc_hour=round(cap.boundary, 2),
        offset_hours=round(offset, 2),
        periods=len(cap.stretches),
        days=sorted(set(days if cap.period == "day" else [day[:10] for day in days])),
        totals=[part[4] for part in cap.stretches][:50],
        seen=seen,
        seen_hours=[round(part[3] - part[2], 2) for part in cap.stretches] if squeezed else [],
        strays=strays,
        p=cap.p,
    )
    return cut


def _plain(value: object) -> object:
    """`value` without numpy's types, for JSON."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value
