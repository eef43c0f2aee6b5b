"""Who answers whom: the brand's answers, the customers' second turns, and who passes what on."""

from typing import Any

import numpy as np
import pandas as pd

from analysis.simulate import brand_voice
from analysis.simulate.customers import everyday, rules
from analysis.simulate.grammar import Rules, expand, pick
from analysis.simulate.story import ACCOUNTS, END, Answers

Row = dict[str, Any]


def answer(rng: np.random.Generator, own: np.random.Generator, row: Row, how: Answers) -> Row | None:
    """The brand's answer to the customer's post `row`; None where it is given after the archive's end.

    What an agent adds in words of their own is drawn from `own`, so that it moves nothing else of the year.
    """
    delay = pd.Timedelta(seconds=round(3600 * how.median_hours * float(np.exp(rng.normal(0, how.spread)))))
    when = row["published_at"] + max(delay, pd.Timedelta(seconds=40))
    if when >= END:
        return None
    language = row["language"]
    template, text, apology, redirect, solution = _answer_text(rng, own, language, row["cause"] or row["topic"], how)
    head = (
        f"@{row['author']} "
        if language == "en"
        else f"回复@{row['author']}："
        if rng.random() < 0.5
        else f"@{row['author']} "
    )
    return _below(row, when, ACCOUNTS[language][1], head + text) | {
        "from_brand": True,
        "template": template,
        "apology": apology,
        "redirect": redirect,
        "solution": solution,
    }


def second_turn(rng: np.random.Generator, reply: Row, root: Row, how: Answers) -> Row | None:
    """What the customer of `root` writes after the brand's `reply`; None after the archive's end."""
    when = reply["published_at"] + pd.Timedelta(seconds=60 + round(3600 * float(rng.lognormal(0, 1.1))))
    if when >= END:
        return None
    draw = rng.random()
    kind = "thanks" if draw < how.thanks else "angry_again" if draw < how.thanks + how.angry else "info"
    text = f"@{reply['author']} " + everyday(rng, root["language"], kind)
    return _below(reply, when, root["author"], text) | {
        "followers": root["followers"],
        "topic": kind,
        "sentiment": {"thanks": 1, "angry_again": -1, "info": 0}[kind],
    }


def repost(rng: np.random.Generator, parent: Row, when: pd.Timestamp, who: Row) -> Row:
    """`who` passes `parent` on, with a word or none."""
    word = "" if parent["sentiment"] > 0 else everyday(rng, parent["language"], "repost")
    old = parent["text"]
    text = (
        f"{word} RT @{parent['author']}: {old}" if parent["language"] == "en" else f"{word}//@{parent['author']}：{old}"
    )
    return _below(parent, when, who["author"], text[:280].strip()) | {
        "followers": who["followers"],
        "kind": "repost",
        "cause": parent["cause"],
        "sentiment": parent["sentiment"],
        "topic": "repost",
    }


def _below(parent: Row, when: pd.Timestamp, author: str, text: str) -> Row:
    return {
        "key": -1,
        "parent": parent["key"],
        "thread": parent["thread"],
        "published_at": when,
        "author": author,
        "followers": None,
        "platform": parent["platform"],
        "language": parent["language"],
        "text": text,
        "kind": "reply",
        "brand": parent["brand"],
        "origin": parent["origin"],
        "cause": None,
        "topic": "answer",
        "sentiment": 0,
        "from_brand": False,
    }


def _answer_text(
    rng: np.random.Generator, own: np.random.Generator, language: str, topic: str, how: Answers
) -> tuple[int | None, str, bool, bool, bool]:
    """Number of the template or None, text, and whether it apologises, sends elsewhere, offers a solution."""
    if rng.random() < how.template:
        stock = brand_voice.TEMPLATES[language]
        number = int(rng.integers(min(how.templates, len(stock))))
        text, apology, redirect = stock[number]
        return number, text, apology, redirect, False
    words = {
        **rules(language),
        "topic": (brand_voice.TOPIC[language].get(topic, brand_voice.TOPIC[language]["question"]),),
    }
    apology, redirect = bool(rng.random() < how.apology), bool(rng.random() < how.redirect)
    solution = not redirect and bool(rng.random() < 0.8)
    if topic in ("question", "praise"):  # nothing to be sorry for
        apology, solution = False, not redirect
        parts = [pick(rng, brand_voice.HELLO[language])]
    else:
        parts = [pick(rng, (brand_voice.SORRY if apology else brand_voice.PLAIN)[language])]
    if redirect:
        parts.append(pick(rng, brand_voice.REDIRECT[language]))
    elif solution:
        solutions = brand_voice.SOLVE[language]
        parts.append(pick(rng, solutions.get(topic, brand_voice.HOLD[language])))
    else:
        parts.append(pick(rng, brand_voice.HOLD[language]))
    blank = " " if language == "en" else ""
    said = [expand(rng, words, part) for part in parts]
    if topic not in ("question", "praise"):
        said[1:1] = _remarks(own, words, language)
    if language == "en" and rng.random() < 0.8:
        said = [part[:1].upper() + part[1:] for part in said]
    return (
        None,
        f"{blank.join(said)} {expand(rng, words, pick(rng, brand_voice.SIGN[language]))}".strip(),
        apology,
        redirect,
        solution,
    )


def _remarks(rng: np.random.Generator, words: Rules, language: str) -> list[str]:
    """One or two things that only this agent says, to this customer."""
    options = brand_voice.REMARK[language]
    places = rng.choice(len(options), 2 if rng.random() < brand_voice.SECOND_REMARK else 1, replace=False)
    return [expand(rng, words, options[int(place)]) for place in places]
