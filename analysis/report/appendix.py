"""The closing sections: terms, method and known errors, what was read, and what the report was made with."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from analysis import wording
from analysis.measures.calibration import FEWEST
from analysis.measures.estimate import Estimate
from analysis.questions.case import Case
from analysis.report import schema
from analysis.report.voice import Voice
from analysis.style import numbers
from analysis.wording.notes import sentences


def reading(say: Voice) -> schema.Section:
    """The terms of the report, each explained once."""
    terms = wording.group("term", say.language)
    names = sorted({name.rsplit(".", 1)[0] for name in terms})
    return schema.Section(
        id="terms",
        title=say("section.terms"),
        source="structure",
        blocks=[
            schema.Definition(kind="definition", term=terms[f"{name}.name"], text=terms[f"{name}.text"])
            for name in names
        ],
    )


def method(case: Case, say: Voice) -> schema.Section:
    """How the figures were made, and what the scorers are known to get wrong."""
    lines = [say("method.sentiment"), *_calibration(case, say)]
    for language, scorer in sorted(case.notes["scoring"]["scorers"].items()):
        known = scorer["known_error"]
        lines.append(tier(case, language, say))
        told = [f"{say(f'error.{name}')} {value}" for name, value in known.items() if wording.knows(f"error.{name}")]
        told_of = {"scorer": scorer["name"], "error": "; ".join(told), "source": str(known.get("source", ""))}
        lines.append(say("sentiment.error" if told else "sentiment.error_unknown", told_of))
    for phrase, count in sorted(case.notes["excluded"].items()):
        lines.append(say("method.excluded", {"phrase": phrase, "count": count}))
    lines += [say("method.pseudonyms"), say("method.association")]
    return schema.Section(
        id="method",
        title=say("section.method"),
        source="run",
        blocks=[schema.Items(kind="list", items=[schema.Claim(text=line) for line in lines], source="run")],
    )


def tier(case: Case, language: str, say: Voice) -> str:
    """Which tier scored `language`, and why that one."""
    scoring, asked = case.notes["scoring"], case.incident.scorer.get(language, "auto")
    tier = scoring["scorers"][language]["tier"]
    why = f"{tier}_asked" if tier == asked else tier
    told = {
        "scorer": scoring["scorers"][language]["name"],
        "distinct": numbers.value(scoring["distinct"], "count", say.language),
        "limit": numbers.value(scoring["fast_above"], "count", say.language),
        # A folder's own name: where it lies on a machine is nobody's business.
        "model": PurePath(asked).name if PurePath(asked).is_absolute() else asked,
    }
    return say(f"method.tier_{why}", told)


def _calibration(case: Case, say: Voice) -> list[str]:
    """What the levels of sentiment rest on: labels and how they were used, or none."""
    found = case.labelling
    if found is None:
        return [say("method.uncalibrated")]
    lines = [say("method.uncalibrated")]
    if case.calibration:
        told = {"labels": case.calibration.labels, "method": case.calibration.method}
        lines = [say("method.calibrated", told), say("method.classes")]
    agreement = found.agreement
    alpha: object = say("method.no_alpha")
    if agreement.alpha is not None:
        alpha = Estimate(agreement.alpha, "share", agreement.mentions, "Krippendorff's alpha, nominal")
    told = {"labels": found.labels, "people": agreement.labellers, "alpha": alpha}
    lines.append(say("method.agreement", told))
    for refusal in found.refusals if case.calibration else ():
        told = {"scorer": refusal.scorer, "have": refusal.have, "need": FEWEST}
        lines.append(say("method.left_out", told))
    if found.elsewhere:
        lines.append(say("method.elsewhere", {"count": found.elsewhere}))
    return lines


def archives(made: Mapping[str, Any], say: Voice) -> schema.Section:
    """Every file that was read: its rows accepted, rejected and duplicate."""
    rows = []
    for name, ingest in sorted(made["archives"].items()):
        for file in ingest["files"]:
            counts = [file[key] for key in ("rows", "accepted", "rejected", "duplicates")]
            rows.append(
                [
                    f"{name}: {file['path']}",
                    *(numbers.value(n, "count", say.language) for n in counts),
                    file["sha256"][:12],
                ]
            )
    labels = ("file", "rows", "accepted", "rejected", "duplicates", "sha256")
    columns = [
        schema.Column(label=say(f"column.{label}"), align="left" if label in ("file", "sha256") else "right")
        for label in labels
    ]
    table = schema.Table(
        kind="table", caption=say("table.archives"), columns=columns, rows=rows, source="manifest", file="manifest.json"
    )
    blocks: list[schema.Block] = [table]
    if notes := [
        schema.Claim(text=text)
        for name in sorted(made["archives"])
        for text in sentences(made["archives"][name]["notes"], name, say.language)
    ]:
        blocks.append(schema.Items(kind="list", items=notes, source="manifest"))
    return schema.Section(id="archives", title=say("section.archives"), source="manifest", blocks=blocks)


def manifest(made: Mapping[str, Any], say: Voice) -> schema.Section:
    """What the report was made with."""
    rows = [[name, version] for name, version in sorted(made["versions"].items())]
    columns = [schema.Column(label=say("column.package")), schema.Column(label=say("column.version"))]
    told = {"run": made["run_id"], "commit": (made["commit"] or "–")[:12], "seed": str(made["seed"])}
    return schema.Section(
        id="manifest",
        title=say("section.manifest"),
        source="manifest",
        blocks=[
            schema.Paragraph(kind="paragraph", text=say("manifest.run", told), source="manifest"),
            schema.Table(kind="table", caption=say("table.versions"), columns=columns, rows=rows, source="manifest"),
        ],
    )
