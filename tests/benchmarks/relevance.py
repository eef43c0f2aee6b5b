"""Relevance against a reader's labels: `python -m tests.benchmarks.relevance`.

relevance_labels.csv holds ids of ../shared/archives/united-2017 and whether each mention is about the airline, read
without the rules' output in sight; empty where its text does not tell. Rows were drawn at random from strata by reason
and by how they name it; nearly all that were judged "not_about" are in it. relevance_invented.csv holds mentions
written for this test, of four invented organisations whose names are ordinary words, three English and one Chinese.
"development" was read while the rules were written, "holdout" after that. After it was read, "follow back" (seen in
development as well) and links to pictures (seen there alone) were taken out of the signs of an advert, and rules were
changed against false positives elsewhere with the figures in sight: those of the hold-out are somewhat optimistic.
"""

from pathlib import Path

import pandas as pd

from analysis.measures.proportions import wilson
from analysis.scoring import relevance
from tests.benchmarks.readable import TERMS, archives

HERE = Path(__file__).parent
INVENTED = {
    "harbour": (["Harbour", "Harbour Mobile"], ["u_harbourhelp"]),
    "juniper": (["Juniper", "Juniper Eats"], ["u_juniperapp"]),
    "allied": (["Allied", "Allied Coaches"], ["u_alliedcoach"]),
    "mitao": (["蜜桃出行", "蜜桃"], ["u_mitaochuxing"]),
}


def invented() -> pd.DataFrame:
    """part, about (0 or 1) and verdict of the invented mentions."""
    table = pd.read_csv(HERE / "relevance_invented.csv")
    parts = []
    for name, rows in table.groupby("archive"):
        terms, accounts = INVENTED[str(name)]
        blank = pd.Series(pd.NA, index=rows.index, dtype="string")
        mentions = pd.DataFrame({"id": rows.index.astype(str), "text": rows["text"].astype("string"), "kind": "post"})
        mentions = mentions.assign(author=blank, parent_id=blank, thread_id=blank)
        judged = relevance.judge(mentions, terms=terms, accounts=accounts)
        parts.append(rows.assign(verdict=judged["relevance"]))
    return pd.concat(parts)


def real() -> pd.DataFrame:
    """part, about and verdict of the labelled mentions of united-2017 whose text tells."""
    labels = pd.read_csv(HERE / "relevance_labels.csv", dtype={"id": str}).dropna(subset="about")
    with archives(["united-2017"]) as (archive,):
        judged = relevance.judge(archive.mentions, terms=TERMS[archive.name], accounts=archive.accounts)
        verdicts = dict(zip(archive.mentions["id"], judged["relevance"], strict=True))
        print("united-2017, all mentions:", judged["relevance"].value_counts().to_dict())
    return labels.assign(verdict=labels["id"].map(verdicts))


def show(name: str, rows: pd.DataFrame) -> None:
    print(
        f"{name}: {len(rows)} mentions, {int(rows['about'].sum())} about, "
        f"{(rows['verdict'] == 'unclear').sum()} judged unclear"
    )
    for verdict, label in (("not_about", 0), ("about", 1)):
        called, right = rows["verdict"] == verdict, rows["about"] == label
        for measure, of in (("precision", called), ("recall", right)):
            value = wilson(int((called & right).sum()), int(of.sum()))
            shown = "none" if value.value is None else f"{value.value:.3f} ({value.low:.3f} to {value.high:.3f})"
            print(f"  {verdict:9} {measure:9} {shown}, n = {value.n}")


def main() -> None:
    tables = {"united-2017": real(), "invented": invented()}
    for name, table in tables.items():
        for part in ("development", "holdout"):
            show(f"{name}, {part}", table[table["part"] == part])
    show("all held out", pd.concat([table[table["part"] == "holdout"] for table in tables.values()]))


if __name__ == "__main__":
    main()
