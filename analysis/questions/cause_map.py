"""Notebook 2: where complaints lie among the causes, which causes are kin; and causes as BERTopic shows them.

`mapped` and `hierarchy` are findings of the report. What follows them is for analysts alone: it is shown where it is
asked for and stands in no report.
"""

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import privacy, wording
from analysis.measures.estimate import Estimate
from analysis.questions import members
from analysis.questions.case import Case
from analysis.questions.measured import case_causes, case_floor, case_unclear, case_votes, named
from analysis.questions.page import QUOTE_LENGTH, Answer, Printed, by_language, shown

if TYPE_CHECKING:
    from bertopic import BERTopic
    from plotly.graph_objects import Figure

    from analysis.scoring.topic_model import Topics

FEW = 8
"""Causes that a chart of shares shows whole: from more on, a hierarchy says what belongs together."""
FAMILIES = 8
"""Families that a reader keeps apart."""
PLACED = 30
"""Complaints on a map at least: as many as a language needs for causes at all."""


def mapped(case: Case, most: int = 8) -> Answer:
    """Complaints of the incident on a map, near where they say alike things."""
    points, left = _points(case, most), case_unclear(case)
    values: dict[str, object] = {"shown": len(points), "n": left.n}
    if case_causes(case).empty or left.value is None or len(points) < PLACED:
        return case.answer("causes.map", "cause_map.none", values, certainty="refused")
    clear = _without(left)
    values |= {"unclear": left, "clear": clear}
    panels = _panels(points)

    def draw(language: str):
        from analysis.figures import cause_map as figure

        words = _words(language, values)
        if len(panels) > 1:
            words["near"] = words["apart"]
        names = _names(case, most, language)
        return figure.draw(points, names, panels=_headed(panels, language), words=words, lang=language)

    message = "cause_map.shown" if len(panels) == 1 else "cause_map.languages"
    alt = values | {"causes": len(case_causes(case).head(most))}
    behind = {"n": members.votes(case), "unclear": members.unclear(case), "shown": points["id"].tolist()}
    return case.answer("causes.map", message, values, draw=("cause_map", _title(clear), alt, draw), behind=behind)


def hierarchy(case: Case, most: int = 24) -> Answer:
    """Which causes are kin, and the families they fall into; only where there are many causes."""
    table = case_causes(case)
    values: dict[str, object] = {"causes": len(table)}
    if len(table) <= FEW or case.tree.empty:
        message = "cause_tree.none" if table.empty else "cause_tree.few" if len(table) <= FEW else "cause_tree.unmade"
        return case.answer("causes.tree", message, values, certainty="refused" if table.empty else "medium")
    rows = table.head(most).to_dict("records")
    names = {cause: named(case)[cause] for cause in table["cause"].head(most).astype(int)}
    merges = _cut(_pruned(case.tree, {int(row["cause"]): str(row["language"]) for row in rows}))
    near = _nearest(merges)
    if near is None:
        return case.answer("causes.tree", "cause_tree.unmade", values)
    families = _families(merges, [*names])
    values |= {"shown": len(names), "families": len(families)}
    texts = {"one": names[near[0]], "other": names[near[1]]}

    def draw(language: str):
        from analysis.figures import cause_tree as figure

        words = wording.group("figure.cause_tree.words", language)
        words |= {"title": wording.say("figure.cause_tree.title", language, values | texts)}
        return figure.draw(merges, {cause: name[language] for cause, name in names.items()}, words=words, lang=language)

    counts = table.set_index("cause")["n"]
    listed = pd.DataFrame(
        {
            "causes": [_together([names[cause] for cause in family]) for family in families],
            "n": [int(counts[family].sum()) for family in families],
        }
    ).sort_values("n", ascending=False, ignore_index=True)
    printed = Printed(
        "cause_families",
        "table.cause_families",
        listed,
        {"causes": ("column.family", by_language), "n": ("column.mentions", shown("count"))},
        numeric=("n",),
    )
    return case.answer(
        "causes.tree",
        "cause_tree.shown" if len(names) == len(table) else "cause_tree.largest",
        values | texts,
        draw=("cause_tree", "figure.cause_tree.title", values | texts, draw),
        printed=printed,
    )


