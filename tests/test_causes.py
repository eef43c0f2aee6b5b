"""Causes with a known truth: invented complaints about things that share no words."""

import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_mutual_info_score

from analysis.scoring import causes, clean, embedding

ENGLISH = {
    "parcel": ("parcel", "delivery", "courier", "doorstep", "shipment", "tracking", "package", "depot"),
    "login": ("password", "login", "account", "username", "verification", "authentication", "email", "lockout"),
    "battery": ("battery", "charger", "overheating", "cable", "charging", "screen", "display", "power"),
    "refund": ("refund", "invoice", "payment", "card", "bank", "statement", "charge", "money"),
}
CHINESE = {
    "parcel": ["快递", "包裹", "物流", "派送", "签收", "驿站", "仓库", "单号"],
    "food": ["菜品", "味道", "外卖", "米饭", "餐具", "厨师", "汤汁", "牛肉"],
    "screen": ["屏幕", "手机", "充电", "电池", "按键", "耳机", "系统", "摄像头"],
}


def english(count: int, seed: int = 1) -> tuple[list[str], list[str]]:
    drawn = random.Random(seed)
    texts: dict[str, str] = {}
    while len(texts) < count:
        cause = drawn.choice(sorted(ENGLISH))
        one, two, three, four = drawn.sample(ENGLISH[cause], 4)
        start = drawn.choice(("@u_abcdefghij", "#Brandname:", "Brandname", "again", "so", "https://t.example/x1"))
        texts[f"{start} {one} {two}, {drawn.choice(('the', 'and', 'my', 'no'))} {three} {four}"] = cause
    return list(texts), list(texts.values())


def chinese(count: int, seed: int = 1) -> tuple[list[str], list[str]]:
    drawn = random.Random(seed)
    texts: dict[str, str] = {}
    while len(texts) < count:
        cause = drawn.choice(sorted(CHINESE))
        one, two, three, four = drawn.sample(CHINESE[cause], 4)
        texts[f"{one}{two}，{drawn.choice('都也又很太')}{three}、{four}"] = cause
    return list(texts), list(texts.values())


def characters(texts: list[str], language: str) -> np.ndarray:
    return embedding.characters(texts)


def fit(texts: list[str], languages: list[str] | None = None, **options: object) -> causes.Causes:
    spoken = languages or ["en"] * len(texts)
    given: dict = {"embed": characters, "comparable": lambda language: False} | options
    return causes.fit(texts, spoken, terms=["Brandname"], **given)


@pytest.fixture(scope="module")
def found() -> tuple[causes.Causes, list[str], list[str]]:
    texts, truth = english(600)
    return fit(texts), texts, truth


def test_known_causes_are_found(found: tuple[causes.Causes, list[str], list[str]]) -> None:
    result, texts, truth = found
    assert len(result.labels) == len(texts)
    assert result.labels["cause"].notna().all()
    assert adjusted_mutual_info_score(truth, result.labels["cause"].astype(int)) > 0.7
    assert result.labels["confidence"].between(0, 1).all()
    assert set(result.labels["origin"]) == {"sampled"}
    assert result.model["name"] == "louvain"
    assert result.model["outliers"] == 0


def test_the_table_adds_up(found: tuple[causes.Causes, list[str], list[str]]) -> None:
    result, texts, _ = found
    table, labels = result.table, result.labels
    assert table["n"].sum() == len(texts)
    assert table.set_index("cause")["n"].to_dict() == labels["cause"].value_counts().to_dict()
    assert table["distinct"].is_monotonic_decreasing
    assert list(table["cause"]) == list(range(len(table)))
    assert table["stability"].between(0, 1).all()
    for row in table.itertuples():
        assert 1 <= len(row.typical) <= 3
        assert (labels["cause"][row.typical] == row.cause).all()


def test_names_are_of_the_complaint_and_not_of_the_brand(found: tuple[causes.Causes, list[str], list[str]]) -> None:
    result, _, truth = found
    own = pd.crosstab(result.labels["cause"].astype(int), pd.Series(truth)).idxmax(axis=1)
    for row in result.table.itertuples():
        assert all(word in ENGLISH[own[row.cause]] for word in row.name.replace(",", "").split()), row.name
        assert "brandname" not in " ".join(row.terms)
        assert "u_" not in " ".join(row.terms)


def test_bertopic_still_draws_and_dates(found: tuple[causes.Causes, list[str], list[str]]) -> None:
    result, _, _ = found
    model = result.topic_model
    assert model is not None
    assert model.topics_ == result.labels["cause"].iloc[result.positions].astype(int).tolist()
    assert model.visualize_barchart().data
    times = pd.Series(pd.date_range("2024-01-01", periods=len(result.labels), freq="h"))
    dated = model.topics_over_time(result.documents, times.iloc[result.positions].tolist(), nr_bins=5)
    assert dated["Frequency"].sum() == len(result.documents)


@pytest.mark.parametrize(
    ("count", "name"),
    [(0, "none"), (1, "none"), (29, "none"), (30, "ward"), (149, "ward"), (150, "louvain"), (300, "louvain")],
)
def test_small_sets(count: int, name: str) -> None:
    texts = english(count)[0]
    result = fit(texts)
    assert result.model["name"] == name
    assert len(result.labels) == count
    assert list(result.table.columns) == list(causes.TABLE)
    if name == "none":
        assert "30" in result.model["reason"]
        assert result.labels["cause"].isna().all()
        assert result.topic_model is None
    else:
        assert result.labels["cause"].notna().all()


