"""What every test may ask for."""

from pathlib import Path

import pytest

from tests.workspace_fixture import INCIDENT, Published, Workspace, once, publish_sample

SHARED = Path(__file__).resolve().parents[2] / "shared"


def shared(path: str) -> Path:
    """A file of real, third-party material beside the project; skips where it is absent."""
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"needs ../shared/{path}, which is not on this machine")
    return found


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The post-mortem of the sample's default incident, from its archive: made once, whoever asks."""
    folder = once(tmp_path_factory, "sample", publish_sample)
    return Published(Workspace.at(folder / "ws", folder / "reports"), INCIDENT)
