"""The map and the tree of causes, and causes as BERTopic and plotly show them to analysts."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.questions import cause_map as ask
from analysis.questions.case import Case
from analysis.questions.page import Answer
from analysis.scoring import cause_map, embedding, topic_model
from analysis.scoring.lexical import unit
from tests.scored_tables import at
from tests.test_causes import ENGLISH, chinese, english
from tests.test_set_off import HOUR, case, complaints

ROOT = Path(__file__).parents[1]


def clouds(count: int, groups: int, width: int = 40, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors around `groups` centres, and the group of each."""
    drawn = np.random.default_rng(seed)
    labels = drawn.integers(0, groups, count)
    centres = drawn.normal(size=(groups, width))
    return unit(centres[labels] + 0.3 * drawn.normal(size=(count, width))).astype(np.float32), labels


@pytest.mark.parametrize("count", [0, 1, 2, 3, 29, 90, 91, 400])
def test_every_text_has_a_place_however_few_there_are(count: int) -> None:
    vectors, labels = clouds(count, 3)
    found = cause_map.positions(vectors, labels)
    assert list(found.columns) == ["position", "x", "y"]
    assert found["position"].tolist() == list(range(count))
    assert found[["x", "y"]].abs().le(1).all(axis=None)
    if count > 3:
        assert found[["x", "y"]].abs().max().max() == 1


