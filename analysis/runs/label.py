"""`aftermath label`: people say of a sample of mentions whether they are negative, neutral or positive.

The sample is drawn once and kept in sample.csv; each answer is kept in labels.csv at once. Whoever labels sees neither
the scorer's opinion nor the author. Several people may label the same sample, also at the same time.
"""

import os
import select
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from getpass import getuser
from html import escape

import pandas as pd

from analysis import labels, privacy
from analysis.errors import InsufficientData, ParameterError
from analysis.measures.calibration import FEWEST, OFFSET_UP_TO
from analysis.runs.archives import Progress, quiet
from analysis.runs.lock import label_lock, locked
from analysis.runs.prepare import prepare, read
from analysis.scoring import relevance
from analysis.workspace import REPOSITORY, Workspace

SHOWN = 1_200
"""Characters of a mention that are shown: the rest seldom changes a judgement."""
MARKS = 4
"""Combining marks that one letter may carry."""
AHEAD = 20
"""Mentions that a sheet shows at a time."""
COLUMNS = ("id", "published_at", "text", "from_brand", "scorer", "p_negative", "p_neutral", "p_positive", "relevance")


@dataclass
class Sheet:
    """The sample of an incident and what one person has said of it; numbered from 1, in the order to ask.

    In a notebook it shows the next mentions as a table; `answer` and `say` keep answers.
    """

    workspace: Workspace
    incident: str
    labeller: str
    texts: dict[str, str]
    """Id → text as it may be shown, in the order to ask."""
    wanted: int
    """Mentions that were asked for: fewer texts are all there are."""
    answers: dict[str, str] = field(default_factory=dict)
    """Id → label, of this person."""

    def __post_init__(self) -> None:
        self.reread()

    @property
    def ids(self) -> list[str]:
        return list(self.texts)

    @property
    def open(self) -> list[int]:
        """Numbers without an answer."""
        return [number for number, name in enumerate(self.texts, start=1) if name not in self.answers]

    def reread(self) -> None:
        """Take in what stands in labels.csv."""
        path = self.workspace.labels(self.incident)
        table = labels.read(path) if path.is_file() else labels.empty()
        own = table[(table["labeller"] == self.labeller) & table["id"].isin(self.texts)]
        self.answers = dict(zip(own["id"], own["label"], strict=True))

    def say(self, number: int, label: str | None) -> "Sheet":
        """Keep the answer for the mention with that number; None takes it back. ParameterError for what is neither."""
        return self.answer({number: label})

    def answer(self, said: Mapping[int, str | None]) -> "Sheet":
        """Keep several answers, all or none: {1: "negative", 2: "u"}; n, u and p will do. What stood there goes."""
        names, given = self.ids, {}
        for number, label in said.items():
            if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= len(names):
                raise ParameterError(f"{number!r} is no number of a mention: they go from 1 to {len(names)}.")
            plain = label.strip().casefold() if isinstance(label, str) else label
            whole = labels.SHORT.get(plain, plain) if plain is not None else None
            if whole is not None and whole not in labels.LABELS:
                raise ParameterError(f"{label!r} is no label for number {number}: use {', '.join(labels.LABELS)}.")
            given[names[number - 1]] = whole
        with locked(label_lock(self.workspace, self.incident)):
            self._keep(given)
        self.reread()
        return self

    def _keep(self, given: Mapping[str, str | None]) -> None:
        path = self.workspace.labels(self.incident)
        table = labels.read(path) if path.is_file() else labels.empty()
        table = table[~((table["labeller"] == self.labeller) & table["id"].isin(given))]
        # A mention that was taken out of the sample meanwhile, since its author was forgotten, does not come back.
        drawn = set(labels.read_sample(self.workspace.sample(self.incident))["id"])
        when = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [(name, label, self.labeller, when) for name, label in given.items() if label and name in drawn]
        new = pd.DataFrame(rows, columns=list(labels.COLUMNS), dtype="string")
        labels.write(path, pd.concat([table, new], ignore_index=True))

    def progress(self) -> str:
        """How far it is, and what for."""
        done, whole = len(self.answers), len(self.texts)
        if done < FEWEST:
            aim = f"calibration begins at {FEWEST}"
        elif done <= OFFSET_UP_TO:
            aim = f"levels are calibrated; above {OFFSET_UP_TO} single mentions are judged better too"
        else:
            aim = "each further one narrows the intervals"
        return f"{done} of {whole} answered ({aim})"

    def __repr__(self) -> str:
        rows = [f"{number:>5}  {self.texts[self.ids[number - 1]]}" for number in self.open[:AHEAD]]
        return "\n".join([self.progress(), *rows])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{number}</td><td style='text-align:left'>{escape(self.texts[self.ids[number - 1]])}</td></tr>"
            for number in self.open[:AHEAD]
        )
        return f"<p>{escape(self.progress())}</p><table>{rows}</table>"


def sheet(incident: str, workspace: str = "", *, n: int = 200, labeller: str = "", progress: Progress = quiet) -> Sheet:
    """The sheet of `incident` for a notebook: prepared and drawn now where it is not yet.

    `workspace` is a folder, relative to the repository or absolute; empty: as `Workspace.at`.
    """
    return opened(Workspace.at(REPOSITORY / workspace if workspace else None), incident, n, labeller, progress)


