"""How the organisation sounded, as notebook 3 says it: each branch of its two answers."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.figures import templates as figure
from analysis.questions import manner
from analysis.questions.case import Case
from tests.scored_tables import at, scored
from tests.test_beyond import case
from tests.test_figures import HOSTILE, LANGS, WORDS, check_whole

STOCK = "We apologise for any inconvenience caused. Your message was forwarded to our department."
RACKS = (
    *("oak", "ash", "elm", "yew", "fir", "bay", "fig", "box", "ivy", "hop"),
    *("rye", "oat", "pea", "nut", "rue", "sage", "mint", "dill", "leek", "kale"),
)


def asked(tmp_path: Path, texts: list[str], *, side: str = "whole", language: str = "en", parents: bool = True) -> Case:
    """A complaint for each of `texts`, and `texts` as the answers to them."""
    count = max(len(texts), 1)
    times = [at("2025-07-10") + pd.Timedelta(minutes=10 * number) for number in range(2 * count)]
    table = scored(times, ["negative"] * 2 * count)
    table["text"] = [f"the rack at {RACKS[n % 20]} street is broken" for n in range(count)] + (texts or ["bike"])
    table["from_brand"] = [False] * count + [bool(texts)] * count
    table["kind"] = ["post"] * count + ["reply"] * count
    table["parent_id"] = pd.array(
        [None] * count + (table["id"][:count].tolist() if parents else ["x"] * count), "string"
    )
    table["language"] = pd.array([language] * 2 * count, "string")
    made = case(tmp_path, [table])
    made.joins |= {"brand_side": side, "threads": "recorded"}
    return made


def own(count: int) -> list[str]:
    rng = np.random.default_rng(0)
    return [
        f"@u_aaaaaaaaaa the {' '.join(rng.permutation(RACKS)[:6])} wheel at {RACKS[n % 20]} street is mended"
        for n in range(count)
    ]


def stock(count: int) -> list[str]:
    return [f"@u_{'abcdefghij'[n % 10] * 10} {STOCK}" for n in range(count)]


@pytest.mark.parametrize(
    ("texts", "side", "message"),
    [
        (stock(30) + own(10), "whole", "templates.rate"),
        (own(40) + stock(60), "whole", "templates.more"),
        (stock(60) + own(40), "whole", "templates.fewer"),
        ([text for pair in zip(stock(40), own(40), strict=True) for text in pair], "whole", "templates.steady"),
        (stock(30), "sampled", "templates.sampled"),
        (own(30), "whole", "templates.none"),
        (stock(5), "whole", "templates.refused"),
        ([], "whole", "templates.refused"),
    ],
)
def test_templates(tmp_path: Path, texts: list[str], side: str, message: str) -> None:
    answer = manner.templates(asked(tmp_path, texts, side=side))
    assert answer.finding.message == message
    repeated = sum(STOCK in text for text in texts)
    if message == "templates.refused":
        assert answer.finding.values["rate"].reason == ("too_few" if texts else "no_brand_posts")
        return
    rate = answer.finding.values["rate"]
    assert rate.value == pytest.approx(repeated / len(texts))
    assert len(answer.behind["rate"]) == repeated
    assert (answer.draw is None) == (repeated == 0)
    assert [STOCK in quote.quote for quote in answer.finding.evidence] == [True] * bool(repeated)


@pytest.mark.parametrize(
    ("texts", "told", "message"),
    [
        (own(30), {}, "sounded.whole"),
        (own(30), {"parents": False}, "sounded.no_complaints"),
        (["请您私信我们，已为您退款"] * 30, {"language": "zh"}, "sounded.unscored"),
        (own(3), {}, "sounded.refused"),
    ],
)
def test_tone(tmp_path: Path, texts: list[str], told: dict, message: str) -> None:
    answer = manner.tone(asked(tmp_path, texts, **told))
    assert answer.finding.message == message
    assert answer.finding.certainty in ("low", "refused")
    assert set(answer.finding.answer) == {"en", "zh"}
    if message == "sounded.refused":
        return
    assert answer.printed is not None
    rows = answer.printed.whole.set_index("what")
    if message == "sounded.whole":
        assert rows.loc["manner.personal.fact", "share"] > 0
        assert len(answer.behind["personal"]) == round(answer.finding.values["personal"].value * len(texts))
    if message == "sounded.unscored":
        assert rows.loc["manner.courtesy.please", "share"] == 1
        assert answer.finding.values["courteous"].value is None
    if message == "sounded.no_complaints":
        assert rows.loc["manner.personal.fact", "share"] is None or np.isnan(rows.loc["manner.personal.fact", "share"])


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("days", [1, 4, 45])
def test_the_figure_is_whole(days: int, lang: str) -> None:
    rows = pd.DataFrame({"day": pd.date_range("2025-07-01", periods=days).strftime("%Y-%m-%d")})
    for number, kind in enumerate(figure.KINDS):
        rows[kind] = number * 1_000 + 3
    words = WORDS[lang] | dict.fromkeys(figure.KINDS, HOSTILE) | {"axis": "Replies", "title": HOSTILE}
    check_whole(figure.draw(rows, words=words, lang=lang))
