"""The command line: arguments only."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from analysis.errors import BATCH_ORDER, INTERRUPTED, AftermathError, InsufficientData, TemporaryError
from analysis.workspace import Workspace

app = typer.Typer(
    help="Post-crisis analytics: what happened, why, how well we answered, what to change.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
plans = typer.Typer(no_args_is_help=True, help="What plan.yml promises: write one, or read it.")
app.add_typer(plans, name="plan")
WorkspaceOption = Annotated[
    str, typer.Option("--workspace", "-w", help="Folder with archives/ and incidents/ (default: data/).")
]
ReportsOption = Annotated[str, typer.Option("--reports", help="Where reports are published (default: reports/).")]


@app.command()
def init(
    incident: Annotated[str, typer.Argument(help="Name of the incident: its folder, such as outage-2026-03.")],
    source: Annotated[
        list[str], typer.Option("--source", "-s", help="File, folder or glob with mentions; repeatable.")
    ],
    archive: Annotated[str, typer.Option(help="Name of the archive (default: that of the incident).")] = "",
    brand: Annotated[str, typer.Option(help="Whose crisis it is.")] = "",
    workspace: WorkspaceOption = "",
) -> None:
    """Write a commented incident.yml and archive.yml to edit."""
    from analysis.drafts import draft

    for path in draft(Workspace.at(workspace), incident, archive or incident, source, brand):
        typer.echo(f"wrote {path}")
    typer.echo("Read them, correct them, then: aftermath ingest, aftermath run.")


@app.command()
def ingest(
    archives: Annotated[list[str] | None, typer.Argument(help="Names of archives (default: all).")] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", "-s", help="File, folder, glob or database URL of a new archive; repeatable."),
    ] = None,
    form: Annotated[str, typer.Option("--format", help="Name of a format, where auto guessed wrong.")] = "",
    time_zone: Annotated[str, typer.Option(help="Zone of times that carry none, such as Asia/Shanghai.")] = "",
    status: Annotated[bool, typer.Option("--status", help="Say what the stores hold; read nothing.")] = False,
    workspace: WorkspaceOption = "",
) -> None:
    """Bring archives into the store, and say what was accepted, rejected and duplicate. Only what is new is read."""
    from analysis.runs import status as states
    from analysis.runs.archives import describe_archive, ingest_archive

    place = Workspace.at(workspace)
    describe_archive(place, archives or [], sources=source or [], format=form, time_zone=time_zone)
    codes = []
    for name in archives or place.archives():
        try:
            if status:
                lines = states.status(place, name)
            else:
                with _progress() as progress:
                    lines = states.told(place, name, ingest_archive(place, name, progress))
        except AftermathError as error:
            lines = []
            codes.append(error.code)
            typer.echo(str(error), err=True)
        for line in lines:
            typer.echo(line)
    raise typer.Exit(_worst(codes))


@app.command()
def check(
    incidents: Annotated[list[str] | None, typer.Argument(help="Names of incidents (default: all).")] = None,
    workspace: WorkspaceOption = "",
) -> None:
    """Read every file of an incident, and say what is wrong before anything long runs."""
    from analysis.runs.check import check as examine

    place = Workspace.at(workspace)
    codes = []
    for name in incidents or place.incidents():
        problem = examine(place, name)
        codes.append(problem.code if problem else 0)
        typer.echo(f"{name}: {problem or 'ok'}", err=bool(problem))
    raise typer.Exit(_worst(codes))


@app.command()
def find(
    archive: Annotated[str, typer.Argument(help="Name of the archive.")],
    brand: Annotated[str, typer.Option(help="The label to look at (default: all), or the organisation's name.")] = "",
    account: Annotated[
        list[str] | None, typer.Option(help="An account of the organisation, whose posts are not counted; repeatable.")
    ] = None,
    term: Annotated[list[str] | None, typer.Option(help="Another name of the organisation; repeatable.")] = None,
    language: Annotated[
        list[str] | None, typer.Option(help="A language to score, en or zh; repeatable (default: both).")
    ] = None,
    time_zone: Annotated[str, typer.Option(help="Zone for display, such as Asia/Shanghai.")] = "UTC",
    draft: Annotated[
        list[int] | None, typer.Option(help="Number of a candidate to draft an incident of; repeatable.")
    ] = None,
    lang: Annotated[list[str] | None, typer.Option(help="Language of the sentences, en or zh; repeatable.")] = None,
    workspace: WorkspaceOption = "",
    reports: ReportsOption = "",
) -> None:
    """Find where in an archive there was a crisis, and draft incidents of the candidates chosen."""
    from analysis.runs.find import find as search

    given = {
        "brand": brand,
        "accounts": account or [],
        "terms": term or [],
        "spoken": language or ["en", "zh"],
        "time_zone": time_zone,
        "draft": draft or [],
        "languages": lang or [],
    }
    with _progress() as progress:
        done = search(Workspace.at(workspace, reports), archive, given, progress=progress)
    for line in done.lines:
        typer.echo(line)
    typer.echo(f"published: {done.folder}")


@app.command()
def run(
    incidents: Annotated[list[str] | None, typer.Argument(help="Names of incidents.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All incidents of the workspace.")] = False,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="name=value for the notebooks; repeatable.")
    ] = None,
    lang: Annotated[
        list[str] | None, typer.Option(help="en or zh; repeatable (default: as the incident says).")
    ] = None,
    force: Annotated[bool, typer.Option(help="Run even where nothing has changed.")] = False,
    workspace: WorkspaceOption = "",
    reports: ReportsOption = "",
) -> None:
    """Run the notebooks of incidents and publish their post-mortems."""
    from analysis.runs import index as index_of_all
    from analysis.runs import parameters
    from analysis.runs.run import in_order
    from analysis.runs.run import run as execute

    place = Workspace.at(workspace, reports)
    names = place.incidents() if every else incidents or []
    if not names:
        typer.echo("Name an incident, or use --all. `aftermath init` drafts a new one.", err=True)
        raise typer.Exit(2)
    given = parameters.parse(parameter or [])
    codes = []
    if len(names) > 1:
        with _progress() as progress:
            names = in_order(place, names, progress)
    for name in names:
        try:
            with _progress() as progress:
                done = execute(place, name, given, languages=lang, force=force, progress=progress)
        except AftermathError as error:
            typer.echo(str(error), err=True)
            codes.append(error.code)
            continue
        for path in done.files:
            typer.echo(f"{'unchanged' if done.unchanged else 'published'}: {path}")
        if done.changed:
            typer.echo(f"{name}: {done.changed}. Read it, then: aftermath sign {name} reviewed --by NAME", err=True)
        codes.append(0)
    if {0, InsufficientData.code} & set(codes) and (problem := index_of_all.after(place)):
        typer.echo(f"the page over all incidents stays as it was: {problem}", err=True)
        codes.append(problem.code)
    raise typer.Exit(_worst(codes))


@app.command()
def patterns(
    brand: Annotated[str, typer.Option(help="Whose incidents to look at (default: all).")] = "",
    as_of: Annotated[
        str, typer.Option(help="Day up to which dates are judged, such as 2026-01-31 (default: the archives' last).")
    ] = "",
    incident: Annotated[str, typer.Option(help="The incident whose like is looked for (default: the latest).")] = "",
    lang: Annotated[list[str] | None, typer.Option(help="Language of the sentences, en or zh; repeatable.")] = None,
    workspace: WorkspaceOption = "",
    reports: ReportsOption = "",
) -> None:
    """Say what repeats across the incidents of a workspace, from their published reports."""
    from analysis.runs.patterns import patterns as publish

    given = {"brand": brand, "as_of": as_of, "incident": incident, "languages": lang or []}
    with _progress() as progress:
        done = publish(Workspace.at(workspace, reports), given, progress=progress)
    for line in done.lines:
        typer.echo(line)
    typer.echo(f"published: {done.folder}")


@app.command()
def index(workspace: WorkspaceOption = "", reports: ReportsOption = "") -> None:
    """Write the page over all published post-mortems anew: reports/index.html, and its other language."""
    from analysis.runs.index import write

    for path in write(Workspace.at(workspace, reports)):
        typer.echo(f"published: {path}")


@app.command()
def diff(
    run: Annotated[str, typer.Argument(help="The older run: an incident, the id of a kept run, or a folder.")],
    other: Annotated[
        str, typer.Argument(help="The newer run (default: the incident's published run, against the one before).")
    ] = "",
    workspace: WorkspaceOption = "",
    reports: ReportsOption = "",
) -> None:
    """Say what changed between two runs of an incident, and why."""
    from analysis.runs import compare

    place = Workspace.at(workspace, reports)
    first = compare.chosen(place, run)
    pair = (first, compare.chosen(place, other)) if other else (compare.before(first), first)
    for line in compare.told(compare.compare(*pair)):
        typer.echo(line)


@app.command()
def label(
    incident: Annotated[str, typer.Argument(help="Name of the incident.")],
    n: Annotated[int, typer.Option("-n", help="Mentions to draw; more than before fills the sample up.")] = 200,
    labeller: Annotated[str, typer.Option(help="Whose answers these are: initials (default: who is logged in).")] = "",
    workspace: WorkspaceOption = "",
) -> None:
    """Label a sample of mentions, which calibrates net sentiment and negative share. Stop whenever you like."""
    from analysis.runs import label as labelling

    labelling.check_terminal()
    with _progress() as progress:
        sheet = labelling.opened(Workspace.at(workspace), incident, n, labeller, progress)
    with labelling.keys() as press:
        labelling.ask(sheet, press, typer.echo)


@app.command()
def forget(
    author: Annotated[str, typer.Argument(help="Name of the account, with or without @. One command for each name.")],
    workspace: WorkspaceOption = "",
    reports: ReportsOption = "",
) -> None:
    """Remove a person from stores, preparations and reports, keep them out, and say what could not be reached."""
    from analysis.runs import index as index_of_all
    from analysis.runs.forget import forget as remove
    from analysis.runs.forget import told

    place = Workspace.at(workspace, reports)
    with _progress() as progress:
        done = remove(place, author, progress)
    for line in told(place, done):
        typer.echo(line)
    if done.reports and (problem := index_of_all.after(place)):
        typer.echo(f"The page over all incidents could not be written anew; delete it. {problem}", err=True)
        raise typer.Exit(problem.code)


@app.command()
def cache(
    prune: Annotated[
        str, typer.Option(help="Take out what no present version uses or was not used for so many days; or all.")
    ] = "",
    workspace: WorkspaceOption = "",
) -> None:
    """Say what the cache of scores, vectors and models holds, or prune it. Nothing in it is lost but time."""
    from analysis.runs import caches

    place = Workspace.at(workspace)
    for line in caches.prune(place, prune) if prune else caches.told(place):
        typer.echo(line)


@plans.command("check")
def plan_check(workspace: WorkspaceOption = "") -> None:
    """Read plan.yml, and say what it promises and what it leaves open."""
    from analysis.runs import plan

    for line in plan.check(Workspace.at(workspace)):
        typer.echo(line)


@plans.command("init")
def plan_init(workspace: WorkspaceOption = "") -> None:
    """Write a commented plan.yml to edit."""
    from analysis.runs import plan

    typer.echo(plan.init(Workspace.at(workspace)))


@app.command()
def sign(
    incident: Annotated[str, typer.Argument(help="Name of the incident.")],
    state: Annotated[str, typer.Argument(help="draft, reviewed, approved or superseded.")],
    by: Annotated[str, typer.Option(help="Who signs, as it shall stand on every page.")],
    on: Annotated[str, typer.Option(help="Day of the signature, such as 2026-03-01 (default: today).")] = "",
    run: Annotated[str, typer.Option(help="Id of the run that was read: no other is signed.")] = "",
    workspace: WorkspaceOption = "",
    reports: ReportsOption = "",
) -> None:
    """Review, approve, supersede or take back a published report: its stamp changes, and no number does."""
    from analysis.runs import index as index_of_all
    from analysis.runs.sign import sign as stamp

    place = Workspace.at(workspace, reports)
    done = stamp(place, incident, state, by, on, run=run)
    for path in done.files:
        typer.echo(f"{'unchanged' if done.already else 'published'}: {path}")
    typer.echo(f"{incident}, run {done.run_id}: {done.text}")
    if problem := index_of_all.after(place):
        typer.echo(f"the page over all incidents stays as it was: {problem}", err=True)
        raise typer.Exit(problem.code)


@app.command()
def licences() -> None:
    """List every installed package with its licence."""
    from analysis.licences import licences as listed

    for row in listed():
        typer.echo(f"{row.name} {row.version}: {row.licence}")


def _worst(codes: list[int]) -> int:
    return next((code for code in BATCH_ORDER if code in codes), 0)


@contextmanager
def _progress() -> Iterator:
    """Progress on a terminal as a bar; elsewhere a plain line for each step."""
    seen: set[str] = set()
    if not sys.stderr.isatty():

        def line(step: str, done: int, total: int) -> None:
            if step not in seen:
                seen.add(step)
                typer.echo(f"… {step}", err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    ) as bar:
        tasks: dict[str, int] = {}

        def update(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total or None)
            bar.update(tasks[step], completed=done, total=total or None)  # type: ignore[arg-type]

        yield update


def main() -> None:
    """Run the command line; a user's mistake ends in one paragraph and its exit code, not in a traceback."""
    try:
        app(standalone_mode=True)
    except AftermathError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.code)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        typer.echo(f"There is no room left to write ({error}). Make room, and repeat the command.", err=True)
        sys.exit(TemporaryError.code)
    except SystemExit as ended:  # what Typer makes of Ctrl-C, in silence
        if ended.code == INTERRUPTED:
            typer.echo("interrupted: nothing was published", err=True)
        raise


if __name__ == "__main__":
    main()
