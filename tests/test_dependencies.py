"""One list of dependencies, and what derives from it."""

import re

from tests.dependencies import CONDA, LOCK, conda, locked, name_of, wanted


def test_lock_holds_every_dependency_within_its_bound():
    from packaging.requirements import Requirement

    pins = locked()
    for item in [*wanted(), *wanted("dev")]:
        requirement = Requirement(item)
        assert name_of(item) in pins, f"{item} is not in requirements.lock: make lock"
        assert requirement.specifier.contains(pins[name_of(item)]), f"{item}: the lock holds {pins[name_of(item)]}"


def test_lock_is_hashed_and_torch_free_and_names_no_place():
    text = LOCK.read_text(encoding="utf-8")
    assert {"torch", "sentence-transformers", "igraph", "leidenalg"}.isdisjoint(locked())
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", text)
    unhashed = [entry.split()[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    assert not unhashed


def test_conda_environment_is_made_from_the_same_list():
    assert CONDA.read_text(encoding="utf-8") == conda(), "make lock"


def test_nothing_installed_is_under_a_copyleft_or_non_commercial_licence():
    from analysis.licences import licences

    locked_names = set(locked())
    found = {row.name: row.licence for row in licences() if name_of(row.name) in locked_names}
    assert len(found) > 100
    refused = re.compile(r"\bA?GPL|GNU (Affero )?General Public|NonCommercial|CC-BY-NC", re.IGNORECASE)
    permitted = re.compile(r"LGPL|Lesser General", re.IGNORECASE)
    bad = {name: text for name, text in found.items() if refused.search(text) and not permitted.search(text)}
    assert not bad
    unknown = sorted(name for name, text in found.items() if text == "unknown")
    assert not unknown, f"no licence could be stated for {unknown}"


def test_what_a_package_carries_of_others_is_said():
    from analysis.licences import CARRIED, licences

    told = {row.name: row.licence for row in licences()}
    assert all(told[name].endswith(f"; {text}") for name, text in CARRIED.items() if name in told)
