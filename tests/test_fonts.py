"""One family from the environment, and colours that can be read."""

from itertools import combinations

import pytest

from analysis.style import fonts, palette


@pytest.fixture(scope="module")
def regular() -> object:
    from fontTools.ttLib import TTFont

    return TTFont(fonts.static_sc("regular"), lazy=True)


def test_the_static_font_is_what_it_says(regular: object) -> None:
    assert "fvar" not in regular  # type: ignore[operator]
    assert regular["OS/2"].usWeightClass == 400  # type: ignore[index]
    assert regular["name"].getDebugName(1) == fonts.FAMILY  # type: ignore[index]


def test_no_character_is_lost_in_cutting() -> None:
    assert fonts.coverage(fonts.static_sc("regular")) == fonts.coverage(fonts.variable_sc())
    assert {ord(character) for character in "Az9−–·“”首发传播节点次生风险①"} <= fonts.coverage(fonts.variable_sc())
    assert ord("ก") not in fonts.coverage(fonts.variable_sc())


def test_quotation_marks_leave_no_hole_in_english(regular: object) -> None:
    characters = regular.getBestCmap()  # type: ignore[attr-defined]
    for character in "‘’“”·":
        assert regular["hmtx"][characters[ord(character)]][0] <= 600  # type: ignore[index]
    assert regular["hmtx"][characters[ord("，")]][0] == 1000  # type: ignore[index]


def test_matplotlib_finds_both_weights() -> None:
    from matplotlib import font_manager

    fonts.use_in_matplotlib()
    for weight, number in fonts.WEIGHTS.items():
        wanted = font_manager.FontProperties(family=fonts.FAMILY, weight=number)
        assert font_manager.findfont(wanted, fallback_to_default=False) == str(fonts.static_sc(weight))


def test_a_cut_font_is_not_cut_again(monkeypatch: pytest.MonkeyPatch) -> None:
    path = fonts.static_sc("bold")

    def fail(*_: object) -> None:
        raise AssertionError("cut twice")

    monkeypatch.setattr(fonts, "_cut", fail)
    fonts.static_sc.cache_clear()
    assert fonts.static_sc("bold") == path
    assert not list(path.parent.glob(".NotoSansSC*"))


@pytest.mark.slow
def test_two_cuts_are_the_same_bytes(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fonts.static_sc("regular").read_bytes()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fonts.static_sc.cache_clear()
    second = fonts.static_sc("regular")
    fonts.static_sc.cache_clear()
    assert second.read_bytes() == first


@pytest.mark.parametrize("colour", palette.TEXT_TOKENS)
def test_text_can_be_read(colour: str) -> None:
    assert palette.contrast(colour, palette.PAPER) >= 4.5
    assert palette.contrast(colour, palette.TINT) >= 4.5


@pytest.mark.parametrize("name", palette.STATUS)
def test_status_can_be_read_on_its_tint(name: str) -> None:
    assert palette.contrast(palette.STATUS[name], palette.STATUS_TINT[name]) >= 4.5


def test_what_is_drawn_is_seen_and_told_apart_in_grey() -> None:
    assert palette.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    for colour in (*palette.SENTIMENT.values(), palette.VOLUME, palette.ONSET, *palette.SERIES):
        assert palette.contrast(colour, palette.PAPER) >= 3
    for one, other in combinations(palette.SENTIMENT.values(), 2):
        assert palette.contrast(one, other) >= 1.4
    for one, other in combinations(palette.SERIES[:3], 2):
        assert palette.contrast(one, other) >= 1.1
    lightness = [palette.luminance(shade) for shade in palette.SHADES]
    assert lightness == sorted(lightness, reverse=True)
