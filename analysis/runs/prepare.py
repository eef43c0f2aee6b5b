"""One writer prepares, notebooks read: ingest, audit, score and find the causes of an incident, once.

What was prepared stands in `incidents/<id>/prepared/<key>/`, where the key is a hash of everything it depends on:
the archives' content, the incident's file, the code and the versions of packages. No key is prepared twice.
"""

import hashlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd

from analysis import followups, overrides, taxonomy
from analysis import incident as contracts
from analysis.errors import InputError, ParameterError
from analysis.incident import Incident, Window
from analysis.measures import engagement
from analysis.mentions import check, empty
from analysis.plan import read_plan
from analysis.privacy import load_key, pseudonym
from analysis.questions.case import Case
from analysis.runs import calibrate, history, manifest
from analysis.runs.archives import Progress, ingest_archive, quiet
from analysis.runs.lock import locked
from analysis.scoring.sentiment import AUTO, FAST
from analysis.wording import LANGUAGES
from analysis.workspace import Workspace

KEPT = 3
"""How many earlier preparations of an incident stay on disk."""
CODE = (
    *("archive", "scoring", "privacy.py", "mentions.py", "taxonomy.py", "overrides.py", "measures/onset.py"),
    *("runs/archives.py", "runs/prepare.py"),
)
"""The code that a preparation depends on."""


def prepare(workspace: Workspace, identity: str, progress: Progress = quiet) -> Path:
    """The folder of the preparation of `identity`, made now unless it stands already.

    Raises InputError (a file), ParameterError (a window outside the archives, a label that no mention bears) and
    TemporaryError (another run holds the lock).
    """
    incident = read(workspace, identity)
    with locked(workspace.incident(identity) / "prepared.lock"):
        ingests = {name: ingest_archive(workspace, name, progress) for name in incident.archives}
        key = _key(workspace, incident, {name: done.content for name, done in ingests.items()})
        target = workspace.prepared(identity) / key
        if (target / "notes.json").is_file():
            os.utime(target)
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".aside-", dir=target.parent))
        try:
            _write(workspace, incident, ingests, aside, progress)
            aside.rename(target)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        _forget_old(target)
        return target


def cells_run() -> list[str]:
    """The cells that this notebook has run so far; none outside a notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return list(shell.user_ns.get("In", [])) if shell else []


def in_languages(case: Case, languages: list[str]) -> Case:
    """`case` with its sentences in `languages`, where any are named; ParameterError for one there is none of."""
    if known(languages):
        case.incident = case.incident.model_copy(update={"report_languages": known(languages)})
    return case


def known(languages: list[str]) -> list[str]:
    """`languages`, once each; ParameterError for one that there is no catalogue of."""
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown:
        raise ParameterError(f"language {unknown[0]!r} is unknown: use {' or '.join(LANGUAGES)}.")
    return list(dict.fromkeys(languages))


def read(workspace: Workspace, identity: str) -> Incident:
    """The incident's file, checked against its folder's name."""
    incident = contracts.read_incident(workspace.incident_file(identity))
    if incident.id != identity:
        raise InputError(f"{workspace.incident_file(identity)}: id is {incident.id!r}, but the folder is {identity!r}.")
    return incident


def scorers(workspace: Workspace, incident: Incident) -> dict[str, str]:
    """What the incident asks to be scored with, by language; a folder of a model in full."""
    return {language: _in_full(workspace, incident, asked) for language, asked in incident.scorer.items()}


def models(workspace: Workspace, incident: Incident) -> dict[str, str]:
    """The transformers models among them."""
    asked = scorers(workspace, incident)
    return {language: model for language, model in asked.items() if model not in (AUTO, FAST)}


def embeddings(workspace: Workspace, incident: Incident) -> dict[str, str]:
    """The transformers models that the incident's causes are to be found by, by language."""
    return {language: _in_full(workspace, incident, asked) for language, asked in incident.embedding.items()}


