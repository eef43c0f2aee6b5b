"""A hostile archive from end to end: every text of it reaches the report as text, and nothing of it acts."""

import csv
import html
import json
import random
import re
import zipfile
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from pypdf import PdfReader

from analysis import followups
from analysis.runs.run import run
from analysis.workspace import Workspace

EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '#import "@preview/cetz:0.3.0" #eval("1+1") $x^2$',
    "*b* `c` [link](javascript:alert(1))",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\u202egnp.exe\u202c",
    "a\x00b\x07c",
    "W" * 10_000,
    "مرحبا بالعالم",
    "ภาษาไทยแย่มาก",
    "👨\u200d👩\u200d👧\u200d👦 🏳️\u200d🌈",
    "../../x",
    "{{ 7*7 }} {% raw %} %s {during}",
    "e" + "\u0301" * 300,
    "https://evil.example/x.js",
    "</style><script>",
    "\t=1",
)
IDS = ("", "../../x", "=cmd", "<b>", "#eval", "\u202eid", "日本", "x" * 200)
BRAND = 'Tarn <script>alert(2)</script> #eval("1") =1+1'
SPEAKER = '=Tarn"<b>Help'
TITLE = '=1+1 <script>alert("t")</script> #import "x" $a$ \u202eevil\u202c ' + "T" * 300
COMPLAINTS = (
    "My {} melted after {} days and the smell is awful, I am furious",
    "The {} burned my hand, {} times now, dangerous and a disgrace",
    "They refused my refund for the {}, worst company ever, {} emails ignored",
)
PRAISE = "I love the new {}, wonderful tea, {} out of ten"
PARTS = ("kettle", "lid", "handle", "cord", "switch", "spout", "timer", "filter")
START = datetime(2026, 3, 1, tzinfo=UTC)
CRISIS = START + timedelta(days=20, hours=10)
FILES = ("a #eval($x$) =cmd <b>.csv", "-@'日本\u202e.jsonl", "[x]{y}.parquet")


def mentions() -> list[dict[str, Any]]:
    """Twenty quiet days, two of complaints, and an answer to one in six."""
    dice = random.Random(3)
    times = [START + timedelta(days=dice.uniform(0, 22)) for _ in range(330)]
    times += [CRISIS + timedelta(hours=dice.expovariate(1 / 12) % 36) for _ in range(380)]
    rows = []
    for number, when in enumerate(sorted(times)):
        crisis = when >= CRISIS
        pattern = dice.choice(COMPLAINTS) if crisis else PRAISE
        said, evil = pattern.format(dice.choice(PARTS), dice.randint(2, 9999)), EVIL[number % len(EVIL)]
        row = {
            "id": IDS[number % len(IDS)] + str(100_000 + number),
            "created_at": when.isoformat(timespec="seconds"),
            "author": evil[:300] + str(number % 97),
            "text": f"{said} {evil}" if number % 2 else f"{evil} {said}",
            "platform": "<i>@x#",
            "brand": BRAND,
            "parent": "",
            "likes": number % 7,
            "url": "javascript:alert(1)",
        }
        rows.append(row)
        if crisis and number % 6 == 0:
            answer = {"id": f"=r{number}", "author": SPEAKER, "parent": row["id"]}
            answer["created_at"] = (when + timedelta(hours=2)).isoformat(timespec="seconds")
            rows.append(row | answer | {"text": f"Sorry, please send us a DM {evil}"})
    return rows


