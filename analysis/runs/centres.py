"""The centres of an incident's causes beside its report, by which causes are matched across incidents."""

import json
from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.questions.case import Case
from analysis.scoring import cause_centres, embedding

SCHEMA = 1
FILE = "centres.json"


def of(case: Case) -> pd.DataFrame:
    """The centres of the complaints of the incident, by cause and language: `cause_centres.COLUMNS`.

    A preparation that does not say which embedding it was made with, and a case without a cache, have none.
    """
    if case.cache is None or case.causes.empty:
        return pd.DataFrame(columns=list(cause_centres.COLUMNS))
    versions = {
        name.removeprefix("embedding_"): version
        for name, version in case.notes["cause_model"].get("versions", {}).items()
        if name.startswith("embedding_")
    }
    terms = [*case.incident.brand_terms, *case.incident.brand_accounts, *case.own_accounts]
    return cause_centres.centres(case.during(case.customers), versions, terms, embedding.store(case.cache))


def write(case: Case, folder: Path) -> None:
    """Write `folder/centres.json`: the centres `of` the case."""
    body = {"schema": SCHEMA, "incident": case.incident.id, "centres": of(case).to_dict("records")}
    (folder / FILE).write_text(json.dumps(body, ensure_ascii=False) + "\n", encoding="utf-8")


def read(folder: Path) -> pd.DataFrame:
    """The centres in `folder`, none where the report was made before they were kept; InputError for another schema."""
    path = folder / FILE
    if not path.is_file():
        return pd.DataFrame(columns=list(cause_centres.COLUMNS))
    body = json.loads(path.read_text(encoding="utf-8"))
    if body.get("schema") != SCHEMA:
        raise InputError(f"{path}: schema {body.get('schema')!r}, expected {SCHEMA}. Run the incident again.")
    return pd.DataFrame(body["centres"], columns=list(cause_centres.COLUMNS))
