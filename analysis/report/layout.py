"""What both templates draw: the document with its sections, figures and tables numbered and its claims tied.

Plain JSON, so that hostile text reaches Jinja2 and Typst as strings and nothing else.
"""

from itertools import count
from typing import Any

from analysis.report import clean, glyphs
from analysis.report.look import TOKENS
from analysis.report.schema import Document

_WIDE = 14
"""A column whose longest text is shorter keeps its own width; others share what is left."""


def laid_out(document: Document) -> dict[str, Any]:
    """The cleaned and audited document as JSON: `refs` are numbers of evidence entries, `mark` and `number` are text.

    `first` are those of `refs` that no earlier piece bears: the way back from an entry leads there.

    Adds to each table column its `share` of the width (0: as wide as its text), to each figure its `index` in
    `pictures`, the paths in order. Sections gain `mark` ("1", "A"); what was written out comes last.
    """
    ready = glyphs.audit(clean.document(document))
    whole = ready.model_dump()
    numbers = {entry["finding"]: entry["number"] for entry in reversed(whole["evidence"])}
    pictures: list[str] = []
    drawn: dict[str, str] = {}
    claimed: set[int] = set()
    marks = {"figure": count(1), "table": count(1)}

    def tied(piece: dict[str, Any]) -> dict[str, Any]:
        ids = list(piece.get("findings") or [])
        if piece.get("finding"):
            ids.append(piece["finding"])
        refs = sorted({numbers[one] for one in ids if one in numbers})
        first = [number for number in refs if number not in claimed]
        claimed.update(first)
        return {**piece, "source": piece.get("source"), "findings": ids, "refs": refs, "first": first}

    def pictured(piece: dict[str, Any]) -> dict[str, Any]:
        pictures.append(piece["path"])
        drawn.setdefault(piece.get("finding") or "", str(len(pictures)))
        mark = f"{whole['labels']['figure']} {next(marks['figure'])}"
        return {**tied(piece), "mark": mark, "index": len(pictures) - 1}

    def block(piece: dict[str, Any]) -> dict[str, Any]:
        match piece["kind"]:
            case "figure":
                return pictured(piece)
            case "table":
                mark = f"{whole['labels']['table']} {next(marks['table'])}"
                return {**tied(piece), "mark": mark, "columns": _shared(piece), "capped": _capped(piece, whole)}
            case "list" | "briefs" | "asks":
                return {**piece, "items": [tied(item) for item in piece["items"]]}
            case "evidence":
                return {**piece, "items": [entry(item) for item in piece["items"]]}
            case _:
                return tied(piece)

    def entry(piece: dict[str, Any]) -> dict[str, Any]:
        """What an entry holds needs no number of its own; where its figure stands elsewhere, it says so."""
        back = piece["number"] in claimed
        blocks = [{**block(one), "refs": [], "first": []} for one in piece["blocks"]]
        here = any(one["kind"] == "figure" for one in blocks)
        at = drawn.get(piece["finding"], "")
        told = "" if here or not at else whole["labels"]["drawn"].replace("{figure}", at)
        return {**piece, "blocks": blocks, "drawn": told, "back": back}

    def section(piece: dict[str, Any], mark: str) -> dict[str, Any]:
        return {**tied(piece), "mark": mark, "blocks": [block(one) for one in piece["blocks"]]}

    first = whole["first_page"]
    whole["first_page"] = {
        "status": [tied(item) for item in first["status"]],
        "coverage": first["coverage"] and tied(first["coverage"]),
        "paragraph": [tied(claim) for claim in first["paragraph"]],
        "decision": first["decision"] and tied(first["decision"]),
        "numbers": [tied(number) for number in first["numbers"]],
        "figure": first["figure"] and pictured(first["figure"]),
    }
    whole["sections"] = [section(one, str(at)) for at, one in enumerate(whole["sections"], 1)]
    closing = [*_grouped(whole), *whole["appendix"], *_closing(whole)]
    whole["appendix"] = [section(one, chr(ord("A") + at)) for at, one in enumerate(closing)]
    return {**whole, "pictures": pictures, "tokens": TOKENS}


def _grouped(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """The evidence as sections of the appendix, one for each of its groups, in the order of their first entries."""
    labels, sections = whole["labels"], []
    for at, group in enumerate(dict.fromkeys(entry["group"] for entry in whole["evidence"]), 1):
        items = [entry for entry in whole["evidence"] if entry["group"] == group]
        title = labels["evidence"] + ((" – " + group) if group else "")
        sections.append(
            {
                "id": f"evidence-of-{at}",
                "title": title,
                "sheet": False,
                "lead": "",
                "source": None,
                "blocks": [{"kind": "evidence", "items": items}],
            }
        )
    return sections


def _closing(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """The sections that every appendix ends with, as far as they hold something."""
    labels, sections = whole["labels"], []
    if whole["replacements"]:
        table = {
            "kind": "table",
            "caption": labels["written_out_text"],
            "columns": [
                {"label": labels["written_out_shown"], "align": "left"},
                {"label": labels["written_out_times"], "align": "right"},
            ],
            "rows": [[item["shown"], str(item["times"])] for item in whole["replacements"]],
            "note": "",
            "source": "structure",
            "file": "",
            "rows_total": None,
        }
        title = labels["written_out"]
        sections.append(
            {
                "id": "written-out",
                "title": title,
                "sheet": False,
                "lead": "",
                "source": "structure",
                "blocks": [table],
            }
        )
    return sections


def _capped(table: dict[str, Any], whole: dict[str, Any]) -> str:
    if table["rows_total"] is None:
        return ""
    filled = {"{shown}": len(table["rows"]), "{total}": table["rows_total"], "{file}": table["file"]}
    text = whole["labels"]["rows_capped"]
    for place, value in filled.items():
        text = text.replace(place, str(value))
    return text


def _shared(table: dict[str, Any]) -> list[dict[str, Any]]:
    """The columns with `share`: the width of each is by the root of its mean text, so that no column starves.

    A column of numbers keeps its own width, unless they stand there with intervals, which may go below them.
    """
    shared = []
    for at, column in enumerate(table["columns"]):
        lengths = [_width(row[at]) for row in table["rows"]] or [0]
        longest = max([_width(column["label"]), *lengths])
        mean = sum(lengths) / len(lengths)
        bare = column["align"] == "right" and not any(" (" in row[at] for row in table["rows"])
        narrow = bare or longest <= _WIDE
        shared.append({**column, "share": 0 if narrow else round(max(mean, _WIDE) ** 0.5, 2)})
    return shared


def _width(text: str) -> int:
    """How wide `text` is in half-width characters, up to one line."""
    return min(sum(2 if ord(one) > 0x2E7F else 1 for one in text), 120)