def interactive_map(case: Case, most: int = 8) -> "Figure | None":
    """The map as a plotly figure: each point says its mention, with personal data masked. None where there is none."""
    from analysis.figures import cause_map_live as figure

    points, left = _points(case, most), case_unclear(case)
    if points.empty or left.value is None:
        return None
    masked = [privacy.mask(text, case.allowed)[:QUOTE_LENGTH] for text in points["text"]]
    language = case.languages[0]
    words = _words(language, {"clear": _without(left)})
    panels = _headed(_panels(points), language)
    return figure.draw(points.assign(said=masked), _names(case, most, language), panels=panels, words=words)


def topic_model(case: Case, representation_model: Any = None) -> "BERTopic | None":
    """The causes of this incident as a fitted BERTopic, made without a download; None where there are no causes.

    `representation_model` is one of BERTopic's (`KeyBERTInspired()`, a language model of one's own); nothing needs it.
    Its texts are those the causes were found in, each once, without names, with personal data masked; its custom
    labels are the causes' names. Its vectors are the built-in ones, whatever embedding incident.yml asks for.
    """
    made = _topics(case, representation_model)
    return made.model if made else None


def topics_over_time(case: Case, bins: int = 20) -> "Figure | None":
    """BERTopic's picture of the causes over time, by distinct texts; None where there are no causes."""
    made = _topics(case)
    if made is None:
        return None
    times = _caused(case)["published_at"].iloc[made.positions].dt.tz_convert(case.zone).dt.tz_localize(None)
    dated = made.model.topics_over_time(made.documents, times.tolist(), nr_bins=bins)
    return made.model.visualize_topics_over_time(dated, custom_labels=True)


def _topics(case: Case, representation: Any = None) -> "Topics | None":
    """BERTopic and its documents, whose positions are rows of `_caused`; the plain one is made once a case."""
    from analysis.scoring.topic_model import rebuild

    def make() -> "Topics | None":
        rows = _caused(case)
        known = {int(row["cause"]): row for row in case.causes.to_dict("records")}
        spoken = set(case.causes["language"]) if len(rows) else set()
        numbers = [int(cause) for cause in rows["cause"]]
        told = [
            str(language if language in spoken else known[cause]["language"])
            for language, cause in zip(rows["language"].fillna(""), numbers, strict=True)
        ]
        return rebuild(
            rows["text"].tolist(),
            told,
            numbers,
            {cause: str(row["names"][case.languages[0]]) for cause, row in known.items()},
            terms=[*case.incident.brand_terms, *case.incident.brand_accounts, *case.own_accounts],
            mask=partial(privacy.mask, allowed=case.allowed),
            cache=case.cache,
            representation=representation,
        )

    return make() if representation is not None else case.once("topic_model", make)


def _caused(case: Case) -> pd.DataFrame:
    """The mentions that the causes were found in: not those that they were carried to."""
    rows = case.mentions
    if case.causes.empty:
        return rows.head(0)
    kept = rows["cause"].isin(case.causes["cause"]) & rows["cause_origin"].ne("propagated").fillna(True)
    return rows[kept.to_numpy(dtype=bool)].reset_index(drop=True)


def _points(case: Case, most: int) -> pd.DataFrame:
    """Points of the map within the incident: id, x, y, panel (language), row (rank of its cause), clear, text."""
    columns = ["id", "x", "y", "panel", "row", "clear", "text"]
    table = case_causes(case)
    if case.map.empty or table.empty:
        return pd.DataFrame(columns=columns)
    own = case_votes(case)[["id", "cause", "cause_confidence", "text"]]
    points = case.map[["id", "x", "y", "language"]].rename(columns={"language": "panel"}).merge(own, on="id")
    ranks = {cause: rank for rank, cause in enumerate(table["cause"].head(most))}
    points["row"] = points["cause"].map(ranks).astype("Int64")
    points["clear"] = ~(points["cause_confidence"].to_numpy(dtype=float) < case_floor(case))
    return points[columns]


