"""Which part of an archive a claim is about: the whole of it, or else single brands, or else single files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

WHOLE = ""
"""The brand of the archive as a whole."""
Judge = Callable[[pd.Series], dict[str, Any] | None]
"""From how many rows show each sign to the values of a claim, or None where there is none to make."""


@dataclass(frozen=True)
class Part:
    """Rows of a table (a mask) that a claim is about; `files` names them where it is about files."""

    brand: str
    files: tuple[str, ...]
    rows: np.ndarray
    values: dict[str, Any]


def lots(table: pd.DataFrame) -> np.ndarray:
    """A number for each row that depends on its id alone: the order in which rows are drawn."""
    return pd.util.hash_array(table["id"].to_numpy(dtype=object))


def sample(table: pd.DataFrame, drawn: np.ndarray, most: int = 60_000, least: int = 100) -> pd.DataFrame:
    """About `most` rows, spread evenly over the files, at least `least` of each: those with the lowest `lots`."""
    if len(table) <= most:
        return table
    by_draw = np.argsort(drawn, kind="stable")
    files = pd.factorize(table["source"])[0][by_draw]
    rank = pd.Series(files).groupby(files).cumcount().to_numpy()
    sizes = np.sort(np.bincount(files[files >= 0]))
    quota, left = least, most
    for place, size in enumerate(sizes):  # what small files do not fill is left to the large ones
        quota = max(left // (len(sizes) - place), least)
        if size > quota:
            break
        left -= size
    return table.iloc[np.sort(by_draw[rank < quota])]


def parts(signs: pd.DataFrame, table: pd.DataFrame, judge: Judge) -> list[Part]:
    """Where `judge` finds something in `signs` (a column of booleans per sign; rows as in `table`).

    The whole archive is judged first; where nothing is found there each brand, then each file of what is left. Files
    of one brand that give the same claim but for numbers are one part.
    """
    brand = table["brand"].fillna(WHOLE).astype(str).to_numpy()
    source = table["source"].fillna("").astype(str).to_numpy()
    everything = np.ones(len(table), dtype=bool)
    found = judge(signs.sum())
    if found:
        return [Part(WHOLE, (), everything, found)]
    out, left = [], everything.copy()
    if len(set(brand)) > 1:
        for name, row in signs.groupby(brand).sum().iterrows():
            if name != WHOLE and (found := judge(row)):
                out.append(Part(str(name), (), brand == name, found))
                left &= brand != name
    if len(set(source[left])) > 1:
        hit = [str(name) for name, row in signs[left].groupby(source[left]).sum().iterrows() if judge(row)]
        of_file = {name: set(brand[left & (source == name)]) for name in hit}
        for owner in sorted({_only(names) for names in of_file.values()}):
            files = tuple(name for name in hit if _only(of_file[name]) == owner)
            rows = left & np.isin(source, files)
            together = judge(signs[rows].sum())
            if together:
                out.append(Part(owner, files, rows, together))
    return out


def _only(names: set[str]) -> str:
    return next(iter(names)) if len(names) == 1 else WHOLE


def claim(
    kind: str, table: pd.DataFrame, brand: str, files: tuple[str, ...], values: Mapping[str, object]
) -> dict[str, Any]:
    """A claim about the time that `table` spans (UTC, to the second), and about `files` of it where any are named."""
    start, end = table["published_at"].min().floor("s"), table["published_at"].max().floor("s")
    told = {name: _plain(value) for name, value in values.items()}
    if files:
        told |= {"file": files[0], "files": list(files[:50]), "more_files": len(files) - 1}
    return {"kind": kind, "brand": brand, "start": start, "end": end + pd.Timedelta(seconds=1), "values": told}


def _plain(value: object) -> object:
    """`value` without numpy's types, for JSON."""
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value
