"""The published pages as a reader's own programs show them: poppler for the PDF, Chromium for the web page."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.workspace_fixture import Published

WIDTHS = (375, 1440)


def system(tool: str) -> str:
    """The path of what only the system can bring; skips without it, and fails instead where CI brought it."""
    found = shutil.which(tool)
    if found is None:
        reason = f"needs {tool}: make system"
        if os.environ.get("AFTERMATH_REQUIRE_SYSTEM"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


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


@pytest.mark.parametrize("language", ["", ".zh"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_web_page_does_not_overflow(sample: Published, tmp_path: Path, width: int, language: str):
    page = sample.folder / f"postmortem{language}.html"
    # The page itself carries no script: a frame measures it from outside, in a copy without the policy that forbids it.
    copy = tmp_path / "copy.html"
    text = page.read_text(encoding="utf-8")
    probe = (
        "<script>addEventListener('load',()=>{document.title=JSON.stringify("
        "{wide:document.documentElement.scrollWidth,seen:document.documentElement.clientWidth})})</script></body>"
    )
    start = text.index("<meta http-equiv")
    copy.write_text((text[:start] + text[text.index(">", start) + 1 :]).replace("</body>", probe), encoding="utf-8")
    frame = tmp_path / "frame.html"
    frame.write_text(
        f"<iframe id=f src=copy.html width={width} height=900 style='border:0'></iframe><script>f.onload=()=>"
        "setTimeout(()=>{document.body.append(f.contentDocument.title)},200)</script>",
        encoding="utf-8",
    )
    command = [system("chromium"), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command += [
        "--allow-file-access-from-files",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=4000",
    ]
    done = subprocess.run(
        [*command, "--window-size=1600,1000", "--dump-dom", frame.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    measured = json.loads(done.stdout[done.stdout.rindex('{"wide"') : done.stdout.rindex("}") + 1])
    assert measured["wide"] <= measured["seen"] <= width
    assert measured["seen"] > 0.9 * width
