"""A year of mentions, put together: who writes what when, who answers, what is counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.mentions import conform
from analysis.simulate import story
from analysis.simulate.conversation import Row, answer, repost, second_turn
from analysis.simulate.customers import complaint, everyday, joy, news
from analysis.simulate.people import authors
from analysis.simulate.process import arrivals, autoregression, burst_shape, season
from analysis.simulate.story import BRAND, Crisis, utc

_MOOD = {"praise": 1, "question": 0, "neutral": 0}
_LETTER = {"murmur": "m", "weiyu": "w", "kerbside": "k"}


@dataclass(frozen=True)
class Simulated:
    """`mentions`: the mentions table, authors and handles as they are, sorted by time. `truth`: what is true of each.

    The truth has one row per mention: id, brand, origin ("everyday", or the id of the crisis or buzz), cause (null
    where none), sentiment (−1, 0, 1; null for the brand's own), from_brand, template, apology, redirect, solution.
    `expected`: customers' first posts about the brand that were to be expected without any crisis, per UTC hour.
    """

    mentions: pd.DataFrame
    truth: pd.DataFrame
    expected: pd.Series


def archive(
    seed: int = story.SEED,
    start: pd.Timestamp = story.START,
    end: pd.Timestamp = story.END,
    crises: Sequence[Crisis] = (*story.CRISES, story.LANTERNS),
    rate: dict[str, float] | None = None,
) -> Simulated:
    """The mentions of [start, end) and their truth; `rate` is customers' first posts per hour of each brand label."""
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(6)]
    times, voices, talk, people, tally, agents = streams
    hours = pd.date_range(start, end, freq="h", inclusive="left")
    rate = story.RATE if rate is None else rate
    # Weather and holidays move both brands alike: what a competitor is good for as a control.
    days = autoregression(times, len(hours) // 24 + 1, memory=0.5, spread=0.16)
    common = season(hours, story.ZONE) * np.repeat(days, 24)[: len(hours)]
    crowd = Crowd(authors(people, {"en": 2400, "zh": 1700}))
    rows: list[Row] = []
    for brand, level in rate.items():
        for when in arrivals(times, hours, level * common):
            rows.append(_everyday_post(voices, crowd, when, brand, crises))
    for crisis in crises:
        if start <= utc(crisis.onset) < end:
            rows += _crisis_posts(times, voices, crowd, hours, crisis)
    rows = _converse(talk, voices, agents, rows, crises)
    expected = pd.Series(rate.get(BRAND, 0.0) * common, index=hours, name="expected")
    return Simulated(*_tables(tally, [row for row in rows if row["published_at"] < end]), expected)


class Crowd:
    """Draws authors by language, the zealous more often."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._rows: dict[str, list[Row]] = {}
        self._upto: dict[str, np.ndarray] = {}
        for language, part in table.groupby("language"):
            self._rows[str(language)] = part.to_dict("records")  # type: ignore[assignment]
            self._upto[str(language)] = np.cumsum(part["zeal"].to_numpy())

    def one(self, rng: np.random.Generator, language: str, platform: str | None = None) -> Row:
        """An author who writes `language`, on `platform` where given."""
        upto, rows = self._upto[language], self._rows[language]
        while True:
            row = rows[int(np.searchsorted(upto, rng.random() * upto[-1]))]
            if platform is None or row["platform"] == platform:
                return row


def _post(who: Row, when: pd.Timestamp, text: str, brand: str, origin: str, **more: Any) -> Row:
    return {
        "key": -1,
        "parent": None,
        "thread": None,
        "published_at": when,
        "author": who["author"],
        "followers": who["followers"],
        "platform": who["platform"],
        "language": who["language"],
        "text": text,
        "kind": "post",
        "brand": brand,
        "origin": origin,
        "cause": None,
        "topic": None,
        "sentiment": 0,
        "from_brand": False,
    } | more


def _language(rng: np.random.Generator) -> str:
    return "zh" if rng.random() < story.CHINESE else "en"


def _draw(rng: np.random.Generator, weights: dict[str, float]) -> str:
    values = np.cumsum(list(weights.values()))
    return list(weights)[int(np.searchsorted(values, rng.random() * values[-1]))]


def _everyday_post(
    rng: np.random.Generator, crowd: Crowd, when: pd.Timestamp, brand: str, crises: Sequence[Crisis]
) -> Row:
    who = crowd.one(rng, _language(rng))
    kind = _draw(rng, story.EVERYDAY_KINDS)
    if kind != "complaint":
        text = everyday(rng, who["language"], kind, brand)
        return _post(who, when, text, brand, "everyday", topic=kind, sentiment=_MOOD[kind])
    weights = dict(story.EVERYDAY_CAUSES)
    for crisis in crises:
        if brand == BRAND and crisis.forerunner and utc(crisis.forerunner[1]) <= when < utc(crisis.onset):
            weights[crisis.forerunner[0]] *= crisis.forerunner[2]
    cause = _draw(rng, weights)
    text = complaint(rng, who["language"], cause, brand)
    return _post(who, when, text, brand, "everyday", cause=cause, topic="complaint", sentiment=-1)


def _crisis_posts(
    times: np.random.Generator, rng: np.random.Generator, crowd: Crowd, hours: pd.DatetimeIndex, crisis: Crisis
) -> list[Row]:
    """What is said because of `crisis`: statements, posts, comments, quotes, and reposts that repeat nothing yet."""
    onset = utc(crisis.onset)
    since = (hours - onset) / pd.Timedelta(hours=1) + 0.5
    turn, after = (None, None) if crisis.effect is None else (_hours(onset, utc(crisis.effect[0])), crisis.effect[1])
    shape = burst_shape(since.to_numpy(), crisis.growth, crisis.half_life, turn, after)
    rows = [
        _statement(utc(said.when), said.kind, language, getattr(said, language), crisis)
        for said in crisis.statements
        for language in ("en", "zh")
    ]
    said = list(rows)
    for when in arrivals(times, hours, crisis.total * shape / shape.sum()):
        rows.append(_crisis_post(rng, crowd, when, crisis, [row for row in said if row["published_at"] < when]))
    return rows


def _hours(start: pd.Timestamp, end: pd.Timestamp) -> float:
    return (end - start) / pd.Timedelta(hours=1)


def _statement(when: pd.Timestamp, kind: str, language: str, text: str, crisis: Crisis) -> Row:
    who = {
        "author": story.ACCOUNTS[language][0],
        "followers": {"en": 48210, "zh": 61530}[language],
        "language": language,
        "platform": {"en": "murmur", "zh": "weiyu"}[language],
    }
    return _post(who, when, text, BRAND, crisis.id, topic=kind, from_brand=True)


def _crisis_post(
    rng: np.random.Generator, crowd: Crowd, when: pd.Timestamp, crisis: Crisis, said: Sequence[Row]
) -> Row:
    who = crowd.one(rng, _language(rng))
    language, draw = who["language"], rng.random()
    if draw < 0.2:
        return _post(who, when, "", BRAND, crisis.id, kind="repost")
    if not crisis.causes:
        return _post(who, when, joy(rng, language), BRAND, crisis.id, topic="praise", sentiment=1)
    if draw < 0.29:
        return _post(who, when, news(rng, language, crisis.news), BRAND, crisis.id, topic="news")
    weights = {
        cause: share
        for cause, share in crisis.causes.items()
        if when >= utc(crisis.cause_from.get(cause, crisis.onset))
    }
    heard = [row for row in said if row["language"] == language and row["platform"] == who["platform"]]
    below = bool(heard) and draw < 0.42
    if below and "statement" in weights:
        weights["statement"] *= 4
    cause = _draw(rng, weights)
    row = _post(
        who, when, complaint(rng, language, cause), BRAND, crisis.id, cause=cause, topic="complaint", sentiment=-1
    )
    if below:
        row |= {"kind": "quote" if draw < 0.33 else "comment", "parent": heard[-1]}
    return row


def _converse(
    rng: np.random.Generator,
    voices: np.random.Generator,
    agents: np.random.Generator,
    rows: list[Row],
    crises: Sequence[Crisis],
) -> list[Row]:
    """`rows` with reposts given what they repeat, and with the brand's answers and the customers' second turns.

    `agents`: what those who answer add of their own. Every row gets a `key`; `parent` and `thread` are keys.
    """
    answers = {crisis.id: crisis.answers for crisis in crises}
    rows = sorted(rows, key=lambda row: row["published_at"])
    for key, row in enumerate(rows):
        row["key"] = row["thread"] = key
    out: list[Row] = []
    recent: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if isinstance(row["parent"], dict):
            parent = row["parent"]
            row["parent"] = parent["key"]
            row["thread"] = parent["thread"] if row["kind"] == "comment" else row["key"]
        pool = recent.setdefault((row["platform"], row["origin"]), [])
        if row["kind"] == "repost":
            source = _source(rng, pool, row["published_at"])
            if source is None:
                continue
            who = {"author": row["author"], "followers": row["followers"]}
            passed_on = repost(voices, source, row["published_at"], who)
            out.append(passed_on | {"key": row["key"], "thread": row["key"]})
            continue
        row["draw"] = 3.0 * (1 + rng.pareto(1.1)) if row["from_brand"] else rng.pareto(1.1)
        pool.append(row)
        out.append(row)
        how = answers.get(row["origin"], story.EVERYDAY_ANSWERS)
        if row["brand"] == BRAND and not row["from_brand"] and _answered(rng, row, how):
            out += _thread(voices, agents, row, how)
    return out


def _answered(rng: np.random.Generator, row: Row, how: story.Answers) -> bool:
    chance = {"complaint": how.answered, "question": how.answered, "praise": 0.12}.get(row["topic"], 0.0)
    return bool(rng.random() < chance)


def _thread(rng: np.random.Generator, agents: np.random.Generator, row: Row, how: story.Answers) -> list[Row]:
    """The brand's answer to `row` and what the customer says to that; keys are fractions of the row's own."""
    reply = answer(rng, agents, row, how)
    if reply is None:
        return []
    reply["key"] = row["key"] + 0.25
    if rng.random() >= how.second_turn:
        return [reply]
    turn = second_turn(rng, reply, row, how)
    return [reply] if turn is None else [reply, turn | {"key": row["key"] + 0.5}]


def _source(rng: np.random.Generator, pool: list[Row], when: pd.Timestamp) -> Row | None:
    """An earlier post of the last 36 hours in `pool`, the popular and the young more often."""
    young = [row for row in pool[-400:] if row["published_at"] > when - pd.Timedelta(hours=36)]
    if not young:
        return None
    ages = np.array([_hours(row["published_at"], when) for row in young])
    weights = np.array([row["draw"] for row in young]) * np.exp(-ages / 10) + 1e-9
    return young[int(np.searchsorted(np.cumsum(weights), rng.random() * weights.sum()))]


def _tables(rng: np.random.Generator, rows: list[Row]) -> tuple[pd.DataFrame, pd.DataFrame]:
    ordered = sorted(rows, key=lambda row: (row["published_at"], row["key"]))
    table = pd.DataFrame(ordered)
    place = np.arange(len(table))
    table["id"] = [
        f"{_LETTER[platform]}{100000 + 7 * at}" for platform, at in zip(table["platform"], place, strict=True)
    ]
    ids = table.set_index("key")["id"]
    table = table.assign(parent_id=table["parent"].map(ids), thread_id=table["thread"].map(ids))
    table = _counted(rng, table)
    forum = table["platform"] == "kerbside"
    for name in ("reposts", "views", "author_followers"):
        table[name] = table[name].mask(forum)
    table["views"] = table["views"].where(table["platform"] == "murmur")
    facts = ["origin", "cause", "sentiment", "from_brand", "template", "apology", "redirect", "solution"]
    truth = table[["id", "brand", *facts]]
    mentions = conform(table.assign(source="simulated", source_row=place + 1))
    return mentions, truth.assign(sentiment=truth["sentiment"].where(~truth["from_brand"]).astype("Int64"))


def _counted(rng: np.random.Generator, table: pd.DataFrame) -> pd.DataFrame:
    """Likes, replies, reposts and views: heavy-tailed, and never fewer than the rows of the table itself show."""
    size = len(table)
    brand = table["from_brand"].to_numpy(dtype=bool)
    followers = np.where(brand, 48210, table["followers"].fillna(0).to_numpy(dtype=float))
    shown_reposts = (
        table["id"].map(table.loc[table["kind"] == "repost", "parent_id"].value_counts()).fillna(0).to_numpy()
    )
    shown_replies = (
        table["id"]
        .map(table.loc[table["kind"].isin(["reply", "comment"]), "parent_id"].value_counts())
        .fillna(0)
        .to_numpy()
    )
    pull = (
        (followers + 20) ** 0.35 / 8 * (1 + 3 * shown_reposts) * np.where(brand & (table["kind"] == "reply"), 0.05, 1)
    )
    likes = np.floor(pull * rng.pareto(1.25, size))
    extra = np.floor(0.04 * pull * rng.pareto(1.3, size))
    views = np.floor(0.3 * followers * rng.lognormal(0, 0.7, size) + 40 * likes + 120 * shown_reposts + likes)
    return table.assign(
        likes=pd.array(np.minimum(likes, 90_000).astype("int64"), dtype="Int64"),
        replies=pd.array((shown_replies + np.minimum(extra, 900)).astype("int64"), dtype="Int64"),
        reposts=pd.array((shown_reposts + np.floor(extra * 0.7)).astype("int64"), dtype="Int64"),
        views=pd.array(np.minimum(views, 4_000_000).astype("int64"), dtype="Int64"),
        author_followers=pd.array(np.where(brand, 48210, followers).astype("int64"), dtype="Int64"),
    )
