"""Pseudonyms on the way in, masks on the way out."""

import re
import shutil
import stat
from pathlib import Path

import pandas as pd
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import privacy
from analysis.errors import InputError
from analysis.privacy import (
    PSEUDONYM,
    Pseudonyms,
    hide_authors,
    hide_handles,
    load_key,
    mask,
    names_any,
    pseudonym,
    pseudonyms,
)
from analysis.runs.prepare import load, prepare
from analysis.workspace import Workspace
from tests.conftest import shared
from tests.workspace_fixture import Published

KEY = b"k" * 32
EMAILS = (
    "a.b+c@mail.example.org",
    "first.last+airline@sub.example.co.uk",
    "邮箱abc123@example.cn谢谢",
    "请联系ada_l@example.com。",
    "QQ邮箱12345678@example.com或xyz@example.cn",
    "o.nolan@example.org,thanks",
    "<kim-lee@example.net>",
    "mailto:ada@example.org?subject=x",
    "客服abc＠example.com",
    "ADA@EXAMPLE.ORG!",
    "josé.m@example.es",
    "(write ada@example.museum)",
    "没有标点的句子" * 12 + "abc@example.cn",
    "e-mail:x_y@example.travel/",
    "ada@example.org.",
    "ada@xn--fiq228c.example",
)
PHONES = (
    # The United States
    "(202) 555-0143",
    "202-555-0143",
    "202.555.0143",
    "202/555-0143",
    "2025550143",
    "+1 202 555 0143",
    "1-800-555-0199",
    "1 (202) 555-0143 ext. 12",
    "call(202)555-0143!",
    "2 0 2 5 5 5 0 1 4 3",
    "tel:+12025550143",
    "wa.me/12025550143",
    # Britain
    "020 7946 0958",
    "0207 946 0958",
    "07911 123456",
    "+44 7700 900123",
    "+44 (0)20 7946 0958",
    "+44.20.7946.0958",
    "0044 20 7946 0958",
    # China
    "13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "+86 138 0013 8000",
    "＋86 138 0013 8000",
    "0086 13800138000",
    "86-15012345678",
    "010-62781234",
    "(010) 61234567",
    "021 6278 1234",
    "400-000-1234",
    "电话13912345678谢谢",
    "手机：139 1234 5678，",
    "微信同号15012345678",
    "１３８００１３８０００",
    # Elsewhere, with the code of the country
    "+49 30 23125 000",
    "+49 (0)30 23125123",
    "+33 6 39 98 12 34",
    "+353 20 912 3456",
    "+81 90-1234-5678",
    "+91 81234 56789",
    "+55 11 96123-4567",
    "+61 491 570 156",
    "+852 5123 4567",
    "+886 912 345 678",
    "+7 912 345-67-89",
    "+234 802 123 4567",
    "+971 50 123 4567",
)
HARMLESS = (
    # Orders, cases and tickets
    "order 123-4567890-1234567",
    "order no. 2017041012345",
    "order #4815162342",
    "#10045678",
    "订单号202503141592653",
    "tracking 1Z999AA10123456784",
    "parcel AB123456789CN",
    "case 00123456",
    "ticket 016-2345678901",
    "PNR ABC123 0162345678901",
    "card ending 4242",
    "ISBN 978-3-16-148410-0",
    # Prices and counts
    "$1,234.56",
    "USD 12,500.00",
    "¥13,800",
    "£1,200 to £1,500",
    "1.234.567,89 €",
    "€ 2 000 000",
    "1,000,000 people",
    "between 2015 and 2016, 300 000 customers",
    "60% of 1,234,567",
    "gained +1,000,000 followers",
    "up +12.5% and +100 points",
    "3.14159265358979",
    # Times and dates
    "at 21:00, 22:15 and 23:30",
    "10:30-11:45",
    "2017-04-10 21:00",
    "10/04/2017",
    "16.06.2006",
    "10.12.2014 15:09",
    "25-09-2013 05:31",
    "2017.04.10 12:30:45",
    "20170410",
    "2017-04-10T21:00:00Z",
    "2017-04-10T21:00:00+00:00",
    "Thu Apr 06 15:24:15 +0000 2017",
    "2020年5月20日13:14",
    "1/2/2017 - 3/4/2018",
    "from 1990-1995 to 2000-2005",
    "UTC+0800 2017-04-10 21:00",
    # Flights, trains, rooms and short numbers
    "flight UA3411",
    "UA 3411 on 9 April 2017",
    "CA1234/CA5678",
    "G1234次列车",
    "seats 12A, 14C, 23F",
    "room 4155, floor 26",
    "score 21-17, 18-21, 22-20",
    "call 911",
    "999 or 112",
    "95588",
    # Computers
    "192.168.10.254",
    "from 176.110.216.14 again",
    "10.0.0.1:8080",
    "IPv6 2001:db8::8a2e:370:7334",
    "version 115.0.5790.170",
    "850531807779057664",
    "https://example.org/2017/04/10/123456",
    "GPS 51.5074, -0.1278",
)


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
        ("@ada@bob@mail.example.org", f"{at('ada')}{at('bob')}{at('mail')}.example.org"),
        ("a@b.example.org@carl", f"a@b.example.org{at('carl')}"),
        ("邮箱abc@example.cn谢谢@united", f"邮箱abc@example.cn谢谢{at('united')}"),
        ("abc＠example.cn", "abc＠example.cn"),
        ("写信给@ada.example.org", f"写信给{at('ada')}.example.org"),
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
        ("谢谢@ada.bsky.social", f"谢谢{at('ada.bsky.social')}"),
        ("@a@b@c", f"{at('a')}{at('b')}{at('c')}"),
    ],
)
def test_handles_elsewhere(text, expected):
    assert hide(text, "weibo") == expected


