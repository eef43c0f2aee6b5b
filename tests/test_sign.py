"""A stamp is of contents: what was signed is called so, wherever it stands, and nothing else ever is."""

import importlib
import json
import re
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from analysis import edits, errors, findings
from analysis.errors import InputError, ParameterError, TemporaryError
from analysis.incident import Stamp, read_incident
from analysis.measures.estimate import Estimate
from analysis.questions.case import Case
from analysis.report import build as building
from analysis.report.schema import Document
from analysis.runs import manifest, publish, stamping
from analysis.runs.sign import sign
from analysis.workspace import Workspace
from tests.browser import system
from tests.test_run import edit, exit_code, told
from tests.workspace_fixture import INCIDENT, Published

running = importlib.import_module("analysis.runs.run")  # the package offers the function of that name
preparing = importlib.import_module("analysis.runs.prepare")
DAY = "2025-08-01"
APPROVED = {"en": "Approved by Ann Example on 1 Aug 2025", "zh": "由 Ann Example 于 2025年8月1日 批准"}
CHANGED = {
    "en": "Draft: changed since Ann Example approved it on 1 Aug 2025",
    "zh": "草稿：Ann Example 于 2025年8月1日 批准后，内容已有变更",
}


@dataclass
class World:
    """A workspace whose notebooks find what a test says: `variant` stands for contents, `code` for how they came to be.

    Pages are one line: what is stamped on them, and the variant that they hold.
    """

    place: Workspace
    patch: pytest.MonkeyPatch
    case: Case
    kept: Path
    variant: int = 0
    code: int = 0
    real: bool = False
    made: list[str] = field(default_factory=list)

    def arrange(self) -> "World":
        self.patch.setattr(running, "prepare", lambda *_: Path(f"variant{self.variant}"))
        self.patch.setattr(running, "load", self.load)
        self.patch.setattr(running, "execute", self.execute)
        self.patch.setattr(running.centres, "write", lambda *_: None)
        self.patch.setattr(running.manifest, "code", lambda: f"code {self.code}")
        if not self.real:
            self.patch.setattr(building, "render", self.render)
        return self

    def load(self, place: Workspace, identity: str, *_: Any) -> Case:
        self.case.incident = preparing.read(place, identity)
        self.case.stamp = Stamp()
        return self.case

    def execute(self, path: Path, work: Path, *_: Any) -> dict:
        """What a notebook wrote, put where it would have written it; the first finding says which variant it is."""
        self.made.append(path.stem)
        name = f"findings/{path.stem}.json"
        if (self.kept / name).is_file():
            first, *rest = findings.read(self.kept / name)
            said = {language: text + " ." * self.variant for language, text in first.answer.items()}
            findings.write([replace(first, answer=said), *rest], INCIDENT, work / name)
        if path.stem == running.LAST:
            shutil.copy(self.kept / "lessons.json", work)
        if self.real:
            shutil.copytree(self.kept / "figures", work / "figures", dirs_exist_ok=True)
        return {"notebook": path.stem, "status": "ok", "seconds": 0.0}

    @staticmethod
    def render(report: Document, folder: Path, name: str, found: list, dated: Any, formats: Any) -> None:
        variant = next(iter(found)).answer[report.language].count(" .")
        for form in formats:
            (folder / f"{name}.{form}").write_text(f"{report.state_text}\n{variant}")

    def run(self, **more: Any) -> Any:
        return running.run(self.place, INCIDENT, **more)

    def sign(self, state: str, by: str = "Ann Example", on: str = DAY, **more: Any) -> Any:
        return sign(self.place, INCIDENT, state, by, on, **more)

    def approve(self) -> None:
        self.sign("reviewed", "Bo")
        self.sign("approved")

    @property
    def folder(self) -> Path:
        return self.place.report(INCIDENT)

    @property
    def file(self) -> Path:
        return self.place.incident_file(INCIDENT)

    def page(self, language: str = "en", folder: Path | None = None) -> str:
        name = "postmortem.html" if language == "en" else f"postmortem.{language}.html"
        return ((folder or self.folder) / name).read_text(encoding="utf-8").split("\n")[0]

    @property
    def told(self) -> dict[str, Any]:
        return manifest.read(self.folder)


