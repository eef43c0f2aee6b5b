"""Whom the anger is at, against a reader's labels: `python -m tests.benchmarks.targets`.

complaint_labels.csv and target_labels.csv hold ids of real negative mentions with the target that a reader saw; rows of
the latter were drawn from what an earlier form of the rules laid at others ("third_party", "customer", "rival") and
from the rest. In these archives nearly all anger is at the organisation, so they show how seldom it is laid at others
by mistake. target_invented.csv, written for this test in English and Chinese about invented firms, shows whether anger
at others is found. "development" was read while the rules were written, "holdout" only measured.
"""

from pathlib import Path

import pandas as pd

from analysis.measures.proportions import wilson
from analysis.measures.reading import OTHERS
from analysis.scoring import beyond
from analysis.scoring.target import TARGETS
from tests.benchmarks.complaints import NAMES, read
from tests.benchmarks.readable import archives

HERE = Path(__file__).parent


def invented() -> pd.DataFrame:
    """language, part, target and what the rules say of the invented mentions."""
    table = pd.read_csv(HERE / "target_invented.csv")
    text = table["text"].astype("string").str.replace("@calderline", "@u_calderline", regex=False)
    reason = text.str.contains("@u_calderline", regex=False).map({True: "addressed", False: "named"})
    rows = table.assign(
        text=text, from_brand=False, relevance_reason=reason, p_negative=1.0, p_neutral=0.0, p_positive=0.0
    )
    terms, rivals = ["Calderline", "云帆快运", "云帆"], ["Rapidway", "迅达"]
    return table.assign(found=beyond.read(rows, terms=terms, accounts=["u_calderline"], rivals=rivals)["target"])


def real() -> pd.DataFrame:
    """part, target and what the rules say of the labelled negative mentions."""
    tables = [pd.read_csv(HERE / f"{name}_labels.csv", dtype={"id": str}) for name in ("complaint", "target")]
    labels = pd.concat(tables).dropna(subset="target").drop_duplicates("id")
    with archives(NAMES) as opened:
        found = pd.concat([read(archive, labels["id"]) for archive in opened])
    return labels.assign(found=labels["id"].map(found["target"]))


def show(name: str, rows: pd.DataFrame) -> None:
    print(f"{name}: {len(rows)} negative mentions")
    for target in TARGETS:
        called, right = rows["found"] == target, rows["target"] == target
        parts = []
        for measure, of in (("precision", called), ("recall", right)):
            value = wilson(int((called & right).sum()), int(of.sum()))
            shown = "none" if value.value is None else f"{value.value:.3f} ({value.low:.3f} to {value.high:.3f})"
            parts.append(f"{measure} {shown}, n = {value.n}")
        print(f"  {target:12} {'; '.join(parts)}")
    own = rows[rows["target"] == "organisation"]
    value = wilson(int(own["found"].isin(OTHERS).sum()), len(own))
    print(
        f"  at the organisation, laid at others: {value.value:.3f} ({value.low:.3f} to {value.high:.3f}), n = {value.n}"
    )


def main() -> None:
    labelled, made = real(), invented()
    for part in ("development", "holdout"):
        show(f"real, {part}", labelled[labelled["part"] == part])
    for language in ("en", "zh"):
        for part in ("development", "holdout"):
            show(f"invented, {language}, {part}", made[(made["part"] == part) & (made["language"] == language)])


if __name__ == "__main__":
    main()