def opened(workspace: Workspace, identity: str, n: int = 200, labeller: str = "", progress: Progress = quiet) -> Sheet:
    """The sample of `identity`, drawn or filled up to `n`, as `labeller` (by default who is logged in) answers it.

    Raises what `prepare` raises, ParameterError where n or the name will not do, InputError where labels.csv or
    sample.csv breaks its contract, and InsufficientData where no mention of the incident was scored.
    """
    if n < 1:
        raise ParameterError(f"-n is {n}: ask for at least one mention. {FEWEST} calibrate levels, 200 are better.")
    name = labels.name(labeller or _login())
    incident = read(workspace, identity)
    folder = prepare(workspace, identity, progress)
    mentions = pd.read_parquet(folder / "mentions.parquet", columns=list(COLUMNS))
    mentions = mentions[relevance.kept(mentions)]
    key = privacy.load_key(workspace.key)
    shown = {
        privacy.pseudonym(account, key): account for account in (*incident.brand_accounts, *incident.public_accounts)
    }
    texts = mentions.set_index("id")["text"]
    with locked(label_lock(workspace, identity)):
        sample = _drawn(workspace, identity, mentions, n)
    asked = [one for one in sample["id"].head(n) if one in texts.index]
    if not asked:
        raise InsufficientData(
            f"incident {identity}: no mention was scored, so there is nothing to calibrate. See languages in "
            f"{workspace.incident_file(identity)}."
        )
    return Sheet(workspace, identity, name, {one: inert(privacy.mask(texts[one], shown)) for one in asked}, n)


def _drawn(workspace: Workspace, identity: str, mentions: pd.DataFrame, n: int) -> pd.DataFrame:
    """sample.csv with at least `n` mentions of these, or as many as there are: those that left are made up for."""
    path = workspace.sample(identity)
    held = labels.read_sample(path) if path.is_file() else labels.no_sample()
    gone = int((~held["id"].isin(mentions["id"])).sum())
    sample = labels.draw(mentions, n + gone, drawn=held)
    if len(sample) > len(held):
        labels.write_sample(path, sample)
    return sample[sample["id"].isin(mentions["id"])]


def _login() -> str:
    try:
        return getuser()
    except (OSError, KeyError):  # no such user is known here, as in some containers
        return "analyst"


def inert(text: str, longest: int = SHOWN) -> str:
    """`text` as a terminal or a page may show it: nothing in it moves a cursor, turns writing round or piles up."""
    out: list[str] = []
    marks = 0
    for character in text[: longest * 4]:
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if kind in ("Zs", "Zl", "Zp") or character in "\t\n\r\v\f":
            out.append(" ")
        elif kind == "Cs":
            out.append("\ufffd")
        elif character == "\u200d" or (not kind.startswith("C") and marks <= MARKS):  # the first joins emoji
            out.append(character)
    plain = " ".join("".join(out).split())
    cut = len(plain) > longest or len(text) > longest * 4
    return f"{plain[:longest].rstrip()} … ({len(text):,} characters)" if cut else plain or "(nothing to see)"


Read = Callable[[], str]
"""The next key that is pressed; raises EOFError or KeyboardInterrupt where there is none."""
Write = Callable[[str], None]
"""Shows a line."""
HELP = "n negative · u neutral · p positive · s skip · b back · q quit"


def ask(sheet: Sheet, press: Read, write: Write) -> int:
    """Ask for each mention that has no answer yet; how many were given. Ends where all are, and at q or Ctrl-C."""
    for line in introduction(sheet):
        write(line)
    before = len(sheet.answers)
    with suppress(EOFError, KeyboardInterrupt):
        _ask(sheet, press, write)
    write(ending(sheet))
    return len(sheet.answers) - before


def _ask(sheet: Sheet, press: Read, write: Write) -> None:
    at, queue = 0, sheet.open
    while at < len(queue):
        number = queue[at]
        write(f"\n[{at + 1} of {len(queue)}]  {sheet.progress()}\n\n{sheet.texts[sheet.ids[number - 1]]}\n\n{HELP}")
        key = press().casefold()
        if key in ("q", "\x04"):
            return
        if key == "b":
            at = max(at - 1, 0)
        elif key == "s":
            at += 1
        elif key in labels.SHORT:
            sheet.say(number, key)
            write(f"→ {labels.SHORT[key]}")
            at += 1
        else:
            write(f"{key!r} is none of these keys.")


def introduction(sheet: Sheet) -> Iterator[str]:
    yield f"{sheet.incident}: {len(sheet.texts)} mentions to label as {sheet.labeller}; {len(sheet.open)} are open."
    yield "Say how each sounds to you. A complaint is negative however polite it is; a plain question is neutral."
    yield f"{FEWEST} answers calibrate levels of sentiment, 200 (a quarter of an hour) well. Each is kept at once."


def ending(sheet: Sheet) -> str:
    left = len(sheet.open)
    more = f"{left} are open: the same command goes on."
    if not left and len(sheet.texts) < sheet.wanted:
        more = "All are answered, and there are no more."
    elif not left:
        more = f"All are answered. For narrower intervals ask for more: -n {len(sheet.texts) * 2}."
    return f"\n{sheet.progress()}. {more} The next run uses them: aftermath run {sheet.incident}"


def check_terminal() -> None:
    """ParameterError where there is nobody to ask."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ParameterError(
            "aftermath label asks at a terminal, and this is none. Run it in one; in a notebook use "
            "analysis.runs.label.sheet; or fill in labels.csv (id,label,labeller,when) for the ids of sample.csv."
        )


@contextmanager
def keys() -> Iterator[Read]:
    """The keys of this terminal, one at a time; what was pressed before is forgotten."""
    import termios
    import tty

    source = sys.stdin.fileno()
    before = termios.tcgetattr(source)

    def press() -> str:
        key = os.read(source, 1)
        if not key:
            raise EOFError
        if key == b"\x1b" or key >= b"\x80":  # an arrow or a letter of several bytes is one key
            while select.select([source], [], [], 0)[0]:
                key += os.read(source, 1)
        return key.decode("utf-8", "replace")

    tty.setcbreak(source)
    try:
        yield press
    finally:
        termios.tcsetattr(source, termios.TCSADRAIN, before)
