"""Counts of likes, replies, reposts and views that were taken too early to be compared.

What can be told, and from what: (1) the time at which a post was last seen, where the archive records it; (2) not one
count above nought in thousands of posts, which no public platform yields; (3) more replies or reposts of a post in the
archive itself than its count says, so that the count is older than they are; (4) counts that are lower right before
each file ends, as those of posts are that were young when it was made; (5) none at all from one day on, where there
were some before. A low share of posts with a like tells nothing:
posts may simply get few. Nothing found is therefore no proof of late counts.
"""

from typing import Any

import numpy as np
import pandas as pd

from analysis.archive.audit.parts import WHOLE, claim, parts

PARTS = ("likes", "replies", "reposts", "views")
SETTLED = pd.Timedelta(hours=24)
"""After a day most of a post's reactions have come."""
AT_ONCE = pd.Timedelta(hours=1)


def claims(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Claims frozen_counts: `how` is seen_at_once, seen_young, all_zero, stopped, outnumbered or fading."""
    own = (table["kind"] != "repost").fillna(True).to_numpy()
    counted = table[own & table[list(PARTS)].notna().any(axis=1).to_numpy()]
    if counted.empty:
        return []
    found = _by_last_seen(counted) + _all_zero(counted)
    taken = {one["brand"] for one in found}
    for judge in (_stopped(counted), _outnumbered(counted, table), _fading(counted)):
        found += [one for one in judge if one["brand"] not in taken and "" not in taken]
        taken |= {one["brand"] for one in found}
    return found


def _by_last_seen(table: pd.DataFrame) -> list[dict[str, Any]]:
    lag = table["last_seen"] - table["published_at"]
    hours = lag.dt.total_seconds() / 3600
    known = lag.notna() & (lag >= -AT_ONCE)
    signs = pd.DataFrame(
        {"rows": True, "known": known, "at_once": known & (lag < AT_ONCE), "young": known & (lag < SETTLED)},
        index=table.index,
    )

    def judge(seen: pd.Series) -> dict[str, Any] | None:
        rows, known = int(seen["rows"]), int(seen["known"])
        if known < 100 or known < 0.5 * rows:
            return None
        for how, sign, share in (("seen_at_once", "at_once", 0.9), ("seen_young", "young", 0.1)):
            if seen[sign] >= share * known:
                return {"how": how, "rows": known, "texts": int(seen[sign]), "share": float(seen[sign] / known)}
        return None

    out = []
    for part in parts(signs, table, judge):
        told = part.values | {"median_hours": round(float(hours[part.rows & known.to_numpy()].median()), 2)}
        out.append(claim("frozen_counts", table[part.rows], part.brand, part.files, told))
    return out


def _all_zero(table: pd.DataFrame, least: int = 2000, share: float = 0.001) -> list[dict[str, Any]]:
    """Kinds of counts that are nought throughout: taken at once, or not at all."""
    signs = pd.DataFrame({name: table[name].notna() for name in PARTS}, index=table.index)
    for name in PARTS:
        signs[f"{name}_drawn"] = (table[name] > 0).fillna(False).astype(bool)

    def judge(seen: pd.Series) -> dict[str, Any] | None:
        counted = [name for name in PARTS if seen[name] >= least]
        nought = [name for name in counted if seen[f"{name}_drawn"] <= share * seen[name]]
        if not nought:
            return None
        rows = max(int(seen[name]) for name in nought)
        drawn = {name: int(seen[f"{name}_drawn"]) for name in nought}
        all_of_them = len(nought) == len([name for name in PARTS if seen[name] > 0])
        return {"how": "all_zero", "what": nought, "rows": rows, "drawn": drawn, "every_part": all_of_them}

    return [
        claim("frozen_counts", table[part.rows], part.brand, part.files, part.values)
        for part in parts(signs, table, judge)
    ]


def _stopped(table: pd.DataFrame, least: int = 300, missed: float = 50.0) -> list[dict[str, Any]]:
    """No count above nought from one moment on, where at the pace before it at least `missed` posts would have one."""
    drawn = (table[list(PARTS)].fillna(0) > 0).any(axis=1).to_numpy()
    with_any = np.flatnonzero(drawn)
    after = len(drawn) - 1 - with_any[-1] if len(with_any) else 0
    if after < least or len(with_any) < 2 * missed:
        return []
    before = drawn[: len(drawn) - after]
    share = float(min(before.mean(), before[-after:].mean()))
    if after * share < missed:
        return []
    rest = table.iloc[-after:]
    told: dict[str, object] = {"how": "stopped", "rows": after, "share_before": share}
    told["changed"] = rest["published_at"].iloc[0].floor("s").isoformat()
    return [claim("frozen_counts", rest, WHOLE, (), told)]


def _outnumbered(counted: pd.DataFrame, table: pd.DataFrame, least: int = 20) -> list[dict[str, Any]]:
    """Posts of which the archive holds more replies, or reposts, than were counted.

    A count falls afterwards only where replies are deleted, which does not befall half of all posts.
    """
    signs = pd.DataFrame({"held": False, "more": False}, index=counted.index)
    ids = pd.Index(counted["id"])
    for name, kinds in (("replies", ("reply", "comment")), ("reposts", ("repost",))):
        children = table.loc[table["kind"].isin(kinds) & table["parent_id"].notna(), "parent_id"]
        at = ids.get_indexer(pd.Index(children))
        held = np.bincount(at[at >= 0], minlength=len(counted))
        known = (counted[name].notna() & (held > 0)).to_numpy()
        signs["held"] |= known
        signs["more"] |= known & (held > counted[name].fillna(0).to_numpy(dtype="int64"))

    def judge(seen: pd.Series) -> dict[str, Any] | None:
        held, more = int(seen["held"]), int(seen["more"])
        if held < least or more < 0.5 * held:
            return None
        return {"how": "outnumbered", "rows": held, "texts": more, "share": more / held}

    return [
        claim("frozen_counts", counted[part.rows], part.brand, part.files, part.values)
        for part in parts(signs, counted, judge)
    ]


def _fading(table: pd.DataFrame, last: float = 2.0, before: float = 30.0) -> list[dict[str, Any]]:
    """The share of posts with any reaction, right before each file ends against the hours before that.

    Each file's drop is held against how far its hours differ anyway; files are added up (Stouffer). Claimed from 6
    standard deviations on, where the last hours hold under two thirds of the share before.
    """
    drawn = (table[list(PARTS[:3])].fillna(0).sum(axis=1) > 0).to_numpy()
    hours = table["published_at"].astype("int64").to_numpy() / 3.6e9
    deviations, late, early, files = [], [0, 0], [0, 0], 0
    for mine in table.groupby("source", sort=True).indices.values():
        age = hours[mine].max() - hours[mine]
        young, older = mine[age < last], mine[(age >= 2 * last) & (age < before)]
        if len(young) < 50 or len(older) < 200:
            continue
        by_hour = pd.Series(drawn[older].astype(float)).groupby(np.floor(hours[older])).agg(["mean", "size"])
        share = drawn[older].mean()
        counting = share * (1 - share)
        spread = max(((by_hour["mean"] - share) ** 2 * by_hour["size"]).mean() / max(counting, 1e-6), 1.0)
        error = np.sqrt(max(counting, 1e-6) * spread * (1 / len(young) + 1 / len(older)))
        deviations.append((share - drawn[young].mean()) / error)
        late = [late[0] + int(drawn[young].sum()), late[1] + len(young)]
        early = [early[0] + int(drawn[older].sum()), early[1] + len(older)]
        files += 1
    if not deviations or early[0] == 0:
        return []
    together = float(np.sum(deviations) / np.sqrt(len(deviations)))
    low, usual = late[0] / late[1], early[0] / early[1]
    if together < 6 or low > usual * 2 / 3:
        return []
    told: dict[str, object] = {"how": "fading", "hours": last, "rows": late[1], "checked_files": files}
    told |= {"share": low, "share_before": usual, "deviations": round(together, 1)}
    return [claim("frozen_counts", table, WHOLE, (), told)]
