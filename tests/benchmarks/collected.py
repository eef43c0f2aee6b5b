"""Simulated archives: clean ones, and the same ones as a faulty collection would have kept them.

Times are float hours since 1970-01-01 00:00 UTC, as in analysis/archive/flow.py, which none of this uses.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

DAY0 = 17_166 * 24
"""Sunday, 31 December 2016, 00:00 UTC."""


def posts(
    seed: int,
    *,
    days: float = 30,
    per_day: float = 500,
    start: float = DAY0,
    night: float = 0.15,
    zone: int = -5,
    weekend: float = 0.8,
    noise: float = 0.3,
    memory: float = 0.7,
    bursts: int = 1,
    burst: float = 10,
    cluster: float = 1.0,
) -> np.ndarray:
    """Sorted times of a brand's posts: a daily and weekly shape, AR(1) log-noise, bursts with a power-law decay.

    `night` is the trough's share of the peak, `burst` the height of a burst in ordinary hourly means, `cluster` the
    mean number of posts that one post draws within minutes (1 is none).
    """
    rng = np.random.default_rng(seed)
    hours = start + np.arange(int(np.ceil(days * 24)))
    local = (hours + zone) % 24
    shape = night + (1 - night) * (0.5 - 0.5 * np.cos(2 * np.pi * (local - 3) / 24)) ** 1.3
    shape = shape / shape.mean() * np.where(np.isin((hours // 24) % 7, (2, 3)), weekend, 1.0)
    drift = np.zeros(len(hours))
    shocks = rng.normal(0, noise * np.sqrt(1 - memory**2), len(hours))
    for i in range(1, len(hours)):
        drift[i] = memory * drift[i - 1] + shocks[i]
    rate = per_day / 24 * shape * np.exp(drift - noise**2 / 2)
    for _ in range(bursts):
        onset = rng.uniform(0.1, 0.8) * len(hours)
        since = np.maximum(np.arange(len(hours)) - onset, 0)
        lift = np.where(np.arange(len(hours)) >= onset, (1 + since / 8) ** -1.5, 0.0)
        rate = rate + burst * rng.uniform(0.3, 1.5) * per_day / 24 * lift * np.sqrt(shape)
    counts = rng.poisson(rate / cluster)
    times = np.repeat(hours, counts) + rng.uniform(0, 1, counts.sum())
    if cluster > 1:
        copies = rng.geometric(1 / cluster, len(times))
        times = np.repeat(times, copies)
        times = times + rng.exponential(0.15, len(times)) * (np.arange(len(times)) % 5 > 0)
    return np.sort(times[times < start + days * 24])


def newest_of_period(
    times: np.ndarray, cap: int, hours: int = 24, boundary: float = 0, oldest: bool = False
) -> np.ndarray:
    """What a collector keeps that stops after `cap` posts of each period."""
    period = np.floor((times - boundary) / hours)
    kept = []
    for number in np.unique(period):
        mine = times[period == number]
        kept.append(mine[:cap] if oldest else mine[-cap:])
    return np.concatenate(kept)


def spread_of_period(times: np.ndarray, cap: int, seed: int, hours: int = 24) -> np.ndarray:
    """A random `cap` of each period's posts."""
    rng = np.random.default_rng(seed)
    period = np.floor(times / hours)
    kept = [
        rng.choice(times[period == number], min(cap, int((period == number).sum())), replace=False)
        for number in np.unique(period)
    ]
    return np.sort(np.concatenate(kept))


def without(times: np.ndarray, start: float, end: float, strays: float = 0.0, seed: int = 0) -> np.ndarray:
    """`times` less those in [start, end), but for a share of strays."""
    rng = np.random.default_rng(seed)
    inside = (times >= start) & (times < end)
    return times[~inside | (rng.uniform(size=len(times)) < strays)]


def table(brands: dict[str | None, np.ndarray], files: Callable[[float], str] | str = "export.csv") -> pd.DataFrame:
    """The mentions of `brands` as one archive; `files` names the file a time came in."""
    parts = [pd.DataFrame({"hour": times, "brand": brand}) for brand, times in brands.items()]
    out = pd.concat(parts).sort_values(["hour", "brand"], ignore_index=True)
    out["published_at"] = pd.to_datetime((out["hour"] * 3600e6).round().astype("int64"), unit="us", utc=True)
    out["source"] = files if isinstance(files, str) else out["hour"].map(files)
    out["source_row"] = out.groupby("source").cumcount() + 1
    out["id"] = [f"{number:09d}" for number in range(len(out))]
    return out.astype({"id": "string", "brand": "string", "source": "string", "published_at": "datetime64[us, UTC]"})


