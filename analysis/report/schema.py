"""The Document: everything a report says, in one language, before it has a look.

`html.render` and `pdf.render` take it as it is: they add no words, no numbers and no order of their own.
"""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Tone = Literal["good", "warning", "bad", "neutral"]
Source = Literal["manifest", "incident", "plan", "run", "structure"]
"""Where numbers come from that no finding holds: a region with a source is left out by the evidence lint."""
FindingId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")]
Anchor = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]


def _told(text: str) -> str:
    if not text.strip():
        raise ValueError("a figure needs an alternative text: say what it shows")
    return text


class Part(BaseModel):
    """A piece of a document; refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Claim(Part):
    """A text, and the findings that hold its numbers; an `internal` one is never in an external edition."""

    text: str
    findings: list[FindingId] = []
    internal: bool = False


class Status(Part):
    """One word on the state of affairs: the report's state, the severity, the confidence."""

    label: str
    text: str
    tone: Tone = "neutral"
    findings: list[FindingId] = []


class Coverage(Part):
    """What the collection saw and what it did not."""

    tone: Tone
    title: str
    text: str
    findings: list[FindingId] = []


class Number(Part):
    """A key number with its interval and against its baseline, all as text."""

    label: str
    value: str
    interval: str = ""
    baseline: str = ""
    note: str = ""
    tone: Tone = "neutral"
    finding: FindingId


class Picture(Part):
    """An SVG file; `path` is absolute, or relative to the folder that the report is written to."""

    path: str
    alt: Annotated[str, AfterValidator(_told)]
    title: str = ""
    """Shown above the picture: leave it empty where the picture itself carries it."""
    caption: str = ""
    finding: FindingId | None = None


class FirstPage(Part):
    """What can be acted on alone; printed on one sheet."""

    status: list[Status] = []
    coverage: Coverage | None = None
    paragraph: list[Claim]
    decision: Claim | None = None
    """What is asked of the reader."""
    numbers: Annotated[list[Number], Field(max_length=6)] = []
    figure: Picture | None = None


class Heading(Part):
    kind: Literal["heading"]
    title: str


class Paragraph(Claim):
    kind: Literal["paragraph"]
    source: Source | None = None


class Figure(Picture):
    kind: Literal["figure"]


class Column(Part):
    label: str
    align: Literal["left", "right"] = "left"


class Table(Part):
    """`rows_total` is set by `clean` where it left rows out; `file` is where the whole table is."""

    kind: Literal["table"]
    caption: str
    columns: Annotated[list[Column], Field(min_length=1)]
    rows: list[list[str]]
    note: str = ""
    finding: FindingId | None = None
    source: Source | None = None
    file: str = ""
    rows_total: int | None = None

    @model_validator(mode="after")
    def _rectangular(self) -> Self:
        wrong = next((row for row in self.rows if len(row) != len(self.columns)), None)
        if wrong is not None:
            raise ValueError(f"a row has {len(wrong)} cells where the table has {len(self.columns)} columns: {wrong}")
        return self


class Quote(Part):
    text: str
    id: str
    when: str = ""


class Quotes(Part):
    kind: Literal["quotes"]
    items: list[Quote]
    finding: FindingId


class Callout(Part):
    kind: Literal["callout"]
    tone: Tone
    title: str
    text: str
    findings: list[FindingId] = []
    source: Source | None = None


class Items(Part):
    kind: Literal["list"]
    items: list[Claim]
    source: Source | None = None


class FollowUp(Part):
    """What is asked for: a plan, so that its numbers are targets and need no finding."""

    owner: str = ""
    due: str = ""
    kind: str = ""
    measure: str = ""
    action: str = ""
    state: str = ""


class Lesson(Part):
    kind: Literal["lesson"]
    number: str
    verdict: str
    title: str
    text: str
    practice: str = ""
    strength: str = ""
    unless: str = ""
    """What would change the verdict."""
    rule: str = ""
    """By which rule it was drawn, with its source."""
    tone: Tone = "neutral"
    findings: list[FindingId] = []
    follow_up: FollowUp | None = None


class Definition(Part):
    kind: Literal["definition"]
    term: str
    text: str
    findings: list[FindingId] = []
    source: Source | None = "structure"


class Brief(Claim):
    """A claim with the name of what it is about."""

    term: str
    tone: Tone = "neutral"


class Briefs(Part):
    """Claims side by side, each under its name."""

    kind: Literal["briefs"]
    items: list[Brief]


class Ask(FollowUp):
    """A follow-up in the list of all: the lesson that asks for it, and where that stands in full."""

    number: str
    lesson: str
    tone: Tone = "neutral"
    findings: list[FindingId] = []


class Asks(Part):
    """What is to be done, by whom and when."""

    kind: Literal["asks"]
    items: list[Ask]
    note: str = ""


Block = Annotated[
    Heading | Paragraph | Figure | Table | Quotes | Callout | Items | Lesson | Definition | Briefs | Asks,
    Field(discriminator="kind"),
]


class Section(Part):
    id: Anchor
    title: str
    sheet: bool = False
    """Printed on a sheet of its own, as page one is: text and figures get smaller until it holds them."""
    lead: str = ""
    findings: list[FindingId] = []
    """The findings behind the lead."""
    source: Source | None = None
    """Where every number of the section comes from, unless a block names findings."""
    blocks: list[Block] = []


class Evidence(Part):
    """An entry of the list that claims point to: a finding in full, with all that it rests on."""

    number: int
    finding: FindingId
    group: str = ""
    """The question that it belongs to; entries of one group stand together."""
    title: str
    text: str = ""
    method: str = ""
    n: str = ""
    certainty: str = ""
    mentions: str = ""
    """How many mentions it counts, and where they are listed."""
    blocks: list[Block] = []


class Labels(Part):
    """The words of the page itself. In braces: what the renderer fills in."""

    contents: str
    evidence: str
    figure: str
    table: str
    skip: str
    """Skip to the content."""
    key_numbers: str
    period: str
    generated: str
    method: str
    observations: str
    quote: str
    practice: str
    strength: str
    unless: str
    rule: str
    certainty: str
    lesson: str
    back: str
    """Back to the claim."""
    drawn: str
    """For evidence whose figure stands elsewhere: {figure}."""
    follow_up: str
    owner: str
    due: str
    kind: str
    measure: str
    action: str
    followed: str
    rows_capped: str
    """For a shortened table: {shown}, {total}, {file}."""
    written_out: str
    """Title of the table of what no font covers."""
    written_out_text: str
    written_out_shown: str
    written_out_times: str
    written_one: str
    """[{script}, 1 character]"""
    written_many: str
    """[{script}, {count} characters]"""


class Replacement(Part):
    """What the glyph audit wrote out, and how often."""

    shown: str
    times: int


class Document(Part):
    language: Literal["en", "zh"]
    title: str
    subtitle: str = ""
    brand: str
    period: str
    state: str
    state_text: str
    classification: str
    generated: str
    zone: str
    labels: Labels
    first_page: FirstPage
    sections: list[Section]
    appendix: list[Section] = []
    evidence: list[Evidence] = []
    replacements: list[Replacement] = []
    """Filled by `glyphs.audit`."""