def workspace(folder: Path) -> Workspace:
    """The archive in three files of three formats, and an incident with a plan and actions as hostile as it is."""
    rows, archive, incident = mentions(), folder / "archives" / "evil", folder / "incidents" / "evil"
    archive.mkdir(parents=True)
    incident.mkdir(parents=True)
    third = len(rows) // 3
    pd.DataFrame(rows[:third]).to_csv(archive / FILES[0], index=False)
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows[third : 2 * third]]
    (archive / FILES[1]).write_text("".join(lines), encoding="utf-8")
    pd.DataFrame(rows[2 * third :]).to_parquet(archive / FILES[2])
    written = {"name": "evil", "sources": list(FILES), "columns": {"parent_id": "parent"}, "query": EVIL[0]}
    (archive / "archive.yml").write_text(yaml.safe_dump(written), encoding="utf-8")
    told = {
        "id": "evil",
        "title": TITLE,
        "archives": ["evil"],
        "brand": BRAND,
        "brand_accounts": [SPEAKER, '#eval("x")'],
        "brand_terms": ["Tarn", "<script>", ".*("],
        "exclusions": ["zzz <b>#eval 12 (", "[a-"],
        "window": {"start": CRISIS.isoformat(), "end": (CRISIS + timedelta(hours=36)).isoformat()},
        "crisis_type": "<b>#x 9",
        "severity": 3,
        "baseline_days": 20,
        "after_days": 1,
        "report_languages": ["en", "zh"],
        "report_editions": ["internal", "external"],
        "titles": {"zh": f"复盘 {TITLE}"},
    }
    with (incident / "followups.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(followups.COLUMNS)
        for number, evil in enumerate(EVIL):
            text = evil.replace("\x00", "")
            name = "few_answered" if number == 0 else f"ours-{number}"
            cells = [name, f"{text} 77 times", text, "2026-06-01", "responsive", "replies.answered"]
            rows.writerow([*cells, followups.STATES[number % 5], "2026-07-01", text, text, ""])
    (incident / "incident.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
    with (incident / "actions.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["when", "actor", "kind", "channel", "text", "link"])
        for hours, evil in enumerate(EVIL):
            when = (CRISIS + timedelta(hours=hours + 1)).isoformat()
            kind = ("detected", "statement", "closed")[hours % 3]
            table.writerow([when, evil, kind, evil, evil.replace("\x00", ""), "javascript:alert(1)"])
    role = {"role": '=cmd <script>alert(3)</script> #eval("1") \u202ex', "person": "$x$"}
    level = {"level": 3, "first_response_hours": 2, "first_statement_hours": 4}
    (folder / "plan.yml").write_text(yaml.safe_dump({"team": [role], "levels": [level]}), encoding="utf-8")
    return Workspace.at(folder, folder / "reports")


class Page(HTMLParser):
    """The tags of a page, with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published report. The run itself asks for a covered glyph everywhere and for a finding behind each number."""
    folder = tmp_path_factory.mktemp("hostile")
    done = run(workspace(folder), "evil")
    assert not done.short
    return done.folder


def test_the_whole_report_is_made_in_both_languages_and_nowhere_else(report: Path) -> None:
    for stem in ("postmortem", "external"):
        made = {path.relative_to(report).as_posix() for path in report.glob(f"{stem}*")}
        pages = [".html", ".pdf", ".zh.html", ".zh.pdf", *([".docx", ".zh.docx"] if stem == "postmortem" else [])]
        assert made == {stem + name for name in pages}
    findings = json.loads((report / "findings.json").read_text(encoding="utf-8"))["findings"]
    assert {"causes.shares", "replies.speed", "volume.total"} <= {finding["id"] for finding in findings}
    kept = (report.parents[1] / "incidents" / "evil" / "followups.csv").read_text(encoding="utf-8")
    assert all(f"ours-{number}" in kept for number in range(1, len(EVIL)))
    root = report.parents[1]
    assert {path.name for path in root.iterdir()} <= {
        *("archives", "incidents", "reports", "cache", "plan.yml", "pseudonym.key")
    }
    assert not list(root.parent.rglob("x1*"))


@pytest.mark.parametrize("name", ["postmortem.html", "postmortem.zh.html", "external.html", "external.zh.html"])
def test_the_page_runs_and_fetches_nothing(report: Path, name: str) -> None:
    text = (report / name).read_text(encoding="utf-8")
    page = Page(text)
    assert not {"script", "iframe", "object", "embed", "link", "base", "form", "b"} & {tag for tag, _ in page.tags}
    assert not any(key.startswith("on") or key == "style" for _, tag in page.tags for key in tag)
    asked = [tag[key] or "" for _, tag in page.tags for key in ("src", "href", "srcset", "data") if key in tag]
    assert all(link.startswith(("#", "data:image/svg+xml;base64,")) for link in asked)
    if name.startswith("postmortem"):
        assert "<script>alert(1)</script>" in page.text.replace("\u200b", "")
    assert not re.search("[\x00\x07\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize("name", ["postmortem.pdf", "postmortem.zh.pdf"])
def test_the_pdf_shows_code_as_text_and_holds_no_link_out(report: Path, name: str) -> None:
    reader = PdfReader(report / name)
    text = re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in reader.pages))
    assert "<script>alert(1)</script>" in text
    assert '#import"@preview/cetz:0.3.0"#eval("1+1")$x^2$' in text
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert not [note for note in notes if "/URI" in note.get("/A", {})]
    assert len(reader.pages) < 60


@pytest.mark.parametrize("name", ["postmortem.docx", "postmortem.zh.docx"])
def test_the_docx_shows_code_as_text_and_holds_no_field_and_no_link_out(report: Path, name: str) -> None:
    with zipfile.ZipFile(report / name) as packed:
        texts = {
            part: packed.read(part).decode("utf-8") for part in packed.namelist() if part.endswith(("xml", "rels"))
        }
    body = re.sub(
        r"[\s\u200b]", "", html.unescape("".join(re.findall("<w:t[^>]*>([^<]*)", texts["word/document.xml"])))
    )
    assert "<script>alert(1)</script>" in body
    assert '#import"@preview/cetz:0.3.0"#eval("1+1")$x^2$' in body
    assert not [part for part, text in texts.items() if "TargetMode" in text or "<!DOCTYPE" in text]
    codes = {code for text in texts.values() for code in re.findall(r"<w:instrText[^>]*> *(\w+)", text)}
    assert codes == {"TOC", "PAGE"}


def test_no_cell_of_a_table_is_a_formula(report: Path) -> None:
    tables = sorted((report / "tables").glob("*.csv"))
    assert tables
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row if cell.startswith(tuple("=+-@\t\r"))]
        assert not [cell for cell in cells if not _is_number(cell)], path.name


def test_figures_hold_no_script_and_no_reference(report: Path) -> None:
    for path in (report / "figures").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|<image|<foreignObject|\son\w+=|href=\"(?!#)", text), path.name


def test_pseudonyms_stand_for_people(report: Path) -> None:
    text = (report / "findings.json").read_text(encoding="utf-8")
    assert not re.search(r"u_[a-z2-7]{10}", text)


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*(e[+-]?\d+)?|inf)", cell) is not None
