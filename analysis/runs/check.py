"""Every file of an incident, read before anything long runs."""

from analysis import followups, labels
from analysis import incident as contracts
from analysis.archive import sources
from analysis.archive.containers import query
from analysis.errors import AftermathError, InputError
from analysis.plan import read_plan
from analysis.runs.prepare import embeddings, models, read
from analysis.scoring.transformer import TransformerScorer
from analysis.scoring.transformer_embedding import TransformerEmbedding
from analysis.workspace import Workspace


def check(workspace: Workspace, identity: str) -> AftermathError | None:
    """The first thing that is wrong with the files of `identity`, or None.

    Reads incident.yml and the models it names, actions.csv, plan.yml, followups.csv, labels.csv, sample.csv and each
    archive.yml with its files, but no mention, and asks no database.
    """
    try:
        incident = read(workspace, identity)
        contracts.read_actions(workspace.incident(identity) / "actions.csv", incident.time_zone)
        read_plan(workspace.plan)
        followups.read(workspace.followups(identity))
        for language, model in models(workspace, incident).items():
            TransformerScorer(model, language)
        for model in embeddings(workspace, incident).values():
            TransformerEmbedding(model)
        for path, read_one in (
            (workspace.labels(identity), labels.read),
            (workspace.sample(identity), labels.read_sample),
        ):
            if path.is_file():
                read_one(path)
        for name in incident.archives:
            if not workspace.archive_file(name).is_file():
                raise InputError(
                    f"{workspace.incident_file(identity)}: there is no archive {name!r}. "
                    f"The workspace has: {', '.join(workspace.archives()) or 'none'}."
                )
            archive = contracts.read_archive(workspace.archive_file(name))
            files = [source for source in archive.sources if not query.is_database(source)]
            if files and not archive.sealed:
                sources.find(files, workspace.archive(name))
    except AftermathError as error:
        return error
    return None