def _in_full(workspace: Workspace, incident: Incident, model: str) -> str:
    folder = workspace.incident(incident.id) / model
    return str(folder) if model not in (AUTO, FAST) and folder.is_dir() else model


def load(workspace: Workspace, identity: str, folder: Path, notebook: str, output: Path) -> Case:
    """The case that was prepared in `folder`."""
    from analysis.scoring import relevance

    incident = read(workspace, identity)
    notes = json.loads((folder / "notes.json").read_text(encoding="utf-8"))
    key = load_key(workspace.key)
    whole = pd.read_parquet(folder / "mentions.parquet")
    kept = relevance.kept(whole)
    case = Case(
        incident=incident,
        window=Window.model_validate(notes["window"]),
        mentions=whole[kept].reset_index(drop=True),
        left_out=whole[~kept].reset_index(drop=True),
        hours=pd.read_parquet(folder / "hours.parquet"),
        claims=_claims(notes["claims"]),
        joins=notes["joins"],
        causes=pd.read_parquet(folder / "causes.parquet"),
        map=pd.read_parquet(folder / "map.parquet"),
        tree=pd.read_parquet(folder / "tree.parquet"),
        cache=workspace.cache,
        notes=notes,
        plan=read_plan(workspace.plan) if incident.plan else None,
        actions=contracts.read_actions(workspace.incident(identity) / "actions.csv", incident.time_zone),
        notebook=notebook,
        output=output,
        allowed={pseudonym(account, key): account for account in (*incident.brand_accounts, *incident.public_accounts)},
        labelling=calibrate.labelling(workspace, incident, folder, whole),
        folder=workspace.incident(identity),
        earlier=history.earlier(workspace, incident, pd.Timestamp(notes["window"]["start"])),
        followups=followups.read(workspace.followups(identity)),
    )
    case.mentions = engagement.comparable(case.mentions, case.frozen_counts)
    case.left_out = engagement.comparable(case.left_out, case.frozen_counts)
    return case


