"""The look of every figure, as matplotlib settings that hold inside a `with` and leave nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from analysis.style import fonts, palette

BODY = 7.5  # points at print size; nothing is smaller than SMALL
SMALL = 7.0
TITLE = 10.5
WIDTH = 7.2  # inches: the text width of the report's page


@contextmanager
def look() -> Iterator[None]:
    """Draw and save figures inside this: ticks and labels made late read the settings when they are made."""
    import matplotlib

    fonts.use_in_matplotlib()
    with matplotlib.rc_context(settings()):
        yield


def settings() -> dict[Any, Any]:
    """The settings that differ from matplotlib's own. DejaVu Sans, which matplotlib brings, covers other scripts."""
    return {
        "font.family": [fonts.FAMILY, "DejaVu Sans"],
        "font.size": BODY,
        "text.color": palette.INK,
        "text.parse_math": False,  # "$5 or $6" in a cause's name is money, not mathematics
        "text.usetex": False,
        "text.hinting": "none",  # hinted at this size, words run together
        "axes.edgecolor": palette.MUTED,
        "axes.labelcolor": palette.MUTED,
        "axes.labelsize": SMALL,
        "axes.linewidth": 0.6,
        "axes.titlesize": BODY,
        "axes.titlelocation": "left",
        "axes.titlepad": 3,
        "axes.titlecolor": palette.MUTED,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": palette.RULE,
        "grid.linewidth": 0.5,
        "xtick.color": palette.MUTED,
        "ytick.color": palette.MUTED,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "xtick.major.size": 2.5,
        "ytick.major.size": 0,
        "legend.fontsize": SMALL,
        "legend.frameon": False,
        "hatch.linewidth": 0.5,
        "figure.facecolor": palette.PAPER,
        "figure.titlesize": TITLE,
        "figure.titleweight": "bold",
        "svg.fonttype": "path",
        "svg.hashsalt": "aftermath",
        "svg.image_inline": True,
    }