def test_addresses_lose_user_names():
    assert hide("https://twitter.com/Ada/status/12?s=20") == "https://twitter.com/i/status/12?s=20"
    assert hide("luck!https://x.com/Ada/status/12") == "luck!https://x.com/i/status/12"
    assert hide("https://twitter.com/people/status/12") == "https://twitter.com/i/status/12"
    for address in (
        "https://weibo.com/u/1234567",
        "https://weibo.com/1234567/AbCdE",
        "https://www.facebook.com/ada.l/posts/9",
        "https://instagram.com/ada_l",
        "https://mobile.twitter.com/Ada_L",
        "https://www.tiktok.com/@ada_l/video/1",
        "https://bsky.app/profile/ada_l.bsky.social/post/3k",
    ):
        hidden = hide(address)
        assert PSEUDONYM.search(hidden), hidden
        assert not re.search(r"ada|1234567", hidden, re.IGNORECASE), hidden


def test_addresses_lose_the_name_of_their_own_author_on_any_server():
    addresses = [
        "https://murmur.example/Ada/m1",
        "https://social.example/users/ada/statuses/1",
        "https://x.com/i/status/1",
        "https://murmur.example/adalia/m1",
        "ada",
        "https://murmur.example/ada",
        None,
    ]
    authors = ["@ada", "ADA", "ada", "ada", "ada", None, "ada"]
    hidden = hide_authors(pd.Series(addresses, index=range(3, 10)), pd.Series(authors, index=range(3, 10)), KEY)
    ada = pseudonym("ada", KEY)
    wanted = [f"https://murmur.example/{ada}/m1", f"https://social.example/users/{ada}/statuses/1", *addresses[2:]]
    wanted[4] = ada
    pd.testing.assert_series_equal(hidden, pd.Series(wanted, index=range(3, 10), dtype="string"))


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


def test_index_type_and_nulls_stay():
    texts = pd.Series(["@ada", None, "https://x.com/Ada/status/1", "a@example.org @ada"], index=[7, 3, 3, 9])
    for column in (texts, texts.astype("string"), texts.astype(object)):
        hidden = hide_handles(column, KEY, "twitter")
        wanted = [at("ada"), None, "https://x.com/i/status/1", f"a@example.org {at('ada')}"]
        pd.testing.assert_series_equal(hidden, pd.Series(wanted, index=texts.index, dtype="string"))
        named = pseudonyms(column, KEY)
        assert named.index.equals(texts.index)
        assert list(named.isna()) == [False, True, False, False]
    assert hide_handles(pd.Series([], dtype=object), KEY).empty
    assert pseudonyms(pd.Series([None], dtype="string"), KEY).isna().all()


PIECES = (
    *"@＠·.-+_/: \n\0é谢aıſK",
    *("Bob", "b_1", "北风", "a@b.example.org", "name@server.org", "@a@b@c", "com", ".co", "12", "١٢", "a" * 64),
    *(
        "https://",
        "www.",
        "m.",
        "twitter.com/",
        "Twitter.com/#!/",
        "twıtter.com/",
        "x.com/",
        "weibo.com/u/",
        "weibo.cn/",
    ),
    *(
        "instagram.com/",
        "reddit.com/user/",
        "bsky.app/profile/",
        "people/",
        "/status/",
        "/statuses/",
        "i",
        "search",
        "home",
        "story.php",
        "?s=2",
    ),
)


