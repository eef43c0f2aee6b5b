"""Writes the sample: a workspace as somebody would have made it, with the truth beside it."""

import hashlib
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.simulate import planted, story, texts
from analysis.simulate.customers import NAMES
from analysis.simulate.story import Crisis, utc
from analysis.simulate.year import Simulated, archive

ARCHIVE = "larkwheel-2025"
EXPORT = {
    "Post ID": "id",
    "Date (UTC)": "published_at",
    "Author": "author",
    "Followers": "author_followers",
    "Text": "text",
    "Type": "kind",
    "In reply to": "parent_id",
    "Thread": "thread_id",
    "Likes": "likes",
    "Comments": "replies",
    "Shares": "reposts",
    "Views": "views",
    "Platform": "platform",
    "Language": "language",
    "Topic": "brand",
    "URL": "url",
}
"""Columns of the export → columns of the mentions table."""
_CUTS = ("2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01")
_OVERLAP = pd.Timedelta(hours=18)
_BROKEN_DATES = (
    "n/a",
    "2025-13-02 08:11:09",
    "yesterday",
    "",
    "2025-02-30 12:00:00",
    "31.31.2025",
    "-",
    "NULL",
    "2025-06-",
)


def write(folder: Path, seed: int = story.SEED) -> None:
    """The sample workspace in `folder`; what is there under the same names is overwritten. Same seed, same bytes."""
    made = archive(seed)
    books = folder / "archives" / ARCHIVE
    accounting = _write_exports(books, made.mentions, np.random.default_rng([seed, 1]))
    _text(books / "archive.yml", texts.ARCHIVE_YML)
    labels = made.truth[~made.truth["from_brand"]]
    _text(
        books / "truth_labels.csv",
        labels[["id", "origin", "cause", "sentiment"]].to_csv(index=False, lineterminator="\n"),
    )
    _json(books / "truth.json", _archive_truth(made, seed, accounting))
    for crisis in story.CRISES:
        home = folder / "incidents" / crisis.id
        _text(home / "incident.yml", texts.INCIDENT_YML[crisis.id])
        _text(home / "actions.csv", texts.ACTIONS[crisis.id])
        _json(home / "truth.json", {"seed": seed} | incident_truth(made, crisis))
    _text(folder / "plan.yml", texts.PLAN_YML)
    _text(
        folder / "pseudonym.key", hashlib.sha256(b"aftermath sample: invented people, a public key").hexdigest() + "\n"
    )
    _text(folder / "README.md", texts.README)


def incident_truth(made: Simulated, crisis: Crisis) -> dict[str, Any]:
    """What was planted for `crisis`, and what it came to in the mentions; times are UTC, durations hours."""
    table = made.mentions.merge(made.truth.drop(columns="brand"), on="id")
    start, end, onset = utc(crisis.onset), utc(crisis.end), utc(crisis.onset)
    own = table[table["origin"] == crisis.id]
    inside = (
        table["published_at"].between(start, end, inclusive="left")
        & (table["brand"] == story.BRAND)
        & ~table["from_brand"]
    )
    window = table[inside]
    expected = made.expected[(made.expected.index >= start) & (made.expected.index < end)].sum()
    said = own[~own["from_brand"] & own["cause"].notna() & (own["kind"] != "repost")]
    shares = said["cause"].value_counts(normalize=True)
    answers = _answers(table, said, crisis)
    truth = {
        "times": {
            "onset": _iso(onset),
            "peak": _iso(onset + pd.Timedelta(hours=crisis.growth)),
            "end": _iso(end),
            "window": [_iso(start), _iso(end)],
        },
        "decay": {
            "shape": "exponential",
            "half_life_hours": crisis.half_life,
            "response_effect": None
            if crisis.effect is None
            else {"from": _iso(utc(crisis.effect[0])), "half_life_hours_after": crisis.effect[1]},
        },
        "volume": {
            "customer_mentions_in_window": len(window),
            "counterfactual_first_posts_expected": round(float(expected), 1),
            "everyday_mentions_in_window": int((window["origin"] == "everyday").sum()),
            "excess_mentions_in_window": int((window["origin"] == crisis.id).sum()),
            "brand_posts_in_window": int(
                (table["published_at"].between(start, end, inclusive="left") & table["from_brand"]).sum()
            ),
            "authors_in_window": int(window["author"].nunique()),
            "fullest_hours": _fullest(window["published_at"]),
            "first_posts_that_name_the_brand": _naming(window[window["kind"] == "post"]["text"]),
        },
        "causes": {
            name: {
                "share": round(float(shares.get(name, 0.0)), 4),
                "n": int((said["cause"] == name).sum()),
                "keywords": texts.KEYWORDS[name],
            }
            for name in crisis.causes
        },
        "sentiment": {
            name: int((window["sentiment"] == value).sum())
            for name, value in (("negative", -1), ("neutral", 0), ("positive", 1))
        },
        "answers": answers,
        "statements": [{"when": _iso(utc(said.when)), "kind": said.kind} for said in crisis.statements],
        "steps": planted.steps(crisis),
        "plan": planted.kept(crisis, answers["in_time_share"]),
    }
    return truth | {"lessons": planted.lessons(crisis, truth)}


