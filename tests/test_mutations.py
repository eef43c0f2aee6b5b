"""Whatever is done to a file, it is read and adds up, or is refused with a reason: never anything else.

The last line that a failing test prints is the command that repeats it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mutations import STORED, ZONES, outcome, samples

FEW, MANY = 300, 5000
SAMPLES = samples()


def seeds(sample: Path, cases: int) -> Iterator[int]:
    """The seeds of a sample's share of `cases`, each printed as the command that repeats it."""
    for seed in range(-(-cases // len(SAMPLES))):
        print(f"python -m tests.mutations {sample.name} {seed}")
        yield seed


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_damaged_files_add_up_or_are_refused(sample: Path):
    for seed in seeds(sample, FEW):
        assert outcome(sample, seed, ZONES[seed % 2])


@pytest.mark.slow
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_thousands_of_damaged_files_add_up_or_are_refused(sample: Path):
    for seed in seeds(sample, MANY):
        for zone in ZONES:
            assert outcome(sample, seed, zone)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_what_is_not_damaged_is_stored(sample: Path):
    assert outcome(sample, None, ZONES[-1]) == STORED
