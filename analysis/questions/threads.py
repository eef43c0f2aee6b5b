"""From any number of any answer to the conversations behind it: one call in a notebook."""

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from analysis import privacy, wording
from analysis.errors import ParameterError
from analysis.questions.case import Case
from analysis.questions.page import Answer
from analysis.questions.talks import case_turns
from analysis.style import numbers

MARK = "●"
LONGEST = 1000
"""Characters of a text that are shown."""


@dataclass(frozen=True)
class Threads:
    """Conversations as an analyst reads them. `table`: conversation, id, side ("customer" or "ours"), published_at (in
    the display zone), counted (whether the number counts this mention), text (masked)."""

    heading: str
    table: pd.DataFrame
    language: str
    zone: str

    def __repr__(self) -> str:
        lines = [self.heading]
        for _, turns in self.table.groupby("conversation", sort=False):
            lines.append("")
            lines += [" ".join(cells) for cells in self._cells(turns)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        parts = [f"<p>{escape(self.heading)}</p>"]
        for _, turns in self.table.groupby("conversation", sort=False):
            rows = [
                "<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in cells) + "</tr>"
                for cells in self._cells(turns)
            ]
            parts.append(f"<table>{''.join(rows)}</table>")
        return "".join(parts)

    def _cells(self, turns: pd.DataFrame) -> list[list[str]]:
        return [
            [
                MARK if row["counted"] else "·",
                wording.say(f"threads.side.{row['side']}", self.language),
                numbers.value(row["published_at"].isoformat(), "time", self.language, self.zone),
                row["text"],
            ]
            for row in turns.to_dict("records")
        ]


def threads(case: Case, finding_id: str, part: str = "", n: int = 5, seed: int | None = 0) -> Threads:
    """`n` conversations behind the number `part` of the answer `finding_id`, drawn with `seed` (None: the first).

    `part` may be left out where the answer has only one. A mention that is no turn of a conversation (a repost, a
    statement) stands alone. Raises ParameterError, which names what there is, where the answer was not given in this
    notebook, keeps no mentions behind its numbers, or has none under that name.
    """
    answer = _answer(case, finding_id)
    part = _part(answer, finding_id, part)
    counted = pd.Index(pd.unique(pd.Series(answer.behind[part], dtype="object")))
    turns = case_turns(case)
    own = turns.set_index("id")["conversation"]
    held = counted[counted.isin(pd.Index(case.mentions["id"]))]
    of = pd.Series([own.get(key, key) for key in held], dtype="object")
    names = of.unique()
    if n < 1:
        raise ParameterError(f"n is {n}: ask for at least one conversation")
    if seed is not None and len(names) > n:
        drawn = np.random.default_rng(seed).choice(len(names), size=n, replace=False)
        names = names[np.sort(drawn)]
    shown = names[:n]
    words = {"shown": len(shown), "total": of.nunique(), "part": part, "finding": finding_id}
    language = case.languages[0]
    heading = wording.say("threads.heading", language, words)
    return Threads(heading, _table(case, turns, list(shown), counted), language, case.zone)


def _answer(case: Case, finding_id: str) -> Answer:
    given = {answer.finding.id: answer for answer in case.answers}
    kept = ", ".join(name for name, answer in given.items() if answer.behind) or "none yet"
    if finding_id not in given:
        raise ParameterError(f"no answer {finding_id!r} in this notebook so far; with threads behind them: {kept}")
    if not given[finding_id].behind:
        raise ParameterError(f"{finding_id} keeps no mentions behind its numbers; with threads behind them: {kept}")
    return given[finding_id]


def _part(answer: Answer, finding_id: str, part: str) -> str:
    counts = {name: len(ids) for name, ids in answer.behind.items()}
    told = ", ".join(f"{name!r} ({count})" for name, count in counts.items())
    if not part and len(counts) == 1:
        part = next(iter(counts))
    if part not in counts:
        raise ParameterError(f"say which part of {finding_id} to show; mentions behind each: {told}")
    if not counts[part]:
        raise ParameterError(f"{part!r} of {finding_id} counts no mention; mentions behind each part: {told}")
    return part


def _table(case: Case, turns: pd.DataFrame, shown: list[str], counted: pd.Index) -> pd.DataFrame:
    mentions = case.mentions.set_index("id")
    parts = []
    for name in shown:
        ids = turns.loc[turns["conversation"] == name, "id"].tolist() or [name]
        rows = mentions.loc[ids]
        parts.append(
            pd.DataFrame(
                {
                    "conversation": name,
                    "id": ids,
                    "side": np.where(rows["from_brand"], "ours", "customer"),
                    "published_at": rows["published_at"].dt.tz_convert(case.zone).to_numpy(dtype=object),
                    "counted": pd.Index(ids).isin(counted),
                    "text": [_masked(text, case) for text in rows["text"]],
                }
            )
        )
    columns = ["conversation", "id", "side", "published_at", "counted", "text"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _masked(text: object, case: Case) -> str:
    if not isinstance(text, str):
        return ""
    return " ".join(privacy.mask(text, case.allowed)[:LONGEST].split())
