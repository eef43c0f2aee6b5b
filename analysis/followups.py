"""followups.csv: what lessons ask for, kept over re-runs. Nothing that people wrote is ever overwritten.

One row a follow-up. A run adds what it asks for and the file does not hold yet, and renews rows that nobody touched; a
row that no lesson asks for any more stays, and the report says so. People may change any cell, add rows and columns.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.rows import FORMULA, read_rows, replace, short

FILE = "followups.csv"
COLUMNS = (
    *("id", "action", "owner", "due", "kind", "measure", "state", "verified_on", "verification", "note", "drawn"),
)
STATES = ("open", "in_progress", "done", "verified", "dropped")
"""`done` says its owner; `verified` says who measured again. Both, and `dropped`, are closed."""
CLOSED = ("done", "verified", "dropped")
KINDS = ("preventive", "detective", "responsive")
ASKED = ("action", "owner", "due", "kind", "measure")
"""What a lesson asks for; `drawn` is a fingerprint of it as it was asked, by which an edited row is known."""


@dataclass(frozen=True)
class FollowUp:
    """One row; `more` holds cells of columns that people added. Dates are ISO 8601, empty where not given."""

    id: str
    action: str
    owner: str = ""
    due: str = ""
    kind: str = ""
    measure: str = ""
    state: str = "open"
    verified_on: str = ""
    verification: str = ""
    note: str = ""
    drawn: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        return self.state in CLOSED

    @property
    def touched(self) -> bool:
        """Whether people had a hand in it."""
        written = (self.verified_on, self.verification, self.note, *self.more.values())
        return self.state != "open" or any(written) or self.drawn != _fingerprint(self)

    def overdue(self, on: date) -> bool:
        """Whether it is not closed though it was due before the day `on`."""
        return not self.closed and bool(self.due) and date.fromisoformat(self.due) < on


def read(path: Path) -> list[FollowUp] | None:
    """The follow-ups in `path`, in its order; None where there is no file: not recorded, which is not "none".

    Raises InputError with the row, what came and what to do.
    """
    if not path.is_file():
        return None
    found: dict[str, int] = {}
    kept = []
    for number, row in read_rows(path, COLUMNS, more=True):
        where = f"{path}, row {number}"
        _check(row, where)
        first = found.setdefault(row["id"], number)
        if first != number:
            raise InputError(f"{where}: {short(row['id'])} stands in row {first} already. Give one of them another id.")
        more = {name: cell for name, cell in row.items() if name not in COLUMNS}
        kept.append(FollowUp(**{name: row[name] for name in COLUMNS}, more=more))
    return kept


def asked(identity: str, action: str, owner: str, due: str, kind: str, measure: str) -> FollowUp:
    """A follow-up as a lesson asks for it; what a spreadsheet would take for a formula is led by an apostrophe."""
    cells = (" ".join(cell.split()) for cell in (action, owner, due, kind, measure))
    told = dict(zip(ASKED, ("'" + cell if cell.startswith(tuple(FORMULA)) else cell for cell in cells), strict=True))
    made = replaced(FollowUp(identity, ""), **told)  # type: ignore[arg-type]
    return replaced(made, drawn=_fingerprint(made))


def merged(kept: Iterable[FollowUp] | None, drawn: Iterable[FollowUp]) -> list[FollowUp]:
    """`kept`, those that nobody touched as `drawn` has them now, and behind them what of `drawn` they do not hold."""
    rows, new = list(kept or []), {row.id: row for row in drawn}
    held = [row if row.touched else new.get(row.id, row) for row in rows]
    known = {row.id for row in rows}
    return held + [row for name, row in new.items() if name not in known]


def write(path: Path, rows: Iterable[FollowUp]) -> None:
    """Replace `path` at once."""
    listed = list(rows)
    extra = list(dict.fromkeys(name for row in listed for name in row.more))
    cells = [{name: getattr(row, name) for name in COLUMNS} | dict(row.more) for row in listed]
    columns = (*COLUMNS, *extra)
    replace(path, pd.DataFrame(cells, columns=list(columns), dtype="string").fillna(""), columns)


def decided(rows: Iterable[FollowUp] | None) -> str:
    """A fingerprint of what people wrote: what a run itself added changes nothing in it."""
    said = [
        repr((*(getattr(row, name) for name in COLUMNS), *sorted(row.more.items())))
        for row in rows or []
        if row.touched
    ]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _fingerprint(row: FollowUp) -> str:
    return hashlib.sha256("\n".join(getattr(row, name) for name in ASKED).encode()).hexdigest()[:12]


def _check(row: Mapping[str, str], where: str) -> None:
    if not row["action"]:
        raise InputError(f"{where}: action is empty. Say what is to be done, or delete the row.")
    if row["state"] not in STATES:
        raise InputError(f"{where}: state is {short(row['state'])}. Use one of {', '.join(STATES)}.")
    if row["kind"] and row["kind"] not in KINDS:
        raise InputError(f"{where}: kind is {short(row['kind'])}. Use one of {', '.join(KINDS)}, or leave it empty.")
    for name in ("due", "verified_on"):
        if row[name] and not _is_day(row[name]):
            raise InputError(f"{where}: {name} is {short(row[name])}. Write a day as 2025-08-17.")
    if row["state"] == "verified" and not (row["verified_on"] and row["verification"]):
        raise InputError(
            f"{where}: it is verified, and verified_on or verification is empty. Say when it was measured again, and "
            "what came out; or set state to done."
        )
    if row["state"] == "dropped" and not row["note"]:
        raise InputError(f"{where}: it is dropped, and note is empty. Say why.")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