@given(
    st.lists(st.one_of(st.none(), st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join))),
    st.sampled_from(["twitter", "other"]),
)
@settings(deadline=None)
def test_a_column_is_hidden_as_its_texts_are_one_by_one(texts, platform):
    """The quick looks at a whole column find every text that the full patterns would change."""
    names = privacy.Pseudonyms(KEY)
    full = re.compile(f"(?P<email>{privacy._EMAIL})|{privacy._HANDLES[platform]}")

    def one(text: str) -> str:
        text = privacy._PROFILE.sub(lambda match: privacy._profile(match, names), text)
        return full.sub(lambda match: match["email"] or "@" + names[match[0]], text)

    wanted = pd.Series([None if text is None else one(text) for text in texts], dtype="string")
    pd.testing.assert_series_equal(hide_handles(pd.Series(texts, dtype="string"), KEY, platform), wanted)


def test_real_texts_are_hidden_too():
    archive = shared("archives/airlines-2015/Tweets.csv")
    texts = pd.read_csv(archive, dtype="string", usecols=["text"])["text"]
    hidden = hide_handles(texts, KEY, "twitter").str.cat(sep="\n")
    left = set(re.findall(r"(?<![A-Za-z0-9._+-])@\w+", hidden))
    assert len(texts) > 10_000
    assert all(PSEUDONYM.fullmatch(name) for name in left), left


@given(st.text(max_size=60), st.from_regex(r"[A-Za-z0-9_]{3,15}", fullmatch=True), st.text(max_size=60))
def test_no_handle_survives_alone(before, name, after):
    hidden = hide(f"{before} @{name} {after}", "twitter")
    assert not re.search(rf"(?<!\w)@{name}(?!\w)", hidden) or f"@{name}" in before + after


@pytest.mark.parametrize(
    "record",
    [
        '{"user": "Ada"}',
        "1,,@ADA hello",
        "谢谢@ada.",
        "https://murmur.example/ada/m1",
        "to @north.example.org and ＠小明",
        '"text": "\\u5c0f\\u660e"',
        "by carl@social.example,yesterday",
    ],
)
def test_records_that_name_somebody(record):
    names = Pseudonyms(KEY)
    people = frozenset(names[name] for name in ("ada", "小明", "carl@social.example"))
    assert names_any(record, people, names)
    assert not names_any(record, frozenset([names["ad"], names["carla"]]), names)
    assert not names_any("adalia, carl at social.example, 明", people, names)


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


@pytest.mark.parametrize("text", EMAILS)
def test_no_email_address_is_printed(text):
    shown = mask(text)
    assert "[e-mail]" in shown
    assert not re.search(r"[@＠]|example\.(?:org|com|cn|net|es)", shown), shown


@pytest.mark.parametrize("text", PHONES)
def test_no_telephone_number_is_printed(text):
    assert "[phone]" in mask(text)
    assert not re.search(r"\d{3}", mask(text)), mask(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_that_reach_nobody_are_printed(text):
    assert mask(text) == text


def test_telephone_numbers_of_every_country_are_masked():
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        for form in (phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164):
            written = phonenumbers.format_number(number, form) if number else "+1 202 555 0143"
            assert mask(f"call {written} now") == "call [phone] now", region


def test_only_the_accounts_that_are_named_are_shown():
    official, other = pseudonym("MinistryOfTransport", KEY), pseudonym("ada", KEY)
    assert mask(f"@{official} and @{other}", {official: "MinistryOfTransport"}) == "@MinistryOfTransport and @user"


def test_quotes_name_public_accounts_and_nobody_else(sample: Published, tmp_path: Path) -> None:
    shutil.copytree(sample.place.root, tmp_path / "ws")
    place = Workspace.at(tmp_path / "ws", tmp_path / "reports")
    stood = prepare(place, sample.incident)
    key = load_key(place.key)
    before = load(place, sample.incident, stood, "", tmp_path)
    replies = before.mentions[before.mentions["from_brand"] & before.mentions["text"].str.startswith("@u_")]
    quoted, text = replies[["id", "text"]].iloc[0]
    handles = pd.concat(pd.read_csv(path, dtype=str)["Author"] for path in place.root.glob("archives/*/*.csv"))
    addressed = text[1:13]
    name = next(handle for handle in handles.dropna().unique() if pseudonym(handle, key) == addressed)
    assert before.quotes([quoted])[0].quote.startswith("@user ")

    file = place.incident_file(sample.incident)
    file.write_text(file.read_text(encoding="utf-8") + f'public_accounts: ["@{name}"]\n', encoding="utf-8")
    assert prepare(place, sample.incident) == stood, "who may be named does not change what was prepared"
    after = load(place, sample.incident, stood, "", tmp_path)
    assert after.quotes([quoted])[0].quote.startswith(f"@{name} ")
    assert addressed not in after.own_accounts
    assert set(after.own_accounts) == set(before.allowed)


def test_mask_leaves_plain_numbers():
    assert (
        mask("flight 1234 on 2017-04-10 at 21:00, 1,200 people") == "flight 1234 on 2017-04-10 at 21:00, 1,200 people"
    )
    assert mask("first\nsecond") == "first\nsecond"