def test_ten_thousand_copies_are_one_text() -> None:
    texts, _ = english(400)
    plain, crowded = fit(texts), fit([*texts, *(["BOT says: buy tickets here"] * 10_000)])
    assert crowded.model["distinct"] == plain.model["distinct"] + 1
    bot = crowded.labels["cause"].iloc[len(texts) :]
    assert bot.nunique() == 1
    row = crowded.table.set_index("cause").loc[bot.iloc[0]]
    assert row["n"] >= 10_000
    assert row["distinct"] < 400
    assert fit(["the same thing"] * 500).model["name"] == "none"


def test_above_the_sample_causes_are_carried_on() -> None:
    texts, truth = english(900)
    result = fit(texts, sample=400)
    origins = result.labels["origin"].value_counts()
    assert origins["propagated"] > 0
    assert len(result.documents) == 400
    carried = (result.labels["origin"] == "propagated").to_numpy()
    assert adjusted_mutual_info_score(np.array(truth)[carried], result.labels["cause"][carried].astype(int)) > 0.6
    assert result.labels["confidence"].between(0, 1).all()


def test_a_mixed_archive_has_a_model_for_each_language() -> None:
    one, _ = english(400)
    two, truth_two = chinese(400)
    result = fit([*one, *two], ["en"] * 400 + ["zh"] * 400)
    assert result.table["cause"].is_unique
    assert set(result.table["language"]) == {"en", "zh"}
    by_language = result.table.groupby("language")["cause"].agg(set)
    assert not by_language["en"] & by_language["zh"]
    assert set(result.labels["cause"][400:]) == by_language["zh"]
    assert adjusted_mutual_info_score(truth_two, result.labels["cause"][400:].astype(int)) > 0.5
    chinese_words = "".join(word for words in CHINESE.values() for word in words)
    for name in result.table.query("language == 'zh'")["name"]:
        assert set(name) <= set(chinese_words) | {"、"}, name


def test_a_language_with_few_texts_is_left_without_and_a_null_one_joins_the_largest() -> None:
    texts, _ = english(320)
    result = fit([*texts, "包裹没有收到"], [None, *["en"] * 319, "zh"])  # type: ignore[list-item]
    assert result.model["without_model"] == {"zh": 1}
    assert result.labels["cause"].isna().tolist() == [False] * 320 + [True]


def test_texts_without_words_have_no_cause() -> None:
    texts, _ = english(320)
    result = fit([*texts, "@u_abcdefghij #Brandname https://t.example/1", "", "12 %"])
    assert result.model["without_words"] == 3
    assert result.labels.iloc[-3:].isna().all(axis=None)


def test_given_vectors_are_used() -> None:
    texts, truth = english(400)
    axes = np.eye(8, dtype=np.float32)[[sorted(ENGLISH).index(cause) for cause in truth]]
    noise = np.random.default_rng(0).normal(0, 0.05, axes.shape).astype(np.float32)
    vectors = (axes + noise) / np.linalg.norm(axes + noise, axis=1, keepdims=True)
    result = fit(texts, embeddings={"en": vectors})
    assert adjusted_mutual_info_score(truth, result.labels["cause"].astype(int)) == pytest.approx(1)


def test_the_same_in_another_process_with_another_number_of_threads() -> None:
    script = (
        "from tests.test_causes import english, fit; r = fit(english(500)[0], sample=400);"
        "print(r.labels.to_csv(), r.table.to_csv(), r.model)"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "PYTHONHASHSEED": seed},
            cwd=str(Path(__file__).parents[1]),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads, seed in (("1", "1"), ("2", "7"))
    }
    assert len(outputs) == 1
    assert "cause" in outputs.pop()


def test_hostile_texts_are_only_texts() -> None:
    texts, _ = english(300)
    hostile = [
        "<script>alert(1)</script>",
        "x" * 10_000,
        "#eval(read())",
        "=cmd|' /C calc'!A0",
        "\u202eesrever\x00",
        "😡" * 50,
    ]
    result = fit(texts + hostile)
    assert len(result.labels) == 306
    assert max(len(name) for name in result.table["name"]) < 200


def test_what_is_cleaned_away() -> None:
    assert clean.for_topics(["@Brandname #Brandname lost my bag &amp; shoes"], ["Brandname"]) == ["lost my bag & shoes"]


def test_umap_is_compiled_for_pictures_only() -> None:
    code = (
        "import sys\n"
        "from analysis.scoring.topic_frame import frame\n"
        "import numpy as np\n"
        "texts = ['lost my bag', 'hours on hold'] * 20\n"
        "written = {('bag', 'lost'): 'lost my bag', ('hold', 'hour'): 'hours on hold'}\n"
        "model = frame(texts, np.eye(2, dtype=np.float32)[[0, 1] * 20], np.array([0, 1] * 20), written)\n"
        "assert model.get_topic(0) and not {'umap', 'numba'} & set(sys.modules)\n"
        "from bertopic.plotting import _topics\n"
        "made = _topics.UMAP(n_neighbors=3)\n"
        "import umap\n"
        "assert isinstance(made, umap.UMAP)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