def _fullest(times: pd.Series) -> list[str]:
    """The hours in which most was written."""
    counts = times.dt.floor("h").value_counts()
    return [_iso(hour) for hour in sorted(counts.index[counts == counts.max()])]


def _naming(posts: pd.Series) -> float:
    """Share of `posts` in which a name or an account of the brand stands."""
    names = [*NAMES[True]["en"], *NAMES[True]["zh"]]
    return round(float(posts.str.casefold().map(lambda text: any(name.lower() in text for name in names)).mean()), 4)


def _answers(table: pd.DataFrame, complaints: pd.DataFrame, crisis: Crisis) -> dict[str, Any]:
    """How the complaints of `crisis` were answered: shares of the complaints, or of the answers."""
    how = crisis.answers
    replies = table[table["from_brand"] & table["parent_id"].isin(complaints["id"])]
    asked = complaints.set_index("id")["published_at"]
    hours = (replies["published_at"] - replies["parent_id"].map(asked)).dt.total_seconds() / 3600
    turns = table[table["parent_id"].isin(replies["id"])]
    stock = replies["template"].notna()
    sent = replies[replies["redirect"].astype(bool)]
    promised = planted.promised_hours(crisis)
    return {
        "planted": {
            "answered_share": how.answered,
            "median_hours": how.median_hours,
            "log_standard_deviation": how.spread,
            "template_share": how.template,
            "templates_per_language": how.templates,
        },
        "complaints": len(complaints),
        "answers": len(replies),
        "answered_share": round(len(replies) / len(complaints), 4),
        "median_hours_of_answered": round(float(hours.median()), 3),
        "apology_share": round(float(replies["apology"].astype(float).mean()), 4),
        "redirect_share": round(float(replies["redirect"].astype(float).mean()), 4),
        "solution_share": round(float(replies["solution"].astype(float).mean()), 4),
        "template_share": round(float(stock.mean()), 4),
        "in_time_share": round(float((hours <= promised).sum() / len(complaints)), 4),
        "answers_per_answered_post": round(len(replies) / replies["parent_id"].nunique(), 4),
        "answers_whose_post_is_held": round(
            float(table[table["from_brand"]]["parent_id"].dropna().isin(table["id"]).mean()), 4
        ),
        "closed_in_public": int((table["from_brand"] & table["parent_id"].isin(turns["id"])).sum()) if len(sent) else 0,
        "templates_used": len(replies.loc[stock, ["language", "template"]].drop_duplicates()),
        "second_turns": {
            name: int((turns["sentiment"] == value).sum())
            for name, value in (("angry", -1), ("details", 0), ("thanks", 1))
        },
    }


