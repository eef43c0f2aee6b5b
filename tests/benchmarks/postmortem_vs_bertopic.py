"""The whole airlines-2015 post-mortem beside stock BERTopic on its negative tweets alone, each in a cold process.

    python -m tests.benchmarks.postmortem_vs_bertopic --archive ../shared/archives/airlines-2015/Tweets.csv

Runs alternate, so that a busy spell of the machine meets all of them. `--reference-python` names an interpreter that
has torch, sentence-transformers and bertopic; without it an environment is made once under `.bench/`. The human
`negativereason` is read to measure agreement (adjusted mutual information) and by nothing else. The causes of the same
tweets alone are `tests.benchmarks.causes`.
"""

import argparse
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PINNED = ("torch==2.13.0", "sentence-transformers==6.2.0", "bertopic==0.17.4")
INCIDENTS = {"six-airlines": "all 14,485 tweets", "us-airways": "US Airways alone"}
BRAND_TERMS = (
    "Virgin America,VirginAmerica,United,United Airlines,Southwest,Southwest Air,SouthwestAir,Delta,JetBlue,"
    "US Airways,USAirways,American,American Air,AmericanAir,American Airlines"
)

STOCK = """
import csv, json, sys
import torch
from bertopic import BERTopic
from sentence_transformers import SentenceTransformer
with open(sys.argv[1], encoding="utf-8") as file:
    texts = [row["text"] for row in csv.DictReader(file) if row["airline_sentiment"] == "negative"]
topics, _ = BERTopic(embedding_model=SentenceTransformer(sys.argv[2], device="cpu")).fit_transform(texts)
with open(sys.argv[3], "w") as file:
    json.dump([int(topic) for topic in topics], file)
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of wall clock and of processor, and the largest resident memory of the process, in MB."""

    wall: float
    cpu: float
    peak: float


def measure(command: list[str], environment: dict[str, str], log: Path) -> Cost:
    """What `command` costs, its children included, from a cold start; SystemExit with the log where it fails."""
    start = time.perf_counter()
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=output, stderr=output)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:3])} … failed ({process.returncode}):\n{log.read_text()[-3000:]}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def reference_environment(folder: Path) -> Path:
    """The interpreter of an environment with stock BERTopic in `folder`, made there where there is none."""
    python = folder / "bin" / "python"
    done = folder / "complete"
    if not done.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PINNED], check=True)
        done.touch()
    return python


def write_workspace(folder: Path, archive: Path) -> None:
    """A workspace with one airline's incident, and with one that takes the tweets of all six, to score them."""
    labelled = {"name": "airlines-2015", "sources": [str(archive)]}
    columns = {"id": "tweet_id", "published_at": "tweet_created", "text": "text", "author": "name"}
    unlabelled = {"name": "six-airlines", "sources": [str(archive)], "format": "delimited", "columns": columns}
    for entry in (labelled, unlabelled):
        place = folder / "archives" / str(entry["name"])
        place.mkdir(parents=True)
        (place / "archive.yml").write_text(json.dumps(entry))
    window = {"start": "2015-02-22T02:00:00+00:00", "end": "2015-02-23T05:00:00+00:00"}
    for name, source, brand in (("us-airways", labelled, "US Airways"), ("six-airlines", unlabelled, "US airlines")):
        incident = {
            "id": name,
            "title": f"{brand}, February 2015",
            "archives": [source["name"]],
            "brand": brand,
            "brand_terms": BRAND_TERMS.split(","),
            "window": window,
            "baseline_days": 5,
            "after_days": 2,
        }
        place = folder / "incidents" / name
        place.mkdir(parents=True)
        (place / "incident.yml").write_text(json.dumps(incident))


def agreement(archive: Path, topics: Path) -> float:
    """Adjusted mutual information of topics with the human reasons, over the negative tweets that have one."""
    from sklearn.metrics import adjusted_mutual_info_score

    with archive.open(encoding="utf-8") as file:
        reasons = [row["negativereason"] for row in csv.DictReader(file) if row["airline_sentiment"] == "negative"]
    return float(adjusted_mutual_info_score(reasons, json.loads(topics.read_text())))


def run(arguments: argparse.Namespace, scratch: Path) -> dict[str, list[Cost]]:
    """Costs by contestant, run alternately."""
    from analysis.scoring.minilm import package_folder

    reference = arguments.reference_python or reference_environment(REPOSITORY / ".bench" / "stock-bertopic")
    base = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"HF_HUB_OFFLINE": "1"}
    archive, log = str(arguments.archive.resolve()), scratch / "log"
    costs: dict[str, list[Cost]] = {}
    for number in range(arguments.repeat):
        fresh = scratch / str(number)
        fresh.mkdir()
        environment = base | {"XDG_CACHE_HOME": str(fresh / "cache"), "NUMBA_CACHE_DIR": str(fresh / "numba")}
        contestants = {
            "stock BERTopic, negative tweets": [
                *[str(reference), "-c", STOCK, archive, str(package_folder()), str(scratch / "stock.json")]
            ],
        }
        workspace = fresh / "workspace"
        write_workspace(workspace, arguments.archive.resolve())
        for incident, what in INCIDENTS.items():
            command = [sys.executable, "-m", "analysis.cli", "run", incident]
            contestants[f"post-mortem, {what}"] = [
                *command,
                *("--workspace", str(workspace), "--reports", str(fresh / "reports")),
            ]
        for name, command in contestants.items():
            shutil.rmtree(fresh / "cache", ignore_errors=True)
            shutil.rmtree(fresh / "workspace" / "cache", ignore_errors=True)
            cost = measure(command, environment, log)
            costs.setdefault(name, []).append(cost)
            print(f"{name}: {cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, {cost.peak:.0f} MB", flush=True)
        shutil.rmtree(fresh)
    return costs


def show(costs: dict[str, list[Cost]]) -> None:
    """The table of medians, each against stock."""
    medians = {name: statistics.median(cost.wall for cost in found) for name, found in costs.items()}
    stock = next(iter(medians.values()))
    print(f"\n{'':34}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}{'stock / this':>14}")
    for name, found in costs.items():
        cpu = statistics.median(cost.cpu for cost in found)
        peak = max(cost.peak for cost in found)
        print(f"{name:34}{medians[name]:9.1f}{cpu:9.1f}{peak:9.0f}{stock / medians[name]:14.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, required=True, help="Tweets.csv of airlines-2015")
    parser.add_argument("--reference-python", type=Path, help="an interpreter with stock BERTopic")
    parser.add_argument("--repeat", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        show(run(arguments, Path(scratch)))
        print(f"\nAMI with human causes: stock {agreement(arguments.archive, Path(scratch) / 'stock.json'):.3f}")


if __name__ == "__main__":
    main()