def world_in(root: Path, sample: Published, case: Case, patch: pytest.MonkeyPatch, **more: Any) -> World:
    """A fresh workspace with the sample's incidents, nothing published."""
    shutil.rmtree(root, ignore_errors=True)
    ignored = shutil.ignore_patterns("prepared", "*.lock", "cache", "archives")
    shutil.copytree(sample.place.root, root / "ws", ignore=ignored)
    return World(Workspace.at(root / "ws", root / "reports"), patch, case, sample.folder, **more).arrange()


@pytest.fixture(scope="module")
def case(sample: Published) -> Case:
    (folder,) = sample.place.prepared(INCIDENT).glob("[0-9a-f]*")
    return preparing.load(sample.place, INCIDENT, folder, "run", folder)


@pytest.fixture
def world(sample: Published, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return world_in(tmp_path / "world", sample, case, monkeypatch)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_relative_to(folder / "runs")
    }


def pdf_text(path: Path) -> str:
    return subprocess.run(
        [system("pdftotext"), "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout


# Signing


def test_nothing_differs_after_signing_but_the_state(
    sample: Published, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = world_in(tmp_path / "world", sample, case, monkeypatch, real=True)
    world.run()
    before, was = files(world.folder), world.told
    pdfs = {name: pdf_text(world.folder / name) for name in before if name.endswith(".pdf")}
    world.approve()
    after, now = files(world.folder), world.told
    changed = {name for name in after if after[name] != before.get(name)}
    documents = {f"document.{language}.json" for language in ("en", "zh")}
    made = {"postmortem": building.FORMATS, "external": building.OUTSIDE}
    pages = {f"{name}{part}.{form}" for name, forms in made.items() for part in ("", ".zh") for form in forms}
    assert changed == documents | pages | {"manifest.json"}
    assert set(before) == set(after)
    for language, part in (("en", ""), ("zh", ".zh")):
        one, other = (json.loads(side[f"document.{language}.json"]) for side in (before, after))
        draft, approved = one["state_text"], other["state_text"]
        assert approved == APPROVED[language]
        assert building.stamped(Document(**other), Stamp()) == Document(**one)
        page = after[f"postmortem{part}.html"].decode()
        assert approved in page
        assert draft not in page
        assert visible(page).replace(approved, draft) == visible(before[f"postmortem{part}.html"].decode())
        name = f"postmortem{part}.pdf"
        squeezed = [re.sub(r"\s", "", text) for text in (pdf_text(world.folder / name), approved, draft, pdfs[name])]
        assert squeezed[1] in squeezed[0]
        assert squeezed[0].replace(squeezed[1], squeezed[2]) == squeezed[3]
    stamped = {"state", "signed_by", "signed_on", "outputs"}
    assert {key for key in now if now[key] != was[key]} == stamped
    assert manifest.holds(world.folder, was["run_id"])
    assert not (world.folder / "runs").exists(), "the same run with another stamp is no earlier run"


def visible(page: str) -> str:
    """The text of a page, without its style, tones and the glyphs of its font."""
    body = re.sub(r"(?s)^.*?<body", "<body", page)
    return re.sub(r'\s+|class="[a-z ]*"|data:[^"]*', " ", body)


def test_what_was_signed_is_said_in_the_incident_s_file_and_its_comments_stay(world: World) -> None:
    world.run()
    text = "# mine\n" + world.file.read_text(encoding="utf-8").replace("state: draft", "state: draft # not yet")
    world.file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    world.sign("reviewed", "Bo")
    raw = world.file.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf# mine\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n")
    kept = raw.decode("utf-8-sig").replace("\r\n", "\n")
    assert kept.startswith(text.replace("state: draft", "state: reviewed").rstrip("\n"))
    assert "state: reviewed # not yet" in kept
    incident = read_incident(world.file)
    assert (incident.state, incident.signed_by, incident.signed_on) == ("reviewed", "Bo", date(2025, 8, 1))
    assert incident.signed_report == world.told["fingerprint"]
    world.sign("approved")
    assert world.file.read_bytes().count(b"signed_by") == 1


@pytest.mark.parametrize(
    "source", ["state: draft", "state:\n", "{state: draft, id: a}", "'state' : \"draft\" # x\nid: a\n", "id: a"]
)
def test_a_value_is_put_in_its_place_or_at_the_end(source: str) -> None:
    after = edits.applied(source, [edits.assign(source, "state", "reviewed: by #1")])
    assert yaml.safe_load(after) == yaml.safe_load(source) | {"state": "reviewed: by #1"}
    assert ("# x" in after) == ("# x" in source)


@pytest.mark.parametrize(
    ("signed", "then", "said"),
    [
        ([], "approved", "Somebody reviews it first: aftermath sign .* reviewed --by"),
        (["reviewed"], "reviewed", "Take that back first: aftermath sign .* draft --by"),
        (["reviewed", "approved"], "reviewed", "It is: Approved by Ann Example on 1 Aug 2025. Take that back first"),
        (["reviewed", "approved"], "approved", "Take that back first"),
        (["superseded"], "approved", "Take that back first"),
        (["superseded"], "reviewed", "Take that back first"),
        ([], "final", "no state of a report. Use one of: draft, reviewed, approved, superseded"),
    ],
)
def test_states_follow_each_other_or_are_refused(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    signed: list[str],
    then: str,
    said: str,
) -> None:
    world.run()
    for state in signed:
        world.sign(state)
    before, file = files(world.folder), world.file.read_bytes()
    monkeypatch.setenv("AFTERMATH_REPORTS", str(world.place.reports))
    assert exit_code(monkeypatch, world.place, "sign", INCIDENT, then, "--by", "Cy") == 2
    assert re.search(said, told(capsys.readouterr().err))
    assert files(world.folder) == before
    assert world.file.read_bytes() == file


def test_any_state_may_be_taken_back_or_superseded(world: World) -> None:
    world.run()
    for state in ("superseded", "draft", "reviewed", "draft", "reviewed", "approved", "superseded", "draft"):
        world.sign(state)
        assert world.told["state"] == state
    assert world.page() == "Draft, not reviewed"
    world.sign("superseded")
    assert world.page() == "Superseded, marked by Ann Example on 1 Aug 2025"
    world.variant = 1
    assert not world.run().changed, "superseded is said of the incident, whatever its report holds"
    assert world.page() == "Superseded, marked by Ann Example on 1 Aug 2025"


def test_what_cannot_be_signed_says_what_to_do(world: World) -> None:
    with pytest.raises(ParameterError, match=r"no report is published\. Run it"):
        world.sign("reviewed")
    run = world.run().run_id
    with pytest.raises(ParameterError, match=f"run {run} is published, not 0. Read it"):
        world.sign("reviewed", run="0")
    tomorrow = (date.today() + timedelta(days=2)).isoformat()
    for on, said in ((tomorrow, "still to come"), ("1 August", "no day. Write it as 2")):
        with pytest.raises(ParameterError, match=said):
            world.sign("reviewed", on=on)
    for by in ("", "x" * 81, "Ann\u202e"):
        with pytest.raises(ParameterError, match="who signs has a name"):
            world.sign("reviewed", by)
    with publish.alone(world.place, INCIDENT), pytest.raises(TemporaryError, match="another run"):
        world.sign("reviewed")
    (world.folder / "findings.json").write_bytes((world.folder / "findings.json").read_bytes() + b" ")
    with pytest.raises(InputError, match="not as it was made"):
        world.sign("reviewed")
    assert "signed_by" not in world.file.read_text(encoding="utf-8")


def test_a_file_that_was_edited_meanwhile_is_not_overwritten(world: World) -> None:
    world.run()
    drawn = World.render

    def slow(*given: Any) -> None:
        edit(world.file, "severity: 4", "severity: 3")
        world.patch.setattr(building, "render", drawn)
        drawn(*given)

    world.patch.setattr(building, "render", slow)
    before = files(world.folder)
    with pytest.raises(TemporaryError, match="edited meanwhile"):
        world.sign("reviewed")
    assert files(world.folder) == before
    assert "signed_by" not in world.file.read_text(encoding="utf-8")


# Running again


def test_a_run_after_signing_does_nothing(world: World) -> None:
    world.run()
    ids = {name: run_id(world.place, name) for name in world.place.incidents()}
    world.approve()
    before = files(world.folder)
    world.made.clear()
    done = world.run()
    assert done.unchanged
    assert not done.changed
    assert not world.made
    assert files(world.folder) == before
    assert {name: run_id(world.place, name) for name in world.place.incidents()} == ids, "nor in other incidents"


def run_id(place: Workspace, name: str) -> str:
    return running._run_id(place, name, "", {})


def test_a_superseded_incident_is_news_to_the_others(world: World) -> None:
    (world.place.report(INCIDENT)).mkdir(parents=True)
    other = max(world.place.incidents())  # the latest, to which it is an earlier one
    before = run_id(world.place, other)
    edit(world.file, "state: draft", "state: superseded")
    assert run_id(world.place, other) != before


def test_other_contents_are_a_draft_that_says_so_and_the_signed_report_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = world.run().run_id
    world.approve()
    approved = files(world.folder)
    world.variant = 1
    for _ in range(2):  # again: a schedule must not take it for a good one
        assert exit_code(monkeypatch, world.place, "run", INCIDENT) == 0
        said = capsys.readouterr()
        assert f"{INCIDENT}: {CHANGED['en']}. Read it, then: aftermath sign {INCIDENT} reviewed" in said.err
    assert "unchanged: " in said.out
    assert [world.page(language) for language in ("en", "zh")] == list(CHANGED.values())
    made = world.told
    assert (made["state"], made["changed_since"], made["signed_by"]) == ("draft", "approved", "Ann Example")
    assert CHANGED["en"] in made["warnings"]
    portal = (world.place.reports / "index.html").read_text(encoding="utf-8")
    assert CHANGED["en"] in portal
    assert files(world.folder / "runs" / first) == approved
    for code in range(publish.RETAINED + 2):
        world.code += 1
        world.variant = 2 + code % 2
        world.run()
    kept = {path.name for path in (world.folder / "runs").iterdir()}
    assert len(kept) == publish.RETAINED + 1
    assert first in kept, "what was signed is not forgotten"
    world.approve()
    assert world.page() == APPROVED["en"]
    assert CHANGED["en"] not in world.told["warnings"]
    assert world.run().unchanged


def test_the_same_contents_stay_signed_whatever_made_them(world: World) -> None:
    first = world.run().run_id
    world.approve()
    world.code = 1
    done = world.run()
    assert (done.unchanged, done.changed) == (False, "")
    assert done.run_id != first
    assert [world.page(language) for language in ("en", "zh")] == list(APPROVED.values())
    world.run(force=True)
    assert world.page() == APPROVED["en"]
    for world.code in range(2, publish.RETAINED + 4):
        world.run()
    kept = {path.name for path in (world.folder / "runs").iterdir()}
    assert len(kept) == publish.RETAINED, "of contents that are approved still, no more is kept than of others"


def test_another_title_is_not_what_was_approved(world: World) -> None:
    world.run()
    world.approve()
    text = world.file.read_text(encoding="utf-8")
    world.file.write_text(re.sub(r"(?m)^title: .*$", "title: All was well", text), encoding="utf-8")
    assert world.run().changed == CHANGED["en"]


def test_a_hand_written_state_is_stamped_by_the_next_run(world: World) -> None:
    world.run()
    world.approve()
    signed = world.file.read_text(encoding="utf-8")
    edit(world.file, "state: approved", "state: superseded")
    world.made.clear()
    done = world.run()
    assert not done.unchanged
    assert not world.made, "nothing is computed again"
    assert world.page() == "Superseded, marked by Ann Example on 1 Aug 2025"
    world.file.write_text(signed, encoding="utf-8")
    world.run()
    assert world.page() == APPROVED["en"]
    assert world.run().unchanged


def test_a_short_report_is_signed_too(world: World) -> None:
    world.patch.setattr(running, "MINIMUM_MENTIONS", 10**9)
    with pytest.raises(errors.InsufficientData):
        world.run()
    world.approve()
    with pytest.raises(errors.InsufficientData):
        world.run()
    assert world.page() == APPROVED["en"]
    world.variant = 1
    with pytest.raises(errors.InsufficientData, match=CHANGED["en"]):
        world.run()
    assert world.page() == CHANGED["en"]


def test_a_report_of_an_older_version_is_not_signed(world: World) -> None:
    world.run()
    made = world.told
    manifest.write(world.folder, {key: value for key, value in made.items() if key != "fingerprint"})
    with pytest.raises(InputError, match=r"another version.*Run the incident again"):
        world.sign("reviewed")
    assert Stamp.of({"state": "approved"}) == Stamp()


def test_what_no_reader_sees_is_not_in_the_fingerprint(world: World) -> None:
    world.run()
    made, found = world.told, findings.read(world.folder / "findings.json")
    seen = stamping.fingerprint(found, [], made)
    other = made | {"run_id": "x", "started": "2020", "versions": {}, "commit": None, "code": "y"}
    unseen = [replace(one, facts={"x": 1}, notebook="0", message="m") for one in found]
    assert stamping.fingerprint(unseen, [], other) == seen
    first, *rest = found
    for changed in (
        replace(first, answer={"en": "x"}),
        replace(first, values={"x": Estimate(1.0, "count", 1, "made")}),
        replace(first, certainty="refused"),
    ):
        assert stamping.fingerprint([changed, *rest], [], made) != seen
    assert stamping.fingerprint(found, [], made | {"short": True}) != seen


# Killed


class Killed(BaseException):
    """The process is gone: nothing may tidy up after it."""


def killed_after(renames: int, patch: pytest.MonkeyPatch) -> None:
    """From now on, the process is gone after so many renames."""
    renamed = Path.rename
    left = [renames]

    def rename(self: Path, target: Path) -> Path:
        if not left[0]:
            raise Killed
        left[0] -= 1
        return renamed(self, target)

    patch.setattr(Path, "rename", rename)


@pytest.mark.parametrize("renames", [0, 1, 2])
@pytest.mark.parametrize("then", ["sign", "run"])
def test_killed_between_renames_it_ends_where_the_file_says(world: World, renames: int, then: str) -> None:
    """0: before incident.yml is in place; 1: before the report is moved away; 2: before the new one is in its place."""
    world.run()
    world.sign("reviewed", "Bo")
    with pytest.MonkeyPatch.context() as patch:
        killed_after(renames, patch)
        with pytest.raises(Killed):
            world.sign("approved")
    if then == "sign":
        world.sign("approved")
    else:
        world.run()
    expected = APPROVED["en"] if renames or then == "sign" else "Reviewed by Bo on 1 Aug 2025"
    assert world.page() == expected
    assert world.run().unchanged
    assert not (world.place.work / f"{INCIDENT}.previous").exists()


def test_the_same_command_on_a_later_day_finds_its_work_done(world: World) -> None:
    world.run()
    world.sign("reviewed", on="2025-07-30")
    done = world.sign("reviewed", on="")
    assert done.already
    assert done.stamp.on == "2025-07-30"


# Any sequence


WANTED = ("next", "next", "next", "next", "draft", "superseded", "reviewed", "approved")
"""What a signature asks for: mostly the state that follows."""


class Machine(RuleBasedStateMachine):
    """Runs and signatures in any order, some of them killed; pages are held against what was said of their contents."""

    start: Any = None

    @initialize()
    def begin(self) -> None:
        self.patch = pytest.MonkeyPatch()
        self.world: World = type(self).start(self.patch)
        self.said: set[tuple[str, int]] = {("Draft, not reviewed", variant) for variant in range(2)}
        self.texts: list[bytes] = []
        self.world.run()
        self.settled()

    @rule(variant=st.integers(0, 1), code=st.integers(0, 1))
    def run(self, variant: int, code: int) -> None:
        self.world.variant, self.world.code = variant, code
        done = self.world.run()
        assert done.run_id == self.world.told["run_id"]
        assert self.shown()[1] == variant
        self.settled()

    @rule(wanted=st.sampled_from(WANTED), by=st.sampled_from(["Ann", "Bo"]))
    def sign(self, wanted: str, by: str) -> None:
        before, state = files(self.world.folder), self.following(wanted)
        self.log(state, by)
        try:
            self.world.sign(state, by)
        except ParameterError:
            assert files(self.world.folder) == before
            return
        assert self.world.told["state"] == state
        self.settled()

    @rule(wanted=st.sampled_from(WANTED), renames=st.integers(0, 3))
    def killed(self, wanted: str, renames: int) -> None:
        state = self.following(wanted)
        self.log(state, "Cy")
        with pytest.MonkeyPatch.context() as patch:
            killed_after(renames, patch)
            with suppress(Killed, ParameterError):
                self.world.sign(state, "Cy")
        publish.recover(self.world.place, INCIDENT)
        self.honest()

    @rule(at=st.integers(0, 9))
    def brought_back(self, at: int) -> None:
        """An earlier version of incident.yml, as from a backup, and then a run of what was run last."""
        self.world.file.write_bytes(self.texts[at % len(self.texts)])
        self.world.run()
        self.settled()

    def following(self, wanted: str) -> str:
        return {"draft": "reviewed"}.get(self.world.told["state"], "approved") if wanted == "next" else wanted

    def log(self, state: str, by: str) -> None:
        """What is about to be said of the contents that are published."""
        variant = self.shown()[1]
        word = {"reviewed": "Reviewed", "approved": "Approved"}.get(state)
        if word:
            self.said.add((f"{word} by {by} on 1 Aug 2025", variant))

    def shown(self, folder: Path | None = None) -> tuple[str, int]:
        text, variant = ((folder or self.world.folder) / "postmortem.html").read_text().split("\n")
        return text, int(variant)

    def honest(self) -> None:
        """No page is called reviewed or approved but those whose contents somebody signed so."""
        for folder in (self.world.folder, *self.world.folder.glob("runs/*")):
            text, variant = self.shown(folder)
            assert (text, variant) in self.said or text.startswith(("Draft: changed since", "Superseded")), text
            assert manifest.holds(folder, manifest.read(folder)["run_id"])

    def settled(self) -> None:
        """The page says what the file says of these contents, and no run has anything to do."""
        self.honest()
        self.texts.append(self.world.file.read_bytes())
        incident = read_incident(self.world.file)
        text, _ = self.shown()
        same = incident.signed_report == self.world.told["fingerprint"]
        if incident.state in ("reviewed", "approved"):
            verb = incident.state.removesuffix("d") + "d"
            expected = f"{verb.capitalize()} by {incident.signed_by} on 1 Aug 2025"
            other = f"Draft: changed since {incident.signed_by} {verb} it on 1 Aug 2025"
            assert text == (expected if same else other)
        else:
            assert text.startswith("Superseded" if incident.state == "superseded" else "Draft, not reviewed")

    def teardown(self) -> None:
        if hasattr(self, "patch"):
            self.patch.undo()


@pytest.fixture
def machine(sample: Published, case: Case, tmp_path: Path) -> type[Machine]:
    class Here(Machine):
        start = staticmethod(lambda patch: world_in(tmp_path / "world", sample, case, patch))

    return Here


def sequences(machine: type[Machine], examples: int, steps: int) -> None:
    slow = list(HealthCheck)
    chosen = settings(max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=slow)
    run_state_machine_as_test(machine, settings=chosen)


def test_in_any_order_of_runs_and_signatures_a_page_says_what_was_signed_of_it(machine: type[Machine]) -> None:
    sequences(machine, 10, 12)


@pytest.mark.slow
def test_in_many_orders_a_page_says_what_was_signed_of_it(machine: type[Machine]) -> None:
    sequences(machine, 60, 16)