def _write(workspace: Workspace, incident: Incident, ingests: dict, folder: Path, progress: Progress) -> None:
    """Audit, score and find causes; write what notebooks read into `folder`."""
    from analysis.archive.audit import content, coverage, joins
    from analysis.scoring import cause_map, embedding, relevance, score, transformer_embedding

    key = load_key(workspace.key)
    accounts = [pseudonym(account, key) for account in incident.brand_accounts]
    whole = mentions(workspace, incident)
    progress("audit", 0, 1)
    audit = coverage.audit(whole[whole["author"].isna() | ~whole["author"].isin(accounts)])
    own_names = [*incident.brand_terms, incident.brand, *accounts]
    claims = pd.concat([audit.claims, content.audit(whole, brand=incident.brand, names=own_names)], ignore_index=True)
    window = _window(incident, audit.hours)
    about, excluded = about_it(whole, incident, window)
    progress("score", 0, 1)
    vectors = embedding.store(workspace.cache)
    scored, scoring = scores(workspace, incident, about, progress)
    kept = relevance.kept(scored)
    joined = joins.audit(scored[kept], scored.loc[kept, "from_brand"])
    progress("causes", 0, 1)
    complaints = kept & ~scored["from_brand"] & (scored["kind"] != "repost") & _negative(scored)
    embed, chosen = transformer_embedding.beside(embeddings(workspace, incident), workspace.cache, vectors)
    scored, causes = score.add_causes(
        scored,
        complaints,
        terms=[*incident.brand_terms, *incident.brand_accounts, *accounts],
        taxonomy=taxonomy.of_incident(incident.taxonomy, workspace.incident(incident.id)),
        overrides=overrides.read_overrides(workspace.overrides(incident.id)),
        embed=embed,
        comparable=lambda language: language in chosen or embedding.comparable(language),
    )
    causes.model["versions"].update({f"embedding_{language}": version for language, version in chosen.items()})
    scoring["warnings"] += vectors.warnings
    mapped, tree = cause_map.lay(causes.vectors, scored.loc[complaints, "cause"])
    mapped.insert(0, "id", scored.loc[complaints, "id"].to_numpy()[mapped.pop("position")])
    notes = {
        "window": window.model_dump(mode="json"),
        "joins": _verdicts(joined.to_dict()),
        "claims": _records(claims),
        "resolution": audit.summary.get("resolution", "time"),
        "span": [str(whole["published_at"].min().isoformat()), str(whole["published_at"].max().isoformat())],
        "ingest": {name: done.to_dict() for name, done in ingests.items()},
        "excluded": excluded,
        "scoring": scoring,
        "cause_model": causes.model,
        "overrides": causes.overridden,
    }
    check(scored[list(empty().columns)])
    scored.to_parquet(folder / "mentions.parquet")
    audit.hours.to_parquet(folder / "hours.parquet")
    causes.table.to_parquet(folder / "causes.parquet")
    mapped.to_parquet(folder / "map.parquet")
    tree.to_parquet(folder / "tree.parquet")
    text = json.dumps(notes, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    (folder / "notes.json").write_text(text + "\n", encoding="utf-8")


def scores(
    workspace: Workspace, incident: Incident, about: pd.DataFrame, progress: Progress = quiet
) -> tuple[pd.DataFrame, dict]:
    """The mentions `about` the incident scored, as its file asks for, and what scoring has to say of itself."""
    from analysis.scoring import score

    key = load_key(workspace.key)
    return score.score(
        about,
        brand_terms=incident.brand_terms,
        brand_accounts=[pseudonym(account, key) for account in incident.brand_accounts],
        names=[incident.brand],
        called=[pseudonym("".join(name.split()), key) for name in (*incident.brand_terms, incident.brand)],
        namesakes=incident.namesakes,
        exclusions=incident.exclusions,
        rivals=incident.controls,
        languages=incident.languages,
        cache=workspace.cache,
        progress=lambda done, total: progress("score", done, total),
        scorer=scorers(workspace, incident),
    )


def mentions(workspace: Workspace, incident: Incident) -> pd.DataFrame:
    """All mentions of the incident's archives; one row an id, each with its conversation."""
    from analysis.archive import store, threads

    parts = [store.read(workspace.store(name)) for name in incident.archives]
    whole = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    whole = whole.drop_duplicates("id").sort_values(["published_at", "id"], ignore_index=True)
    return whole.assign(thread_id=threads.thread_ids(whole))


def _window(incident: Incident, hours: pd.DataFrame) -> Window:
    """The incident's window, found where it is `auto`; ParameterError where it lies outside the archives."""
    from analysis.measures import onset

    label = incident.brand if (hours["brand"] == incident.brand).any() else ""
    own = hours[hours["brand"] == label]
    first, last = own["hour"].min(), own["hour"].max() + pd.Timedelta(hours=1)
    if incident.window == "auto":
        by_hour = own.set_index("hour")
        counted = by_hour["mentions"].astype("Int64")
        found = onset.auto_window(counted.where(by_hour["state"] == "seen"), at_least=counted)
        if found is None:
            raise ParameterError(
                f"incident {incident.id}: window is auto, but no hour stands out from the rest of the archive "
                f"({first:%Y-%m-%d} to {last:%Y-%m-%d}). Give window.start and window.end."
            )
        return Window(start=found[0].to_pydatetime(), end=found[1].to_pydatetime())
    start, end = pd.Timestamp(incident.window.start), pd.Timestamp(incident.window.end)
    if end <= first or start >= last:
        raise ParameterError(
            f"incident {incident.id}: the window ({start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC) lies outside the "
            f"archive, which holds {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC. "
            "Correct window in incident.yml, or add the archive that covers it."
        )
    return incident.window


def about_it(whole: pd.DataFrame, incident: Incident, window: Window) -> tuple[pd.DataFrame, dict[str, int]]:
    """Mentions of the incident's brand from its baseline to its aftermath, and how many each exclusion leaves out.

    A mention that holds several of the phrases is counted with the first.
    """
    labels = sorted(whole["brand"].dropna().unique())
    if labels and incident.brand not in labels:
        raise ParameterError(
            f"incident {incident.id}: no mention bears the label {incident.brand!r}. "
            f"Set brand to one of: {', '.join(labels)}."
        )
    start = pd.Timestamp(window.start) - pd.Timedelta(days=incident.baseline_days)
    end = pd.Timestamp(window.end) + pd.Timedelta(days=incident.after_days)
    about = whole[(whole["published_at"] >= start) & (whole["published_at"] < end)]
    if labels:
        about = about[about["brand"] == incident.brand]
    excluded, left = {}, about
    for phrase in incident.exclusions:
        holds = about["text"].str.casefold().str.contains(phrase.casefold(), regex=False)
        excluded[phrase] = int(holds.loc[left.index].sum())
        left = left[~holds.loc[left.index]]
    return about.reset_index(drop=True), excluded


def _negative(scored: pd.DataFrame) -> pd.Series:
    """Whether a mention's likeliest class is negative; an unscored one is not."""
    classes = scored[["p_negative", "p_neutral", "p_positive"]].fillna(0.0)
    return scored["scorer"].notna() & (classes["p_negative"] > classes[["p_neutral", "p_positive"]].max(axis=1))


def _verdicts(joined: dict) -> dict:
    """The joinability audit with each verdict as its value; reasons and evidence stand under `why`."""
    judged = {name: item for name, item in joined.items() if name not in ("counts", "spans")}
    return {
        "counts": joined["counts"],
        "spans": joined["spans"],
        "why": judged,
        **{name: item["value"] for name, item in judged.items()},
    }


def _records(claims: pd.DataFrame) -> list[dict]:
    return [
        {**row, "start": row["start"].isoformat(), "end": row["end"].isoformat()} for row in claims.to_dict("records")
    ]


def _claims(records: list[dict]) -> pd.DataFrame:
    table = pd.DataFrame(records, columns=["kind", "brand", "start", "end", "values"])
    for column in ("start", "end"):
        table[column] = pd.to_datetime(table[column], utc=True)
    return table


def _key(workspace: Workspace, incident: Incident, contents: dict[str, str]) -> str:
    """Hash of everything a preparation depends on."""
    from analysis.scoring.transformer import fingerprint, locate

    shown = {"title", "titles", "time_zone", "report_languages", "report_editions", "plan", "public_accounts"}
    shown |= {"unclear_below", "unclear_target", "severity", "crisis_type", "crisis_cluster", *contracts.SIGNATURE}
    written = incident.model_dump(mode="json", exclude=shown)
    code = hashlib.sha256()
    root = Path(__file__).resolve().parents[1]
    parts = [root / part for part in CODE]
    files = [file for part in parts for file in ([part] if part.is_file() else part.rglob("*"))]
    for path in sorted(file for file in files if file.suffix in (".py", ".json", ".npz")):
        code.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    secret = hashlib.sha256(load_key(workspace.key)).hexdigest()
    chosen = {language: fingerprint(locate(model)) for language, model in models(workspace, incident).items()}
    chosen |= {
        f"embedding {language}": fingerprint(locate(model, "embedding"))
        for language, model in embeddings(workspace, incident).items()
    }
    place = workspace.incident(incident.id)
    given = [workspace.overrides(incident.id)] + (
        [taxonomy.resolve(incident.taxonomy, place)] if incident.taxonomy else []
    )
    said = [path.read_bytes().hex() if path.is_file() else "" for path in given]
    body = [written, contents, secret, code.hexdigest(), manifest.versions(), chosen, said]
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def _forget_old(newest: Path) -> None:
    """Delete all but the newest preparations."""
    done = sorted(newest.parent.glob("[0-9a-f]*/notes.json"), key=lambda path: path.parent.stat().st_mtime)
    for path in done[:-KEPT]:
        shutil.rmtree(path.parent)