def test_near_means_alike() -> None:
    vectors, labels = clouds(600, 6)
    places = cause_map.positions(vectors, labels)[["x", "y"]].to_numpy()
    far = ((places[:, None] - places[None]) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    assert (labels[far.argmin(axis=1)] == labels).mean() > 0.97


def test_texts_that_are_all_alike_have_places_too() -> None:
    same = np.ones((200, 8), np.float32) / 8**0.5
    two = np.repeat(np.eye(8, dtype=np.float32)[:2], 100, axis=0)
    for vectors in (same, two, np.zeros_like(same)):
        found = cause_map.positions(vectors, np.zeros(200, int))
        assert np.isfinite(found[["x", "y"]].to_numpy()).all()


def test_a_sample_holds_each_cause_after_its_size() -> None:
    vectors, labels = clouds(3000, 3)
    labels[:4] = 7
    found = cause_map.positions(vectors, labels, most=100)
    counts = pd.Series(labels[found["position"]]).value_counts()
    assert len(found) == 100
    assert counts[7] == 1
    assert counts.drop(7).between(31, 35).all()
    assert found["position"].is_monotonic_increasing
    again = cause_map.positions(vectors, labels, most=100, seed=1)
    assert set(again["position"]) != set(found["position"])


@pytest.mark.parametrize("sizes", [(1, 1, 1, 997), (1,) * 60 + (90,), (3, 2, 700, 1, 1, 40), (1,) * 200])
def test_a_sample_never_takes_more_than_there_are(sizes: tuple) -> None:
    labels = np.repeat(range(len(sizes)), sizes)
    for most in (1, 50, 99, 100, 149):
        chosen = cause_map._sample(labels, 0, most)
        assert len(set(chosen)) == len(chosen) == min(most, len(labels))


def test_the_same_in_another_process_with_another_number_of_threads() -> None:
    script = (
        "from tests.test_cause_map import clouds; from analysis.scoring import cause_map;"
        "print(cause_map.positions(*clouds(400, 5), most=300).to_csv(), cause_map.tree(*clouds(400, 5)).to_csv())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads, "PYTHONHASHSEED": threads},
            cwd=str(ROOT),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) > 300


def test_a_full_map_takes_seconds() -> None:
    vectors, labels = clouds(4000, 10, width=384)
    began = time.process_time()
    assert len(cause_map.positions(vectors, labels)) == cause_map.MOST
    assert time.process_time() - began < 12  # 4 s where nothing else runs


def test_the_tree_joins_the_nearest_first() -> None:
    axes = np.eye(6, dtype=np.float32)
    centres = unit(np.stack([axes[0], axes[0] + 0.2 * axes[1], axes[2], axes[2] + 0.5 * axes[3], axes[4]]))
    labels = np.repeat([0, 1, 5, 6, 9], [3, 4, 5, 6, 7])
    found = cause_map.tree(centres[np.repeat(range(5), [3, 4, 5, 6, 7])], labels)
    assert found["left"].tolist()[:2] == [0, 5]
    assert found["right"].tolist()[:2] == [1, 6]
    assert found["n"].tolist()[:2] == [7, 11]
    assert found["n"].iloc[-1] == 25
    assert found["distance"].is_monotonic_increasing
    nodes = sorted(found[["left", "right"]].to_numpy().ravel())
    assert nodes == [-3, -2, -1, 0, 1, 5, 6, 9]
    assert cause_map.tree(centres, np.zeros(5, int)).empty


def test_languages_are_laid_apart() -> None:
    one, two = clouds(300, 3), clouds(100, 2, seed=1)
    causes = pd.Series([*one[1], *(two[1] + 3)], dtype="Int64")
    causes.iloc[5] = pd.NA
    found, trees = cause_map.lay({"zh": (np.arange(300, 400), two[0]), "en": (np.arange(300), one[0])}, causes, most=80)
    assert found.groupby("language").size().to_dict() == {"en": 60, "zh": 20}
    assert 5 not in set(found["position"])
    assert (causes.iloc[found["position"]].to_numpy() == found["cause"].to_numpy()).all()
    assert trees["language"].tolist() == ["en", "en", "zh"]
    for table, kinds in zip(cause_map.lay({}, causes), (cause_map.MAP, cause_map.TREE), strict=True):
        assert table.empty
        assert list(table.columns) == list(kinds)


# The questions


def made(folder: Path, groups: int = 10, per: int = 30, unclear: float = 0.0, languages: tuple = ("en",)) -> Case:
    """A case whose complaints have `groups` causes, with a map and a tree."""
    parts = [
        complaints(cause, f"2024-06-0{1 + cause % 3} {cause:02d}:00", per, 0.3, "late")
        for cause in range(1, groups + 1)
    ]
    table = pd.DataFrame(
        {
            "cause": range(1, groups + 1),
            "name": [f"cause {chr(96 + number)}" for number in range(1, groups + 1)],
            "names": [dict.fromkeys(("en", "zh"), f"cause {chr(96 + number)}") for number in range(1, groups + 1)],
            "terms": [["late"]] * groups,
            "told": [0.9] * groups,
            "origin": ["found"] * groups,
            "stability": [0.9] * groups,
            "typical": [[]] * groups,
            "language": [languages[number % len(languages)] for number in range(1, groups + 1)],
        }
    )
    own = pd.concat(parts, ignore_index=True)
    own["language"] = own["cause"].map(table.set_index("cause")["language"]).astype("string")
    vectors = {}
    for language in languages:
        where = np.flatnonzero(own["language"] == language)
        centres = np.random.default_rng(0).normal(size=(groups + 1, 20))
        noise = np.random.default_rng(1).normal(size=(len(where), 20))
        vectors[language] = where, unit(centres[own["cause"].iloc[where].to_numpy(int)] + noise).astype(np.float32)
    placed, tree = cause_map.lay(vectors, own["cause"])
    placed.insert(0, "id", own["id"].to_numpy()[placed.pop("position")])
    found = case(folder, *parts, causes=table, map=placed, tree=tree)
    own_rows, lots = found.mentions["cause"].notna(), np.random.default_rng(2).random(len(found.mentions))
    found.mentions["cause_confidence"] = np.where(own_rows, np.where(lots < unclear, 0.1, 0.9), np.nan)
    found.mentions["cause_origin"] = pd.array(["sampled"] * len(found.mentions), "string")
    return found


def sentences(answer: Answer) -> None:
    assert set(answer.finding.answer) == {"en", "zh"}
    assert "{" not in "".join(answer.finding.answer.values())


@pytest.mark.parametrize("languages", [("en",), ("en", "zh")])
def test_the_map_is_a_finding(tmp_path: Path, languages: tuple) -> None:
    found = made(tmp_path, languages=languages)
    answer = ask.mapped(found)
    sentences(answer)
    assert answer.finding.message == ("cause_map.shown" if len(languages) == 1 else "cause_map.languages")
    assert "300 of the 300" in answer.finding.answer["en"]
    assert answer.finding.figure is not None
    assert answer.finding.figure.title["en"] == "Every complaint clearly belongs to one cause"
    found.save()
    assert (tmp_path / "figures" / "cause_map.zh.svg").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("unclear", "title"),
    [(0.8, "Most complaints lie between"), (0.3, "66% of complaints clearly belong"), (0.0, "Every complaint")],
)
def test_the_map_says_how_much_is_clear(tmp_path: Path, unclear: float, title: str) -> None:
    answer = ask.mapped(made(tmp_path, unclear=unclear))
    assert answer.finding.figure is not None
    assert answer.finding.figure.title["en"].startswith(title)


