"""Conversations written by hand, as measures of private channels and of outcomes read them."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.measures.conversations import turns

START = pd.Timestamp("2025-01-01", tz="UTC")
WHOLE = {
    "brand_side": "whole",
    "threads": "recorded",
    "openers": "present",
    "selected": "no",
    "silence_provable": True,
}
SEEN = [(START - pd.Timedelta(days=30), START + pd.Timedelta(days=60))]
FLAGS = ("redirect", "caring", "closes", "gratitude", "solved", "accepted", "still_open")
Turn = tuple[str, float, str]
"""(side: "c" or "o", hours after the start, flags with blanks between; "neg", "pos" for the tone)."""


def rows(customer: str, said: Iterable[Turn], key: str = "") -> list[dict]:
    """One conversation: each turn answers the one before."""
    out: list[dict] = []
    for place, (side, hours, flags) in enumerate(said):
        words = flags.split()
        net = -0.8 if "neg" in words else 0.8 if "pos" in words else 0.0
        name = f"{key or customer}-{place}"
        out.append(
            {
                "id": name,
                "parent_id": out[-1]["id"] if out else None,
                "thread_id": None,
                "author": "us" if side == "o" else customer,
                "published_at": START + pd.Timedelta(hours=hours),
                "from_brand": side == "o",
                "kind": "reply" if out else "post",
                "net": net,
                "negative": "neg" in words,
                "channel": next((word[3:] for word in words if word.startswith("to:")), None),
                "deadline": next((float(word[4:]) for word in words if word.startswith("due:")), np.nan),
            }
            | {flag: flag in words for flag in FLAGS}
        )
    return out


def talk(parts: Iterable[list[dict]], until: float = 1e6) -> pd.DataFrame:
    """Turns with what each says; those before `until` hours are inside the incident."""
    table = mentions(parts)
    made = turns(table).merge(table.drop(columns=["published_at"]), on="id")
    made["inside"] = made["published_at"] < START + pd.Timedelta(hours=until)
    made["complaint"] = made["negative"].astype(bool) & (made["side"] == "customer")
    return made


def mentions(parts: Iterable[list[dict]]) -> pd.DataFrame:
    table = pd.DataFrame([row for part in parts for row in part])
    strings = dict.fromkeys(("id", "parent_id", "thread_id", "author", "kind", "channel"), "string")
    table = table.astype(strings | {"from_brand": "bool", "negative": "boolean"})
    return table.assign(published_at=table["published_at"].dt.as_unit("us"))