def _panels(points: pd.DataFrame) -> list[str]:
    """Languages on the map, the one with most points first."""
    return [str(language) for language in points["panel"].value_counts().index]


def _headed(panels: list[str], language: str) -> list[tuple[str, str]]:
    """Each panel with its heading; none where there is one alone."""
    return [(code, wording.language_name(code, language) if len(panels) > 1 else "") for code in panels]


def _names(case: Case, most: int, language: str) -> list[str]:
    return [name[language] for name in case_causes(case)["called"].head(most)]


def _without(left: Estimate) -> Estimate:
    """The share with a clear cause, from that without."""
    low, high = (None if bound is None else 1 - float(bound) for bound in (left.high, left.low))
    return Estimate(1 - float(left.value or 0), left.unit, left.n, left.method, low, high)


def _title(clear: Estimate) -> str:
    share = float(clear.value or 0)
    return f"figure.cause_map.{'all' if share == 1 else 'clear' if share > 0.5 else 'between'}"


def _words(language: str, values: dict[str, object]) -> dict[str, str]:
    title = wording.say(_title(values["clear"]), language, values)  # type: ignore[arg-type]
    return wording.group("figure.cause_map.words", language) | {"title": title}


def _together(names: list[dict[str, str]]) -> dict[str, str]:
    """Names as one text in each language."""
    marks = {"zh": "；"}
    return {code: marks.get(code, "; ").join(name[code] for name in names) for code in wording.LANGUAGES}


def _pruned(tree: pd.DataFrame, kept: dict[int, str]) -> pd.DataFrame:
    """`tree` with the causes `kept` alone, each in its language's tree, numbered anew: left, right, distance, language.

    A cause of several languages stands where most of its texts are: it is one leaf.
    """
    rows: list[dict[str, Any]] = []
    for language, part in tree.groupby("language", sort=True):
        stands: dict[int, int | None] = {}
        for number, merge in enumerate(part.to_dict("records"), start=1):
            ends = [
                end
                for node in (int(merge["left"]), int(merge["right"]))
                if (end := stands.get(node) if node < 0 else node if kept.get(node) == language else None) is not None
            ]
            if len(ends) == 2:
                rows.append(
                    {"left": ends[0], "right": ends[1], "distance": float(merge["distance"]), "language": language}
                )
            stands[-number] = -len(rows) if len(ends) == 2 else next(iter(ends), None)
    return pd.DataFrame(rows, columns=["left", "right", "distance", "language"])


def _cut(merges: pd.DataFrame) -> pd.DataFrame:
    """`merges` with within: whether a merge lies in a family, which ends where the next merge is farthest off.

    Cut once a language, at the largest step between one distance and the next that leaves 2 to FAMILIES families.
    """
    within = np.ones(len(merges), bool)
    for _, part in merges.groupby("language", sort=True):
        distances = part["distance"].to_numpy()
        count = len(distances)
        cuts = [at for at in range(1, count) if 2 <= count + 1 - at <= FAMILIES]
        if cuts:
            best = max(cuts, key=lambda at: (round(float(distances[at] - distances[at - 1]), 4), at))
            within[part.index.to_numpy()[best:]] = False
    return merges.assign(within=within)


def _nearest(merges: pd.DataFrame) -> tuple[int, int] | None:
    """The two causes that are nearest of kin; None where no two are joined."""
    pairs = merges[(merges["left"] >= 0) & (merges["right"] >= 0)].sort_values("distance", kind="stable")
    return next(((int(row["left"]), int(row["right"])) for row in pairs.to_dict("records")), None)


def _families(merges: pd.DataFrame, order: list[int]) -> list[list[int]]:
    """Causes by family: those that merges within one join."""
    family = {cause: [cause] for cause in order}
    for number, row in enumerate(merges.to_dict("records"), start=1):
        if row["within"]:
            joined = family.pop(int(row["left"])) + family.pop(int(row["right"]))
            family[-number] = joined
    return [sorted(causes, key=order.index) for causes in family.values()]
