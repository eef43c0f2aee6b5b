"""The published PDF as a reader's own program shows it: poppler."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.browser import system
from tests.workspace_fixture import Published


def page_of(pdf: Path, number: int, folder: Path) -> np.ndarray:
    """A page of `pdf` as grey values, 0 black to 255 white."""
    from matplotlib.image import imread

    command = [system("pdftoppm"), "-r", "50", "-f", str(number), "-l", str(number), "-gray", "-png", "-singlefile"]
    subprocess.run([*command, str(pdf), str(folder / "page")], check=True)
    picture = imread(folder / "page.png")
    return (picture if picture.ndim == 2 else picture[..., :3].mean(axis=2)) * 255


@pytest.mark.parametrize("name", ["postmortem.pdf", "postmortem.zh.pdf"])
def test_page_one_stands_on_one_sheet_within_its_margins(sample: Published, tmp_path: Path, name: str):
    page = page_of(sample.folder / name, 1, tmp_path)
    height, width = page.shape
    body = page[height // 5 :]  # under the band of colour, which bleeds off the sheet
    margin = round(width * 0.05)
    assert (body[:, -margin:] > 250).all()
    assert (body[:, :margin] > 250).all()
    chart = page[int(height * 0.55) : int(height * 0.9)]
    assert (chart < 200).mean() > 0.01, "the chart of page one is empty"
