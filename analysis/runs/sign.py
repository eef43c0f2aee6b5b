"""`aftermath sign`: somebody reviews, approves, supersedes or takes back the published report of an incident."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import yaml

from analysis import edits
from analysis.contract import check
from analysis.errors import InputError, ParameterError, TemporaryError
from analysis.incident import SIGNATURE, Incident, Stamp, State, signer
from analysis.report.voice import Voice, state_word
from analysis.runs import manifest, publish, stamping
from analysis.runs.prepare import read
from analysis.workspace import Workspace

BEFORE: Mapping[str, tuple[str, ...]] = {
    "reviewed": ("draft",),
    "approved": ("reviewed",),
    "superseded": ("draft", "reviewed", "approved"),
    "draft": ("draft", "reviewed", "approved", "superseded"),
}
"""State → the states that it may follow. Nobody approves what nobody reviewed; what was signed is first taken back."""


@dataclass(frozen=True)
class Signed:
    """What became of a report: its stamp, how it reads in English, and its pages. `already`: it stood so before."""

    folder: Path
    run_id: str
    stamp: Stamp
    text: str
    files: list[Path]
    already: bool = False


def sign(workspace: Workspace, identity: str, state: str, by: str, on: str = "", *, run: str = "") -> Signed:
    """Stamp the published report of an incident `state`, and write into incident.yml who signed what, and when.

    The pages are rendered again from the Documents that the run kept, so that nothing but the stamp differs. `on` is a
    day such as 2026-03-01, today in the incident's time zone where absent; `run` is the id of the run that was read:
    where another one was published since, nothing is signed. incident.yml is written just before the report is put in
    its place: whoever is killed between the two repeats the command, or runs the incident, and ends at the same stamp.

    Raises ParameterError (exit 2) for a state that cannot follow, a day to come, another run or no report, InputError
    for files that do not keep their contract or were altered, RenderError, and TemporaryError where a run of the
    incident is under way.
    """
    read(workspace, identity)
    with publish.alone(workspace, identity):
        publish.recover(workspace, identity)
        folder, path = workspace.report(identity), workspace.incident_file(identity)
        before, incident = path.read_bytes(), read(workspace, identity)
        made = _whole(workspace, identity, folder, run)
        seen = stamping.contents(folder, made)
        found, wanted = incident.stamp(seen), _wanted(incident, state, by, on)
        if not on and replace(wanted, on=found.on) == found:
            wanted = found  # the same command, repeated on a later day
        if wanted != found:
            _follows(identity, found, wanted)
            after = _edited(path, before, wanted, seen)
        elif Stamp.of(made) == wanted:
            return _signed(folder, made, wanted, already=True)
        else:
            after = before
        work = stamping.aside(workspace, folder, made, wanted, seen)
        if path.read_bytes() != before:
            raise TemporaryError(f"{path}: it was edited meanwhile. Nothing was signed; repeat the command.")
        _replace(path, after)
        publish.publish(workspace, identity, work)
        return _signed(folder, made, wanted)


def _whole(workspace: Workspace, identity: str, folder: Path, run: str) -> dict[str, Any]:
    """The manifest of the published report, which stands there as it was made."""
    if not (folder / "manifest.json").is_file():
        raise ParameterError(f"incident {identity}: no report is published. Run it, and read the report, first.")
    made = manifest.read(folder)
    if made.get("workspace") != workspace.root.name:
        raise ParameterError(f"{folder}: this report is of another workspace, {made.get('workspace')}. See --reports.")
    if "fingerprint" not in made:
        raise InputError(f"{folder}: another version of Aftermath made this report. Run the incident again.")
    if not manifest.holds(folder, made["run_id"]):
        raise InputError(f"{folder}: this report is not as it was made. Run the incident again, and read it, first.")
    if run and run != made["run_id"]:
        raise ParameterError(
            f"incident {identity}: run {made['run_id']} is published, not {run}. Read it, and sign that one."
        )
    return made


def _wanted(incident: Incident, state: str, by: str, on: str) -> Stamp:
    if state not in BEFORE:
        raise ParameterError(f"{state!r} is no state of a report. Use one of: {', '.join(get_args(State))}.")
    try:
        name = signer(by)
    except ValueError as error:
        raise ParameterError(f"--by {by!r}: {error}.") from error
    today = datetime.now(ZoneInfo(incident.time_zone)).date()
    try:
        day = date.fromisoformat(on) if on else today
    except ValueError as error:
        raise ParameterError(f"--on {on!r} is no day. Write it as {today}.") from error
    if day > max(today, date.today()):
        raise ParameterError(f"--on {on}: that day is still to come. Nobody has signed on it.")
    return Stamp(state, name, day.isoformat())  # type: ignore[arg-type]


def _follows(identity: str, found: Stamp, wanted: Stamp) -> None:
    """ParameterError, with what to do, where `wanted` cannot follow `found`."""
    if found.state in BEFORE[wanted.state]:
        return
    now = state_word(found, Voice("en", "UTC"))
    if wanted.state == "approved" and found.state == "draft":
        todo = f"Somebody reviews it first: aftermath sign {identity} reviewed --by NAME."
    else:
        todo = f"Take that back first: aftermath sign {identity} draft --by NAME."
    raise ParameterError(f"incident {identity}: its report cannot be signed {wanted.state}. It is: {now}. {todo}")


def _edited(path: Path, before: bytes, stamp: Stamp, seen: str) -> bytes:
    """The incident's file with the signature, all else as it is; InputError where that cannot be written into it."""
    text = before.decode("utf-8-sig")
    mark = before[: len(before) - len(text.encode())]
    values = dict(zip(SIGNATURE, (stamp.state, stamp.by, date.fromisoformat(stamp.on), seen), strict=True))
    told = yaml.safe_load(text)
    try:
        for key, value in values.items():
            text = edits.applied(text, [edits.assign(text, key, value)])
        if yaml.safe_load(text) != told | values:
            raise ValueError("something else would change")
        check(yaml.safe_load(text), Incident, path)
    except (ValueError, yaml.YAMLError) as error:
        lines = "; ".join(f"{key}: {value}" for key, value in values.items())
        raise InputError(
            f"{path}: cannot be edited in place ({error}). Write these lines yourself: {lines}."
        ) from error
    return mark + text.encode()


def _replace(path: Path, text: bytes) -> None:
    """Write `text` to `path` at once or not at all."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    beside.chmod(path.stat().st_mode)
    beside.rename(path)


def _signed(folder: Path, made: Mapping[str, Any], stamp: Stamp, *, already: bool = False) -> Signed:
    files = [path for form in ("pdf", "html") for path in sorted(folder.glob(f"postmortem*.{form}"))]
    return Signed(folder, made["run_id"], stamp, state_word(stamp, Voice("en", "UTC")), files, already)
