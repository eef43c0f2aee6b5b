"""Pseudonyms on the way in, masks on the way out."""

import re
import stat

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.privacy import PSEUDONYM, hide_handles, load_key, mask, pseudonym, pseudonyms

KEY = b"k" * 32


def hide(text: str, platform: str | None = None) -> str:
    return hide_handles(pd.Series([text]), KEY, platform).iloc[0]


def at(name: str) -> str:
    return "@" + pseudonym(name, KEY)


def test_key_is_made_once_and_private(tmp_path):
    path = tmp_path / "workspace" / "pseudonym.key"
    key = load_key(path)
    assert len(key) == 32
    assert load_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_damaged_key_is_refused(tmp_path):
    path = tmp_path / "pseudonym.key"
    path.write_text("not hex")
    with pytest.raises(InputError, match="not a key"):
        load_key(path)


def test_pseudonyms_are_stable_and_depend_on_the_key():
    assert re.fullmatch(r"u_[a-z2-7]{10}", pseudonym("Ada", KEY))
    assert pseudonym("Ada", KEY) == pseudonym(" @ADA", KEY)
    assert pseudonym("Ada", KEY) != pseudonym("Ada", b"x" * 32)
    named = pseudonyms(pd.Series(["Ada", None, "ada"]), KEY)
    assert named[0] == named[2] == pseudonym("ada", KEY)
    assert pd.isna(named[1])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hi @Ada!", f"hi {at('ada')}!"),
        ("@ada@bob", f"{at('ada')}{at('bob')}"),
        ("thanks@ada", f"thanks{at('ada')}"),
        ("＠ada", at("ada")),
        ("@united谢谢", f"{at('united')}谢谢"),
        ("write to a.b+c@mail.example.org now", "write to a.b+c@mail.example.org now"),
        ("meet @ noon", "meet @ noon"),
    ],
)
def test_handles_of_twitter(text, expected):
    assert hide(text, "twitter") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("回复@北风航空:行李", f"回复{at('北风航空')}:行李"),
        ("@Tom小明 你好", f"{at('Tom小明')} 你好"),
        ("see @ada.bsky.social.", f"see {at('ada.bsky.social')}."),
        ("see @ada@social.example", f"see {at('ada@social.example')}"),
    ],
)
def test_handles_elsewhere(text, expected):
    assert hide(text, "weibo") == expected


def test_addresses_lose_user_names():
    assert hide("https://twitter.com/Ada/status/12?s=20") == "https://twitter.com/i/status/12?s=20"
    assert hide("luck!https://x.com/Ada/status/12") == "luck!https://x.com/i/status/12"
    for address in (
        "https://weibo.com/u/1234567",
        "https://weibo.com/1234567/AbCdE",
        "https://www.facebook.com/ada.l/posts/9",
        "https://instagram.com/ada_l",
        "https://mobile.twitter.com/Ada_L",
        "https://www.tiktok.com/@ada_l/video/1",
    ):
        hidden = hide(address)
        assert PSEUDONYM.search(hidden), hidden
        assert not re.search(r"ada|1234567", hidden, re.IGNORECASE), hidden


@pytest.mark.parametrize(
    "text",
    [
        "https://twitter.com/i/status/12",
        "https://twitter.com/search?q=x",
        "https://www.instagram.com/p/AbC/",
        "pic.twitter.com/AbCdEf",
        "https://netflix.com/title",
    ],
)
def test_addresses_without_user_names_stay(text):
    assert hide(text) == text


def test_null_stays_null():
    assert hide_handles(pd.Series([None], dtype="string"), KEY).isna().all()


@given(st.text(max_size=60), st.from_regex(r"[A-Za-z0-9_]{3,15}", fullmatch=True), st.text(max_size=60))
def test_no_handle_survives_alone(before, name, after):
    hidden = hide(f"{before} @{name} {after}", "twitter")
    assert not re.search(rf"(?<!\w)@{name}(?!\w)", hidden) or f"@{name}" in before + after


def test_long_words_cost_little():
    for word in ("a" * 100_000, "@" * 20_000, "a." * 20_000, "a@b." * 10_000):
        assert isinstance(mask(hide(word)), str)


def test_mask():
    ada, brand = pseudonym("ada", KEY), pseudonym("northwind", KEY)
    shown = mask(
        f"@{brand} @{ada} mail a.b@mail.example.org or call (415) 555-2671, 020 7946 0958, 13800138000\0\u202e!",
        {brand: "Northwind"},
    )
    assert shown == "@Northwind @user mail [e-mail] or call [phone], [phone], [phone]!"


def test_mask_leaves_plain_numbers():
    assert (
        mask("flight 1234 on 2017-04-10 at 21:00, 1,200 people") == "flight 1234 on 2017-04-10 at 21:00, 1,200 people"
    )
    assert mask("first\nsecond") == "first\nsecond"
