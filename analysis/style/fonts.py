"""The one family of the report, Noto Sans SC, from the environment and never from the machine.

The variable font is used as it is where variable fonts work. matplotlib draws one in its lightest weight, so static
instances are cut once and cached (some seconds each). In them quotation marks, the ellipsis and the middle dot are the
proportional forms, because the full-width ones leave a hole in every English sentence.
"""

import hashlib
import os
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from analysis.errors import RenderError

FAMILY = "Noto Sans SC"
Weight = Literal["regular", "bold"]
WEIGHTS: dict[Weight, int] = {"regular": 400, "bold": 700}
_RECIPE = "1"  # goes up when the way of cutting changes, so that a cached font of the old way is not used
_VERTICAL = ("BASE", "vhea", "vmtx", "VORG", "VVAR")
_PROPORTIONAL = "‘’“”…"
_HALF_WIDTH_DOT = 0xFF65


def variable_sc() -> Path:
    """The variable Noto Sans SC (weights 100 to 900) of the environment; RenderError where it is not installed."""
    path = Path(str(files("justmytype_intl_cjk"))) / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"
    if not path.is_file():
        raise RenderError(f"{path}: Noto Sans SC is missing. Install the package justmytype-intl-cjk again.")
    return path


@cache
def static_sc(weight: Weight) -> Path:
    """Noto Sans SC at one weight, cut on first use into `$XDG_CACHE_HOME/aftermath` (else `~/.cache/aftermath`)."""
    source = variable_sc()
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:12]
    target = _cache_folder() / f"NotoSansSC-{weight}-{digest}-{_RECIPE}.ttf"
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-", suffix=".ttf")
        os.close(handle)
        try:
            _cut(source, weight, Path(aside))
            Path(aside).replace(target)
        finally:
            Path(aside).unlink(missing_ok=True)
    return target


@cache
def coverage(path: Path) -> frozenset[int]:
    """The code points that the font in `path` has a glyph for."""
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def advances(weight: Weight) -> dict[int, float]:
    """How wide each code point is at that weight, in ems."""
    from fontTools.ttLib import TTFont

    with TTFont(static_sc(weight), lazy=True) as font:
        em, widths = font["head"].unitsPerEm, font["hmtx"].metrics
        return {code: widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}


@cache
def use_in_matplotlib() -> None:
    """Make both weights known to matplotlib as FAMILY, once per process."""
    from matplotlib import font_manager

    for weight in WEIGHTS:
        font_manager.fontManager.addfont(static_sc(weight))


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "aftermath"


def _cut(source: Path, weight: Weight, target: Path) -> None:
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    # Bounds are set by the instancer glyph by glyph, and a time stamp of today would make two cuts differ.
    font = TTFont(source, recalcBBoxes=False, recalcTimestamp=False)
    # Of no use to horizontal text; STAT describes an axis that the instance no longer has.
    for tag in (*_VERTICAL, "STAT"):
        if tag in font:
            del font[tag]
    instancer.instantiateVariableFont(font, {"wght": WEIGHTS[weight]}, inplace=True)
    _narrow(font)
    _name(font, weight)
    font.save(target, reorderTables=None)


def _narrow(font: object) -> None:
    """Point the character map at the proportional forms that the font holds as alternates."""
    alternates: dict[str, str] = {}
    layout = font["GSUB"].table  # type: ignore[index]
    for record in layout.FeatureList.FeatureRecord:
        if record.FeatureTag == "pwid":
            for lookup in record.Feature.LookupListIndex:
                for table in layout.LookupList.Lookup[lookup].SubTable:
                    alternates |= getattr(table, "ExtSubTable", table).mapping
    for table in font["cmap"].tables:  # type: ignore[index]
        if table.isUnicode() and hasattr(table, "cmap"):
            for character in _PROPORTIONAL:
                glyph = table.cmap.get(ord(character))
                if glyph in alternates:
                    table.cmap[ord(character)] = alternates[glyph]
            if _HALF_WIDTH_DOT in table.cmap and ord("·") in table.cmap:
                table.cmap[ord("·")] = table.cmap[_HALF_WIDTH_DOT]


def _name(font: object, weight: Weight) -> None:
    """Say which weight this is, in the three places where programs look."""
    style = weight.capitalize()
    names = font["name"]  # type: ignore[index]
    for number in (16, 17, 21, 22, 25):
        names.removeNames(nameID=number)
    for number, text in (
        (1, FAMILY),
        (2, style),
        (3, f"NotoSansSC-{style}; Aftermath {_RECIPE}"),
        (4, f"{FAMILY} {style}"),
        (6, f"NotoSansSC-{style}"),
    ):
        names.removeNames(nameID=number)
        names.setName(text, number, 3, 1, 0x409)
    bold = weight == "bold"
    font["OS/2"].usWeightClass = WEIGHTS[weight]  # type: ignore[index]
    font["OS/2"].fsSelection = 0x20 if bold else 0x40  # type: ignore[index]
    font["head"].macStyle = 1 if bold else 0  # type: ignore[index]
