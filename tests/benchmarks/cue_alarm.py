"""How often a cue rings for nothing, and how soon it is heard: `python -m tests.benchmarks.cue_alarm`.

Simulated months without an incident, whose days differ in volume (gamma noise, shape 8), with ordinary mentions of a
cue; the same with a few voices planted on one day. Then real archives, each brand of its own: airlines-2015 and
united-2017 before 9 April are taken to be quiet, and spotify-2017, conversations over months, throughout.
"""

import numpy as np
import pandas as pd

from analysis.measures import cue_alarm
from analysis.measures.cue_alarm import DAY, MONTH_DAYS
from analysis.scoring.cues import cues, for_floors
from tests.benchmarks.readable import Archive, archives
from tests.scored_tables import hours
from tests.test_cue_alarm import SEEN, planted, world

QUIET_UNTIL = {"united-2017": pd.Timestamp("2017-04-09T23:00", tz="UTC")}


def simulated(seeds: int = 60) -> None:
    print("simulated: ordinary voices a day, rings a month, planted voices heard within the day, hours until then")
    for usual in (0.1, 0.5, 2.0, 10.0):
        quiet = [len(cue_alarm.raised(*world(seed, cues_per_day=usual), SEEN).rings) for seed in range(seeds)]
        line = f"  {usual:5.1f}  {sum(quiet) / (seeds * 90 / MONTH_DAYS):5.2f}"
        for voices in (3, 4, 6, 10):
            waits = []
            for seed in range(20):
                rows, found, began = planted(seed, voices, cues_per_day=usual)
                first = cue_alarm.knowable(cue_alarm.raised(rows, found, SEEN), "safety", began, began + DAY)
                waits.append((pd.Timestamp(first.value) - began) / pd.Timedelta(hours=1) if first.value else np.nan)
            heard = np.isfinite(waits)
            shown = f"{np.nanmedian(waits):.1f} h" if heard.any() else "–"
            line += f"   {voices}: {heard.mean():.2f}, {shown}"
        print(line)


def real(archive: Archive) -> None:
    rows = archive.mentions.sort_values("id").reset_index(drop=True)
    rows["from_brand"] = rows["author"].isin(archive.accounts)
    until = QUIET_UNTIL.get(archive.name, rows["published_at"].max())
    for brand, mine in rows.fillna({"brand": ""}).groupby("brand"):
        found = for_floors(cues(mine["text"].tolist()).set_index(mine.index), ["en"] * len(mine))
        start, end = mine["published_at"].quantile(0.001).floor("h"), mine["published_at"].max()
        result = cue_alarm.raised(mine, found, hours(str(start.tz_localize(None)), str(end.tz_localize(None))))
        quiet = result.rings[result.rings["published_at"] < until] if len(result.rings) else result.rings
        days = max(0.0, (min(until, end) - start) / DAY - 4)
        print(f"  {archive.name} {brand}: {len(quiet)} rings in {days:.1f} days that could be judged")
        for row in result.rings.head(3).to_dict("records"):
            told = f"{row['authors']} voices, {row['usual']:.1f} a day before"
            print(f"    {row['cue']}, {row['knowable']:%d %b %H:%M}: {told}")


def main() -> None:
    simulated()
    print("real")
    with archives(["airlines-2015", "spotify-2017", "united-2017"]) as opened:
        for archive in opened:
            real(archive)


if __name__ == "__main__":
    main()
