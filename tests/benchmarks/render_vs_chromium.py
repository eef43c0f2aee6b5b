"""The PDF of the sample's report by `pdf.render`, beside Chromium printing the same report's web page.

    python -m tests.benchmarks.render_vs_chromium

The report is made once, as a run makes it; then each round renders it and prints it, in turn, so that a busy spell of
the machine meets all of them. Ours works as in a run: the process is under way and has rendered nothing yet, since
Typst remembers a document it has seen; "again" says how much. Chromium is measured both ways: a process started for the
page, and a page opened in a browser that is already there. Medians of wall-clock seconds, and their ratios.
`--published DIR` takes a report that stands there already (of `data/sample`, prepared).
"""

import argparse
import multiprocessing
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from analysis import findings, lessons
from analysis.report import html, pdf
from analysis.report.document import document
from analysis.report.schema import Document
from analysis.runs import manifest
from analysis.runs.prepare import load, prepare
from analysis.runs.run import run
from analysis.workspace import Workspace
from tests.browser import chromium
from tests.workspace_fixture import INCIDENT, SAMPLE

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def rendered(report: Document, out: Path) -> tuple[float, float]:
    """Seconds of the first rendering in this process, and of the second."""
    import typst

    assert typst.compile
    first, again = (timed(lambda: pdf.render(report, out, WHEN)) for _ in range(2))
    return first, again


def told(place: Workspace, language: str) -> Document:
    """The document of the published report."""
    folder = place.report(INCIDENT)
    case = load(place, INCIDENT, prepare(place, INCIDENT), "run", folder)
    found, drawn = findings.read(folder / "findings.json"), lessons.read(folder / "lessons.json")
    return document(case, found, drawn, [], manifest.read(folder), language, short=False)


def compare(place: Workspace, language: str, rounds: int, scratch: Path) -> None:
    """Print the medians of one language."""
    folder = place.report(INCIDENT)
    shutil.copytree(folder / "figures", scratch / "figures", dirs_exist_ok=True)
    report = told(place, language)
    page, ours, theirs = (scratch / f"report.{language}.{end}" for end in ("html", "pdf", "chromium.pdf"))
    path = shutil.which("chromium")
    if path is None:
        raise SystemExit("needs chromium: make system")
    command = [path, "--headless", "--no-sandbox", "--no-first-run", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={scratch / 'profile'}", f"--print-to-pdf={theirs}", page.as_uri()]
    seconds: dict[str, list[float]] = {
        "html": [],
        "typst": [],
        "typst, again": [],
        "chromium, process": [],
        "chromium, page": [],
    }
    with chromium() as browser:

        def printed() -> None:
            tab = browser.new_page()
            tab.goto(page.as_uri())
            tab.pdf(path=str(theirs), prefer_css_page_size=True, print_background=True)
            tab.close()

        for _ in range(rounds):
            seconds["html"].append(timed(lambda: html.render(report, page)))
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as fresh:
                first, again = fresh.submit(rendered, report, ours).result()
            seconds["typst"].append(first)
            seconds["typst, again"].append(again)
            seconds["chromium, process"].append(
                timed(lambda: subprocess.run(command, check=True, capture_output=True, timeout=300))
            )
            seconds["chromium, page"].append(timed(printed))
    medians = {name: statistics.median(times) for name, times in seconds.items()}
    for name, times in seconds.items():
        print(f"{language} {name}: {medians[name]:.2f} s ({min(times):.2f} to {max(times):.2f}, {rounds} rounds)")
    for name in ("chromium, process", "chromium, page"):
        print(f"{language} typst / {name}: {medians['typst'] / medians[name]:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--published", type=Path, help="folder of reports made from data/sample")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        place = Workspace.at(SAMPLE, given.published or scratch / "reports")
        if not given.published:
            run(place, INCIDENT)
        for language in ("en", "zh"):
            compare(place, language, given.rounds, scratch)


if __name__ == "__main__":
    main()