CLEAN: dict[str, dict] = {
    "ordinary, 30 days": {},
    "heavy, 30 days": {"per_day": 20_000, "noise": 0.2},
    "sparse, 20 a day": {"per_day": 20},
    "very sparse, 3 a day": {"per_day": 3, "days": 120},
    "deep nights": {"per_day": 800, "night": 0.01},
    "silent week-ends": {"weekend": 0.02, "days": 42},
    "silent week-ends, short": {"weekend": 0.05, "days": 12},
    "heavy bursts": {"per_day": 300, "bursts": 4, "burst": 100},
    "crisis without decay in sight": {"per_day": 50, "days": 14, "burst": 200},
    "clustered": {"per_day": 1000, "cluster": 6, "noise": 0.6},
    "single day": {"days": 1, "per_day": 3000, "bursts": 0},
    "single day, sparse": {"days": 1, "per_day": 150, "bursts": 0},
    "single day, deep night": {"days": 1, "per_day": 5000, "night": 0.01, "bursts": 1},
    "two days": {"days": 2, "per_day": 1000, "night": 0.03},
    "seven days, crisis": {"days": 7, "per_day": 2000, "burst": 40},
    "noisy": {"per_day": 200, "noise": 0.8, "memory": 0.9},
    "a year": {"days": 365, "per_day": 60, "bursts": 5, "burst": 50},
}


Fault = Callable[[int], tuple[pd.DataFrame, dict]]
"""From a seed to an archive and its truth: kind, start and end where they matter, and values that must be found."""


def _crisis(seed: int, **changes: float) -> np.ndarray:
    return posts(seed, **({"days": 14, "per_day": 2000, "burst": 30} | changes))  # type: ignore[arg-type]


def _capped(cap: int, boundary: float = 0, oldest: bool = False, **changes: float) -> Fault:
    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        kept = newest_of_period(_crisis(seed, **changes), cap, 24, boundary, oldest)
        side = "oldest" if oldest else "newest"
        return table({"A": kept}), {"kind": "daily_cap", "kept": side, "cap": cap, "boundary_utc_hour": boundary % 24}

    return make


def _hourly(cap: int, oldest: bool) -> Fault:
    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        kept = newest_of_period(_crisis(seed, per_day=5000), cap, 1, 0, oldest)
        return table({"A": kept}), {"kind": "fixed_quota", "period": "hour", "cap": cap}

    return make


def _spread(cap: int) -> Fault:
    return lambda seed: (
        table({"A": spread_of_period(_crisis(seed), cap, seed)}),
        {"kind": "fixed_quota", "period": "day", "cap": cap},
    )


def _gap(offset: float, length: float, strays: float = 0.0, **changes: float) -> Fault:
    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        start = DAY0 + offset
        kept = without(posts(seed, **changes), start, start + length, strays, seed)  # type: ignore[arg-type]
        return table({"A": kept}), {"kind": ("gap", "silent_hours"), "start": start, "end": start + length}

    return make


def _brand_edge(kind: str, strays: int) -> Fault:
    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        rng = np.random.default_rng(seed)
        full = {name: posts(seed * 7 + i, days=10, per_day=300, burst=5) for i, name in enumerate("ABC")}
        cut = DAY0 + 24 * rng.uniform(2, 7)
        late = kind == "late_start"
        gone = (DAY0, cut) if late else (cut, DAY0 + 240)
        full["A"] = np.sort(np.append(without(full["A"], *gone), rng.uniform(*gone, strays)))
        return table(dict(full)), {"kind": kind, "brand": "A", "start": gone[0], "end": gone[1]}

    return make


def _tail(seed: int) -> tuple[pd.DataFrame, dict]:
    rng = np.random.default_rng(seed)
    strays = DAY0 - rng.exponential(2000, 120)
    return table({"A": np.sort(np.append(strays, posts(seed)))}), {"kind": "stray_tail", "end": DAY0}


def _rows(newest: bool) -> Fault:
    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        all_of_them = posts(seed, days=20, per_day=1500)
        kept = all_of_them[-20_000:] if newest else all_of_them[:20_000]
        return table({"A": kept}), {"kind": "row_limit", "rows": 20_000}

    return make