def test_without_places_there_is_no_map(tmp_path: Path) -> None:
    found = made(tmp_path)
    found.map = found.map.head(0)
    answer = ask.mapped(found)
    sentences(answer)
    assert (answer.finding.message, answer.finding.certainty) == ("cause_map.none", "refused")
    assert ask.interactive_map(found) is None
    bare = case(tmp_path, causes=pd.DataFrame())
    for ask_it in (ask.mapped, ask.hierarchy):
        sentences(ask_it(bare))
        assert ask_it(bare).finding.certainty == "refused"
    assert ask.topic_model(bare) is ask.topics_over_time(bare) is ask.interactive_map(bare) is None


def test_many_causes_fall_into_families(tmp_path: Path) -> None:
    found = made(tmp_path)
    answer = ask.hierarchy(found)
    sentences(answer)
    assert answer.finding.message == "cause_tree.shown"
    assert answer.finding.table is not None
    rows = answer.finding.table.rows["en"]
    assert sum(int(count) for _, count in rows) == 300
    assert sorted("; ".join(names for names, _ in rows).split("; ")) == [f"cause {letter}" for letter in "abcdefghij"]
    assert 2 <= len(rows) <= ask.FAMILIES
    largest = ask.hierarchy(made(tmp_path), most=5)
    assert largest.finding.message == "cause_tree.largest"
    found.save()
    assert (tmp_path / "figures" / "cause_tree.en.svg").is_file()


def test_few_causes_need_no_hierarchy(tmp_path: Path) -> None:
    answer = ask.hierarchy(made(tmp_path, groups=8))
    sentences(answer)
    assert answer.finding.message == "cause_tree.few"
    assert answer.finding.figure is None
    unmade = made(tmp_path)
    unmade.tree = unmade.tree.head(0)
    assert ask.hierarchy(unmade).finding.message == "cause_tree.unmade"


def test_a_tree_is_pruned_to_what_is_shown() -> None:
    tree = pd.DataFrame(
        {"language": "en", "left": [0, 2, -1, 4], "right": [1, 3, -2, -3], "distance": [0.1, 0.2, 0.5, 0.9], "n": 1}
    )
    found = ask._pruned(tree, dict.fromkeys((0, 2, 3, 4), "en"))
    assert found[["left", "right", "distance"]].to_numpy().tolist() == [[2, 3, 0.2], [0, -1, 0.5], [4, -2, 0.9]]
    twice = pd.concat([tree, tree.assign(language="zh")])
    assert len(ask._pruned(twice, {0: "en", 2: "en", 3: "zh", 4: "zh"})) == 2
    cut = ask._cut(found)
    assert cut["within"].tolist() == [True, True, False] or cut["within"].tolist() == [True, False, False]


# For analysts


def told(folder: Path, texts: list[str], truth: list[str], language: str = "en") -> Case:
    """A case whose complaints say `texts`, with `truth` as their causes."""
    names = sorted(set(truth))
    part = complaints(1, "2024-06-01", len(texts), 0.1)
    part["text"], part["language"] = texts, language
    part["cause"] = pd.array([names.index(cause) for cause in truth], "Int64")
    part["published_at"] = [at("2024-06-01") + 0.1 * k * HOUR for k in range(len(texts))]
    table = pd.DataFrame(
        {"cause": range(len(names)), "name": names, "terms": [[]] * len(names), "stability": 0.9, "language": language}
    ).assign(typical=[[]] * len(names), told=0.9, origin="found", names=[{"en": name, "zh": name} for name in names])
    labels = part["cause"].to_numpy(int)
    vectors = embedding.characters(texts)
    placed, tree = cause_map.lay({language: (np.arange(len(texts)), vectors)}, pd.Series(labels, dtype="Int64"))
    placed.insert(0, "id", part["id"].to_numpy()[placed.pop("position")])
    found = case(folder, part, causes=table, map=placed, tree=tree, cache=folder / "cache")
    found.mentions["cause_origin"] = pd.array(["sampled"] * len(found.mentions), "string")
    return found


