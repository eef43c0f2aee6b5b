"""A model of one's own: refused in words where it is none, and otherwise a scorer like any other."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import InputError
from analysis.scoring import transformer
from analysis.scoring.sentiment import choose, tier
from analysis.scoring.transformer import TransformerScorer, fingerprint, label_places, locate
from analysis.scoring.transformer_embedding import TransformerEmbedding, beside
from analysis.scoring.vectors import VectorStore

LABELS = ["negative", "neutral", "positive"]
EXTRA = all(find_spec(name) for name in ("torch", "transformers"))
needs_extra = pytest.mark.skipif(not EXTRA, reason=f"torch or transformers is not installed: {transformer.INSTALL}")


def pretended(folder: Path, labels: object = LABELS) -> Path:
    """Files with the names of a model, and nothing behind them."""
    folder.mkdir(parents=True, exist_ok=True)
    named = {str(place): label for place, label in enumerate(labels)} if isinstance(labels, list) else labels
    (folder / "config.json").write_text(json.dumps({"id2label": named}), encoding="utf-8")
    (folder / "model.safetensors").write_bytes(b"none")
    return folder


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such folder.*owner/name"):
        locate("not a folder")
    with pytest.raises(InputError, match=r"lacks config\.json and model\.safetensors.*save_pretrained"):
        locate(str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(InputError, match=r"lacks model\.safetensors"):
        locate(str(tmp_path))


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        (["LABEL_0", "LABEL_1", "LABEL_2"], "label_0, label_1, label_2.*Write into it"),
        (["negative", "neutral"], "expected negative, neutral and positive"),
        (["negative", "neutral", "positive", "mixed"], "expected negative"),
        (["negative", "negative", "positive"], "expected negative"),
        ([], "names nothing"),
        ({"0": "negative", "2": "positive"}, "expected negative"),
        ({"zero": "negative"}, "not a transformers configuration"),
        ("negative", "not a transformers configuration"),
    ],
)
def test_labels_that_are_not_known_are_refused(tmp_path: Path, labels: object, said: str) -> None:
    with pytest.raises(InputError, match=re.compile(said, re.DOTALL)):
        label_places(pretended(tmp_path, labels))


@pytest.mark.parametrize("text", ["", "[]", "\x00", "{", '{"id2label": null}'])
def test_a_configuration_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(InputError):
        label_places(tmp_path)


def test_labels_are_known_in_any_order_and_case(tmp_path: Path) -> None:
    assert label_places(pretended(tmp_path, ["POSITIVE", "Negative", "neutral"])) == [2, 0, 1]
    assert label_places(pretended(tmp_path, ["positive", "negative"])) == [2, 0]


def test_without_the_extra_the_way_to_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformer, "find_spec", lambda name: None)
    for model in (str(pretended(tmp_path)), "someone/some-model"):
        with pytest.raises(InputError, match=r"pip install 'aftermath\[transformers\]'"):
            TransformerScorer(model, "en")


def test_the_version_is_that_of_the_files(tmp_path: Path) -> None:
    before = fingerprint(pretended(tmp_path))
    assert fingerprint(tmp_path) == before
    (tmp_path / "model.safetensors").write_bytes(b"some")
    assert fingerprint(tmp_path) != before


def test_an_incident_chooses_by_language(tmp_path: Path) -> None:
    assert tier("en", 10) == "better"
    assert tier("en", 11, fast_above=10) == "fast"
    assert tier("en", 10, asked={"en": "fast"}) == "fast"
    assert tier("en", 10, asked={"zh": "fast", "en": "auto"}) == "better"
    assert tier("zh", 10, asked={"zh": "fast"}) == "only"
    assert tier("zh", 10, asked={"zh": "someone/some-model"}) == "chosen"
    with pytest.raises(InputError, match="lacks config"):
        choose(["en"], 10, tmp_path, asked={"en": str(tmp_path)})


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model of random weights."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("model")
    torch.manual_seed(0)
    shape = {"hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 16}
    names = dict(enumerate(LABELS))
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "bag", "late", "thanks", "never", "again", "love"]
    (folder / "vocab.txt").write_text("\n".join(words))
    config = BertConfig(
        vocab_size=len(words),
        max_position_embeddings=32,
        id2label=names,
        label2id={v: k for k, v in names.items()},
        **shape,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


@needs_extra
def test_a_model_is_a_scorer_like_any_other(model: Path) -> None:
    scorer = choose(["en"], 10, model, asked={"en": str(model)})["en"]
    texts = ["bag late", "thanks", "", "😡", "\x00", "\ud800", "مرحبا", "late " * 5_000, "love love never again bag"]
    found = scorer.predict_proba(texts)
    assert found.shape == (len(texts), 3)
    assert ((found >= 0) & (found <= 1)).all()
    assert found.sum(axis=1) == pytest.approx(1, abs=1e-9)
    assert (np.vstack([scorer.predict_proba([text]) for text in texts]) == found).all()
    assert scorer.predict_proba([]).shape == (0, 3)
    assert scorer.known_error == {}
    assert scorer.version == fingerprint(model)


@needs_extra
def test_damaged_weights_are_refused(model: Path, tmp_path: Path) -> None:
    for file in model.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(InputError, match="cannot load this model"):
        TransformerScorer(str(tmp_path), "en").predict_proba(["bag"])


@needs_extra
def test_a_hub_id_that_is_not_on_this_machine_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(InputError, match=r"nothing is downloaded.*hf download"):
        locate("an-invented-owner/an-invented-model")


def test_an_embedding_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"embedding 'not a folder'.*or a hub id\.$"):
        TransformerEmbedding("not a folder")
    with pytest.raises(InputError, match=r"(?s)embedding .* lacks config"):
        TransformerEmbedding(str(tmp_path))
    monkeypatch.setattr(transformer, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'aftermath\[transformers\]'"):
        TransformerEmbedding(str(pretended(tmp_path)))


@needs_extra
def test_a_model_embeds_each_text_alone(model: Path, tmp_path: Path) -> None:
    made = TransformerEmbedding(str(model))
    texts = ["bag late", "thanks", "", "\x00", "\ud800", "late " * 5_000]
    found = made.embed(texts)
    assert found.shape == (len(texts), made.dim)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-4)
    assert (np.vstack([made.embed([text]) for text in texts]) == found).all()
    kept = VectorStore(tmp_path, made.version, made.dim)
    assert (made.embed(texts, kept) == found).all()
    assert (made.embed(texts, kept) == found).all()


def test_what_is_installed_embeds_where_no_model_is_named(tmp_path: Path) -> None:
    embed, versions = beside({}, tmp_path, VectorStore(tmp_path, "made", 4))
    assert versions == {}
    assert embed(["刹车坏了", "刹车失灵", "退款"], "zh").shape[0] == 3