def _files(seed: int) -> tuple[pd.DataFrame, dict]:
    weeks = newest_of_period(posts(seed, days=56, per_day=600, burst=3), 2000, 168, DAY0)
    out = table({"A": weeks}, lambda hour: f"week-{int((hour - DAY0) // 168)}.csv")
    return out, {"kind": "fixed_quota", "period": "week", "cap": 2000, "rows_per_file": 2000}


def _weekly(spread: bool) -> Fault:
    def make(seed: int) -> tuple[pd.DataFrame, dict]:
        full = posts(seed, days=84, per_day=600)
        kept = spread_of_period(full, 2000, seed, 168) if spread else newest_of_period(full, 2000, 168, DAY0 + 24)
        return table({"A": kept}), {"kind": "fixed_quota", "period": "week", "cap": 2000}

    return make


def _monthly(seed: int) -> tuple[pd.DataFrame, dict]:
    full = posts(seed, days=270, per_day=200, start=DAY0 + 24)
    month = (pd.to_datetime(full * 3600, unit="s").month).to_numpy()
    rng = np.random.default_rng(seed)
    kept = [
        rng.choice(full[month == number], 3000, replace=False)
        for number in range(1, 10)
        if (month == number).sum() > 3000
    ]
    return table({"A": np.sort(np.concatenate(kept))}), {"kind": "fixed_quota", "period": "month", "cap": 3000}


def _one_brand(seed: int) -> tuple[pd.DataFrame, dict]:
    full: dict[str | None, np.ndarray] = {name: _crisis(seed * 5 + i) for i, name in enumerate("BC")}
    full["A"] = newest_of_period(_crisis(seed, per_day=5000), 100, 1)
    return table(full), {"kind": "fixed_quota", "brand": "A", "period": "hour", "cap": 100}


def _edge(seed: int) -> tuple[pd.DataFrame, dict]:
    times = posts(seed)
    return table({"A": times[(times > DAY0 + 15.4) & (times < DAY0 + 700.6)]}), {"kind": "partial_edge"}


def _shared_cap(seed: int) -> tuple[pd.DataFrame, dict]:
    both = table({name: _crisis(seed * 5 + i) for i, name in enumerate("AB")})
    kept = newest_of_period(both["hour"].to_numpy(), 2000)
    return both[both["hour"].isin(kept)].reset_index(drop=True), {"kind": "daily_cap", "kept": "newest", "cap": 2000}


FAULTS: dict[str, Fault] = {
    "newest 5,000 a UTC day": _capped(5000),
    "newest 1,000 a UTC day, every day": _capped(1000),
    "newest 1,000 a day, midnight at UTC-5": _capped(1000, 5),
    "newest 1,000 a day, run at 14:17 UTC": _capped(1000, 14 + 17 / 60),
    "newest 50 of 200 a day": _capped(50, per_day=200),
    "oldest 1,000 a UTC day": _capped(1000, oldest=True),
    "oldest 1,000 a day, midnight at UTC+9": _capped(1000, 15, oldest=True),
    "newest 2,000 a day of two brands": _shared_cap,
    "1,000 a day, spread": _spread(1000),
    "newest 100 an hour": _hourly(100, False),
    "first 100 an hour": _hourly(100, True),
    "newest 100 an hour of one brand of three": _one_brand,
    "newest 2,000 a week": _weekly(False),
    "2,000 a week, spread": _weekly(True),
    "3,000 a month, spread": _monthly,
    "newest 2,000 of each week's file": _files,
    "newest 20,000 rows": _rows(True),
    "oldest 20,000 rows": _rows(False),
    "a day missing, 500 a day": _gap(288, 24),
    "a day missing, 20 a day": _gap(288, 24, per_day=20),
    "a day missing but for 3% strays": _gap(288, 24, 0.03),
    "20 days missing of 90": _gap(720, 480, days=90, per_day=200),
    "6 hours missing by day": _gap(304, 6),
    "6 hours missing, 1% strays, heavy": _gap(304, 6, 0.01, per_day=5000),
    "80 minutes missing, heavy": _gap(306.3, 1.35, per_day=5000),
    "10 hours missing amid bursts": _gap(300, 10, per_day=300, bursts=4, burst=100),
    "5 hours missing of a single day": _gap(13, 5, days=1, per_day=3000, bursts=0),
    "a brand starts late": _brand_edge("late_start", 0),
    "a brand starts late, 5 strays": _brand_edge("late_start", 5),
    "a brand ends early": _brand_edge("early_end", 0),
    "strays before the collection": _tail,
    "begins and ends amid a day": _edge,
}
