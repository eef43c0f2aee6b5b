"""Complaints and reproach against a reader's labels: `python -m tests.benchmarks.complaints`.

complaint_labels.csv holds ids of the three archives in ../shared/archives with a reader's labels: complaint (0 or 1),
reproach (0 none, 1 disapproval, 2 accusation, 3 blame) and, for negative mentions, target. "random" rows were drawn at
random from what customers wrote; "cue" rows hold words for other people and institutions, "others" are rows of
target_labels.csv: both are harder than what comes at random. "development" was read
before the rules were last changed, "holdout" only measured. The other measure is a proxy: the people who labelled
airlines-2015 gave a reason for 'negative', which is mostly, not always, a complaint. complaint_labels_zh.csv holds rows
of the two Chinese sets in ../shared/benchmarks/sentiment-zh, drawn at random; "holdout" was drawn and read after the
rules were last changed, and holds reviews only.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.measures.proportions import wilson
from analysis.scoring import beyond, complaint
from analysis.scoring.complaint import CALLED_FROM
from analysis.scoring.masking import mask
from tests.benchmarks.readable import ARCHIVES, RIVALS, TERMS, Archive, archives

LABELS = Path(__file__).with_name("complaint_labels.csv")
NAMES = ["airlines-2015", "spotify-2017", "united-2017"]


def read(archive: Archive, ids: pd.Series | None = None) -> pd.DataFrame:
    """What the rules read in mentions of an archive, each taken for negative, by id."""
    rows = archive.mentions if ids is None else archive.mentions[archive.mentions["id"].isin(set(ids))]
    calls = rows["text"].map(lambda text: any(f"@{account}" in text for account in archive.accounts))
    reason = np.where(calls | rows["parent_id"].notna() if archive.name == "spotify-2017" else calls, "addressed", "")
    rows = rows.assign(language="en", from_brand=False, relevance_reason=reason)
    rows = rows.assign(p_negative=1.0, p_neutral=0.0, p_positive=0.0)
    found = beyond.read(rows, terms=TERMS[archive.name], accounts=archive.accounts, rivals=RIVALS.get(archive.name, []))
    return found.assign(id=rows["id"].to_numpy()).set_index("id")


def chinese() -> pd.DataFrame:
    """The labelled Chinese rows, and what the rules read in them."""
    labels = pd.read_csv(LABELS.with_name("complaint_labels_zh.csv"))
    folder = ARCHIVES.parent / "benchmarks/sentiment-zh"
    texts = {
        "waimai_10k": pd.read_csv(folder / "waimai_10k.csv")["review"],
        "weibo_dev": pd.read_csv(folder / "weibo_dev.tsv", sep="\t", quoting=3, header=None)[1],
    }
    rows = pd.Series([str(texts[row["set"]][row["row"]]) for row in labels.to_dict("records")], dtype="string")
    return labels.join(complaint.columns(mask(rows, []).tolist(), "zh").add_prefix("found_"))


def show(name: str, called: pd.Series, right: pd.Series) -> None:
    parts = []
    for measure, of in (("precision", called), ("recall", right)):
        value = wilson(int((called & right).sum()), int(of.sum()))
        shown = "none" if value.value is None else f"{value.value:.3f} ({value.low:.3f} to {value.high:.3f})"
        parts.append(f"{measure} {shown}, n = {value.n}")
    print(f"  {name:22} {'; '.join(parts)}")


def main() -> None:
    labels = pd.read_csv(LABELS, dtype={"id": str})
    with archives(NAMES) as opened:
        found = pd.concat([read(archive, labels.loc[labels["archive"] == archive.name, "id"]) for archive in opened])
        airlines = read(opened[0])
    rows = labels.join(found.add_prefix("found_"), on="id")
    rows["called"] = rows["found_complaint"] >= CALLED_FROM
    for part in ("development", "holdout"):
        some = rows[rows["part"] == part]
        print(f"{part}: {len(some)} mentions, {some['complaint'].sum()} complaints")
        random = some[some["stratum"] == "random"]
        show("complaint, random rows", random["called"], random["complaint"] == 1)
        show("complaint", some["called"], some["complaint"] == 1)
        show("accuses or blames", some["found_reproach"] >= 2, some["reproach"] >= 2)
        for grade in range(4):
            show(f"grade {grade}", some["found_reproach"] == grade, some["reproach"] == grade)
        same = wilson(int((some["found_reproach"] == some["reproach"]).sum()), len(some))
        print(f"  same grade {same.value:.3f} ({same.low:.3f} to {same.high:.3f}), n = {same.n}")
    human = pd.read_csv(ARCHIVES / "airlines-2015/Tweets.csv", dtype={"tweet_id": str}).drop_duplicates("tweet_id")
    reason = human.set_index("tweet_id")["negativereason"]
    proxy = reason.notna() & (reason != "Can't Tell")
    zh = chinese()
    for part, some in zh.groupby("part"):
        print(f"Chinese, {part}: {len(some)} rows, {some['complaint'].sum()} complaints")
        for name, rows in some.groupby("set"):
            show(f"complaint, {name}", rows["found_complaint"] >= CALLED_FROM, rows["complaint"] == 1)
        show("accuses or blames", some["found_reproach"] >= 2, some["reproach"] >= 2)
        print(f"  same grade {(some['found_reproach'] == some['reproach']).mean():.3f}, n = {len(some)}")
    print(f"airlines-2015, proxy: {len(proxy)} mentions, {proxy.sum()} with a reason")
    show("complaint", (airlines["complaint"].reindex(proxy.index) >= CALLED_FROM), proxy)


if __name__ == "__main__":
    main()
