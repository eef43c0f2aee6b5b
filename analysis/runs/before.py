"""What an incident's own report reads of the incidents before it: their published reports, beside its own findings."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from analysis.measures import follow_through, recurrence
from analysis.measures import registry as registers
from analysis.questions.case import Case
from analysis.questions.several import Several
from analysis.runs import dates, remeasure
from analysis.runs.published import Unread, earlier, own
from analysis.workspace import Workspace

ASKS = "4_lessons"
"""The notebook that asks; for no other one are reports read and later weeks scored."""


def look_back(workspace: Workspace, case: Case) -> Several | None:
    """The case and the incidents of its brand that ended before it began, as `questions.before` asks of them.

    None where notebooks 1 to 3 have not written what they found. The case is among the `Several`, without lessons of
    its own; those before it without a report that can be read are its `unread`.
    """
    chosen = own(workspace, case)
    if chosen is None:
        return None
    known = dates.others(workspace, case.incident)
    read, unread = earlier(workspace, known.loc[known["end"] <= case.start, "id"])
    before = [source for source in read if source.end <= case.start]
    spans = [(str(row["id"]), row["start"], row["end"]) for row in known.to_dict("records")]
    return together(
        [*before, chosen],
        unread,
        remeasure.of_case(workspace, case, chosen, spans),
        time_zone=case.zone,
        report_languages=case.languages,
        notebook=case.notebook,
        output=case.output,
        called=dict(zip(known["id"], known["title"], strict=True)),
    )


def together(
    sources: Sequence[registers.Source],
    unread: Iterable[Unread],
    left: tuple[pd.DataFrame, pd.Timestamp],
    *,
    time_zone: str,
    report_languages: list[str],
    notebook: str,
    output: Path,
    called: Mapping[str, str] | None = None,
) -> Several:
    """What these reports say together; `left` is `remeasure.remeasured`, `called` the titles of further incidents."""
    table = registers.registry(sources)
    middle = pd.concat([source.centres for source in sources], ignore_index=True)
    grouped = recurrence.groups(table.causes, middle)
    asked = follow_through.asked(sources, table.causes)
    measured, as_of = left
    return Several(
        registry=table,
        grouped=grouped,
        recurring=recurrence.table(grouped, table.causes, table.rows, asked),
        asked=asked,
        lessons={source.incident: source.lessons for source in sources},
        centred=not middle.empty,
        unread=[(one.incident, one.reason) for one in unread],
        remeasured=measured,
        as_of=as_of,
        time_zone=time_zone,
        report_languages=report_languages,
        notebook=notebook,
        output=output,
        called=dict(called or {}),
    )