@pytest.fixture(scope="module")
def parcels(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return told(tmp_path_factory.mktemp("case"), *english(240))


def test_the_topic_model_is_that_of_the_causes(parcels: Case) -> None:
    model = ask.topic_model(parcels)
    assert model is not None
    assert model is ask.topic_model(parcels)
    labels = dict(zip(model.get_topic_info()["Topic"], model.custom_labels_, strict=True))
    assert sorted(labels.values()) == sorted(ENGLISH)
    for topic, name in labels.items():
        assert {word for word, _ in model.get_topic(topic)[:3]} & set(ENGLISH[name])
    near, likeness = model.find_topics("password login", top_n=1)
    assert labels[near[0]] == "login"
    assert likeness[0] > 0.4
    assert model.visualize_barchart(custom_labels=True).data
    assert model.visualize_hierarchy(custom_labels=True).data
    over_time = ask.topics_over_time(parcels)
    assert over_time is not None
    assert {trace.name for trace in over_time.data} == set(ENGLISH)


def test_representations_of_bertopics_own_work_without_a_download(parcels: Case) -> None:
    from bertopic.representation import KeyBERTInspired, MaximalMarginalRelevance

    model = ask.topic_model(parcels, {"Main": KeyBERTInspired(), "Varied": MaximalMarginalRelevance(diversity=0.5)})
    assert model is not None
    assert model is not ask.topic_model(parcels)
    for topic, name in zip(model.get_topic_info()["Topic"], model.custom_labels_, strict=True):
        said = {word for phrase, _ in model.get_topic(topic)[:5] for word in phrase.split()}
        assert said & set(ENGLISH[name])
    assert "Varied" in model.get_topic_info().columns


def test_nothing_needs_torch_or_a_network(tmp_path: Path) -> None:
    script = (
        "import sys, socket; from pathlib import Path\n"
        "class Refused(socket.socket):\n"
        "    def connect(self, *a): raise AssertionError('a connection')\n"
        "socket.socket = Refused\n"
        "from bertopic.representation import KeyBERTInspired\n"
        "from tests.test_cause_map import ask, chinese, told\n"
        f"made = told(Path({str(tmp_path)!r}), *chinese(150), 'zh')\n"
        "assert ask.topic_model(made, KeyBERTInspired()).find_topics('快递', top_n=1)\n"
        "assert ask.interactive_map(made).data and ask.topics_over_time(made).data\n"
        "assert not {'torch', 'sentence_transformers'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], cwd=ROOT, check=True)


def test_languages_stand_in_columns_of_their_own(tmp_path: Path) -> None:
    (one, of_one), (two, of_two) = english(200), chinese(200)
    names = sorted({*of_one, *(f"zh {cause}" for cause in of_two)})
    numbers = [names.index(cause) for cause in [*of_one, *(f"zh {cause}" for cause in of_two)]]
    topics = topic_model.rebuild(
        [*one, *two], ["en"] * 200 + ["zh"] * 200, numbers, dict(enumerate(names)), terms=["Brandname"]
    )
    assert topics is not None
    assert sorted(topics.positions) == list(range(400))
    labels = dict(zip(topics.model.get_topic_info()["Topic"], topics.model.custom_labels_, strict=True))
    for term, cause in (("password", "login"), ("快递包裹", "zh parcel"), ("手机屏幕", "zh screen")):
        assert labels[topics.model.find_topics(term, top_n=1)[0][0]] == cause


def test_few_words_make_no_topic_model() -> None:
    assert topic_model.rebuild([], [], [], {}, terms=[]) is None
    assert topic_model.rebuild(["@u_abcdefghij", "12 %"], ["en"] * 2, [0, 0], {0: "a"}, terms=[]) is None


def test_further_texts_compare_with_those_that_characters_were_fitted_on() -> None:
    texts, truth = chinese(200)
    fitted = embedding.Characters(texts)
    assert np.array_equal(fitted.vectors, embedding.characters(texts))
    assert np.allclose(fitted.embed(texts), fitted.vectors, atol=1e-4)
    near = (fitted.embed(["快递没有签收", "屏幕坏了"]) @ fitted.vectors.T).argmax(axis=1)
    assert [truth[place] for place in near] == ["parcel", "screen"]
    assert fitted.embed([]).shape == (0, fitted.vectors.shape[1])
    assert not fitted.embed(["qqq"]).any()
    assert embedding.Characters(["a", "b"]).embed(["a"]).shape == (1, 1)


def test_points_say_what_may_be_printed_and_nothing_of_it_is_markup(tmp_path: Path) -> None:
    texts, truth = english(240)
    texts[0] = "parcel of @u_abcdefghij, write to jane@example.org <a href='javascript:alert(1)'>depot</a> $x^2$ \u202e"
    figure = ask.interactive_map(told(tmp_path, texts, truth))
    assert figure is not None
    said = [text for trace in figure.data for text in trace.hovertext]
    assert len(said) == 240
    whole = " ".join(said)
    assert "u_abcdefghij" not in whole
    assert "jane@" not in whole
    assert "<" not in whole.replace("<br>", "")
    assert "$" not in whole
    assert "\u202e" not in whole
    assert all(trace.hoverinfo == "text" and not trace.hovertemplate for trace in figure.data)
    assert all(not text or "<" not in text for text in (trace.name for trace in figure.data))
    assert "jane@" not in figure.to_json()