def _archive_truth(made: Simulated, seed: int, accounting: dict[str, int]) -> dict[str, Any]:
    buzz = story.LANTERNS
    origin, ours = made.truth["origin"], made.truth["brand"] == story.BRAND
    return {
        "seed": seed,
        "span": [_iso(story.START), _iso(story.END)],
        "mentions": len(made.mentions),
        "by_brand": {name: int((made.truth["brand"] == name).sum()) for name in (story.BRAND, story.RIVAL)},
        "by_language": {name: int((made.mentions["language"] == name).sum()) for name in ("en", "zh")},
        "brand_posts": int((made.truth["from_brand"] & ours).sum()),
        "files": accounting,
        "incidents": [crisis.id for crisis in story.CRISES],
        "recurring_causes": {"double_charge": [story.OUTAGE.id, story.PRICE.id]},
        "forerunner": {
            "cause": "brakes",
            "from": _iso(utc("2025-06-09 08:00")),
            "to": _iso(utc(story.BRAKES.onset)),
            "times_as_often": 4,
        },
        "buzz": {
            "id": buzz.id,
            "onset": _iso(utc(buzz.onset)),
            "peak": _iso(utc(buzz.onset) + pd.Timedelta(hours=buzz.growth)),
            "end": _iso(utc(buzz.end)),
            "half_life_hours": buzz.half_life,
            "mentions": int((origin == buzz.id).sum()),
        },
    }


def _write_exports(folder: Path, mentions: pd.DataFrame, rng: np.random.Generator) -> dict[str, int]:
    """One CSV per quarter; the rows that two exports share carry newer counts in the later. Returns the accounting."""
    table = mentions.assign(url=_urls(mentions))
    rows = duplicates = rejected = 0
    for place, (first, last) in enumerate(pairwise(_CUTS)):
        start, end = pd.Timestamp(first, tz="UTC"), pd.Timestamp(last, tz="UTC")
        again = table["published_at"].between(start - _OVERLAP, start, inclusive="left")
        part = table[again | table["published_at"].between(start, end, inclusive="left")].copy()
        for name in ("likes", "replies", "reposts", "views"):
            grown = (part[name].astype("float64") * 1.08 + 0.5).floordiv(1).astype("Int64")
            part[name] = part[name].mask(again[part.index], grown)
        export = part[list(EXPORT.values())].set_axis(list(EXPORT), axis=1)
        export["Date (UTC)"] = part["published_at"].dt.strftime("%Y-%m-%d %H:%M:%S")
        broken = _break(export, place, rng)
        export = pd.concat([export, broken]).sort_index(kind="stable")
        _text(folder / f"mentions-2025-q{place + 1}.csv", export.to_csv(index=False, lineterminator="\n"))
        rows, duplicates, rejected = rows + len(export), duplicates + int(again.sum()), rejected + len(broken)
    return {"rows": rows, "accepted": len(mentions), "duplicates": duplicates, "unreadable": rejected}


def _break(export: pd.DataFrame, place: int, rng: np.random.Generator) -> pd.DataFrame:
    """Three more rows that no reader can accept: bad dates, and one without text, or without id and address."""
    picked = export.loc[np.sort(rng.choice(export.index.to_numpy(), 3, replace=False))].copy()
    picked["Post ID"] = [f"x{place}{number}" for number in range(3)]
    dates = picked["Date (UTC)"].tolist()
    dates[:2] = _BROKEN_DATES[2 * place : 2 * place + 2]
    picked["Date (UTC)"] = dates
    picked.loc[picked.index[2], ["Text"] if place % 2 else ["Post ID", "URL"]] = ""
    return picked


def _urls(mentions: pd.DataFrame) -> pd.Series:
    """Web addresses: the English microblog's hold the author's name, the forum's export has none."""
    known = mentions["platform"].map({"murmur": "https://murmur.example/", "weiyu": "https://weiyu.example/p/"})
    path = mentions["id"].where(mentions["platform"] != "murmur", mentions["author"].str.cat(mentions["id"], "/"))
    return known + path


def _iso(moment: pd.Timestamp) -> str:
    return moment.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


def _json(path: Path, values: dict[str, Any]) -> None:
    _text(path, json.dumps(values, ensure_ascii=False, indent=1) + "\n")
