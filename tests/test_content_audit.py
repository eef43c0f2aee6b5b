"""The content audit on collections whose faults are known, on clean ones, and on the real archives."""

import html
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis import mentions, wording
from analysis.archive.audit import content, damage
from analysis.archive.audit.parts import lots, sample
from analysis.questions import collection as collection_question
from analysis.questions.case import Case
from tests.benchmarks.content_audit import claims_of, found, said
from tests.benchmarks.miskept import CLEAN, FAULTS, answered
from tests.benchmarks.written import collection, misread, rewritten
from tests.conftest import shared


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name: str) -> None:
    table, truth = FAULTS[name](3)
    claims = claims_of(table)
    assert found(claims, truth)
    json.dumps(claims["values"].tolist())


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_collection_is_not_accused(name: str) -> None:
    assert said(claims_of(CLEAN[name](3))) == set()


@pytest.mark.parametrize("size", [0, 1, 2, 30])
def test_tiny_archives_have_no_claims(size: int) -> None:
    table = collection(1, 100).head(size)
    claims = claims_of(table)
    assert claims.empty
    assert str(claims["start"].dtype) == "datetime64[us, UTC]"


def test_nothing_recorded_but_texts_is_no_claim() -> None:
    table = collection(1, 400)[["id", "published_at", "text", "source"]]
    assert claims_of(mentions.conform(table.assign(platform="unknown", kind="post"))).empty


def test_the_order_of_rows_does_not_matter() -> None:
    table, _ = FAULTS["UTF-8 read as cp1252, 5% of a file"](2)
    one, other = claims_of(table), claims_of(table.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(one, other)


def test_the_sample_is_the_same_in_any_order_and_holds_some_of_each_file() -> None:
    table = collection(4, 3000, files=3)
    table["source"] = np.where(np.arange(len(table)) < 20, "tiny.csv", table["source"])
    shuffled = table.sample(frac=1, random_state=2)
    one, other = sample(table, lots(table), most=600), sample(shuffled, lots(shuffled), most=600)
    assert set(one["id"]) == set(other["id"])
    assert 500 <= len(one) <= 700
    assert (one["source"] == "tiny.csv").sum() == 20


def test_damage_is_told_by_brand_and_file_with_examples_and_nothing_is_changed() -> None:
    table = collection(5, brand="A")
    table["brand"] = np.where(np.arange(len(table)) % 2 == 0, "A", "B")
    hit = (table["brand"] == "B").to_numpy() & (table["source"] == "part-2.csv").to_numpy()
    broken = rewritten(table, misread("cp1252"), hit)
    before = broken.copy()
    claims = claims_of(broken)
    pd.testing.assert_frame_equal(broken, before)
    (told,) = claims[claims["kind"] == "character_damage"].to_dict("records")
    assert told["brand"] == "B"
    assert told["values"]["files"] == ["part-2.csv"]
    changed = set(table["id"][(broken["text"] != table["text"]).to_numpy()])
    assert told["values"]["texts"] <= len(changed)
    assert set(told["values"]["examples"]) <= changed
    assert told["values"]["mendable_share"] == 1.0
    assert told["start"] >= table["published_at"].min().floor("s")


WHOLE = [
    "naïve café, GROß… ÑANDÚ",
    "São João não está à mão AMANHÃ…",
    "Đà Nẵng, Việt Nam… ĐÃ”",
    "煎饼馃子",
    "«cliché»…",
]


@pytest.mark.parametrize(
    "text", [*WHOLE, "Zażółć gęślą jaźń", "Привет, это «так»…", "Íslenska ð þ Ðað", "Γειά σου…", "😀"]
)
def test_what_is_whole_is_not_called_damaged(text: str) -> None:
    table = rewritten(collection(2, 2000), lambda said: f"{said} {text}", np.arange(2000) % 5 == 0)
    assert "character_damage" not in set(claims_of(table)["kind"])


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("text", ["we’re sorry – “really” é", "ça va 😉 là", "价格很贵"])
def test_what_was_misread_can_be_mended(text: str, encoding: str) -> None:
    mended, left = damage.mend(misread(encoding)(text), encoding)
    assert mended > 0
    assert left == 0


def test_a_sample_stream_is_told_by_file() -> None:
    table, _ = FAULTS["one post in a hundred"](1)
    whole = collection(9, 3000).assign(source="search.csv")
    claims = claims_of(pd.concat([whole, table], ignore_index=True))
    (told,) = claims[claims["kind"] == "sampled_stream"].to_dict("records")
    assert told["values"]["one_in"] == 100
    assert "search.csv" not in told["values"]["files"]


def test_few_likes_are_no_frozen_counts_and_none_at_all_are() -> None:
    table = collection(6, liked=0.02)
    assert "frozen_counts" not in set(claims_of(table)["kind"])
    none = claims_of(table.assign(likes=0))
    (told,) = none[none["kind"] == "frozen_counts"].to_dict("records")
    assert told["values"]["what"] == ["likes"]
    assert told["values"]["every_part"] is False


def real(folder: str, pattern: str, columns: dict[str, str], **options: str) -> pd.DataFrame:
    parts = []
    for path in sorted(Path(shared(f"archives/{folder}")).glob(pattern)):
        raw = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
        part = pd.DataFrame({name: raw[column] for name, column in columns.items()})
        part["published_at"] = pd.to_datetime(part["published_at"], utc=True, errors="coerce", **options)  # type: ignore[call-overload]
        part["text"] = part["text"].map(html.unescape)
        parts.append(part.assign(source=path.name, source_row=range(1, len(raw) + 1)))
    table = pd.concat(parts).assign(platform="twitter", kind="post")
    return mentions.conform(table.drop_duplicates("id", ignore_index=True))


def test_spotify_2017_replies_were_encoded_twice() -> None:
    columns = {"id": "tweet_id", "published_at": "created_at", "author": "author_id", "text": "text"}
    table = real("spotify-2017", "*.csv", columns, format="%a %b %d %H:%M:%S %z %Y")
    claims = content.audit(table)
    (told,) = claims[claims["kind"] == "character_damage"].to_dict("records")
    values = told["values"]
    assert (values["how"], values["encoding"], values["files"]) == ("misread", "cp1252", ["SpotifyCares.csv"])
    assert 2270 <= values["texts"] <= 2290  # counted by hand: texts with â€, Ã, Â or ðŸ
    assert values["mendable_share"] == 1.0
    assert "altered_text" not in set(claims["kind"])  # emoji are damaged, not gone


def test_airlines_2015_delta_is_jetblue() -> None:
    columns = {"id": "tweet_id", "published_at": "tweet_created", "author": "name", "text": "text", "brand": "airline"}
    table = real("airlines-2015", "*.csv", columns)
    handles = table["text"].str.replace(r"@(\w+)", lambda m: f"@u_{m[1].lower():x<10.10}", regex=True)
    claims = content.audit(table.assign(text=handles), brand="Delta", names=["Delta", "u_deltaxxxxx"])
    (told,) = claims[claims["kind"] == "mixed_queries"].to_dict("records")
    assert (told["brand"], told["values"]["term"]) == ("Delta", "@u_jetbluexxx")
    assert told["values"]["share"] > 0.99
    assert told["values"]["named"] < 0.05
    right = content.audit(table.assign(text=handles), brand="US Airways", names=["US Airways", "u_usairwaysx"])
    assert "mixed_queries" not in set(right["kind"])


def test_united_2017_lost_its_emoji_and_line_breaks_and_has_no_reposts() -> None:
    columns = {"id": "id", "published_at": "date", "author": "username", "text": "text", "likes": "favorites"}
    claims = content.audit(real("united-2017", "*.csv", columns))
    told = {(row["kind"], row["values"]["how"]): row["values"] for row in claims.to_dict("records")}
    assert told["altered_text", "stripped"]["what"] == ["emoji", "line_breaks"]
    assert told["altered_text", "spaced"]["texts"] > 20_000
    assert told["filtered", "left_out"]["what"] == ["reposts"]
    assert not set(claims["kind"]) & {"character_damage", "frozen_counts", "mixed_queries", "sampled_stream"}


def sentences(claim: dict) -> dict[str, str]:
    """What a claim says in each language."""
    said: dict[str, str] = {}

    def answer(identity: str, message: str, values: dict, **facts: object) -> None:
        assert message != "claim.other", claim["kind"]
        said.update({language: wording.say(message, language, values) for language in wording.LANGUAGES})

    case = SimpleNamespace(
        languages=list(wording.LANGUAGES), zone="UTC", allowed={"u_hopspoke22": "Hopspoke"}, answer=answer
    )
    collection_question._claim(case, 1, claim)  # type: ignore[arg-type]
    return said


@pytest.mark.parametrize("name", FAULTS)
def test_a_claim_is_said_in_every_language(name: str) -> None:
    table, truth = FAULTS[name](4)
    for claim in claims_of(table).to_dict("records"):
        said = sentences(claim)
        assert claim["kind"] in collection_question.GRAVITY
        for language, text in said.items():
            assert wording.knows(f"kind_name.{claim['kind']}", language)
            assert not {"{", "}"} & set(text)
            assert text.endswith((".", "。"))
            assert not any(word in text for word in ("None", "nan", "not recorded", "未记录"))
        if truth.get("how") == "label" and claim["kind"] == "mixed_queries":
            assert "@Hopspoke" in said["en"]


def of_kind(table: pd.DataFrame, kind: str) -> dict:
    claims = claims_of(table)
    (told,) = claims[claims["kind"] == kind].to_dict("records")
    assert all("{" not in text for text in sentences(told).values())
    return told["values"]


def test_the_texts_that_were_cut_are_counted_among_those_without_handles() -> None:
    table = rewritten(collection(3, query="Larkwheel"), lambda text: text[:80])
    told = of_kind(table, "altered_text")
    plain = ~table["text"].str.contains("[@&<>]") & (table["kind"] != "repost")
    assert (told["texts"], told["rows"]) == (int((plain & (table["text"].str.len() == 80)).sum()), int(plain.sum()))


def test_counts_that_stop_at_a_date() -> None:
    table = collection(3)
    late = table["published_at"] >= table["published_at"].iloc[4000]
    told = of_kind(
        table.assign(likes=table["likes"].mask(late, 0), reposts=table["reposts"].mask(late, 0)), "frozen_counts"
    )
    assert told["how"] == "stopped"
    own = late & (table["kind"] != "repost")
    assert own.sum() <= told["rows"] < own.sum() + 100


def test_answers_older_than_what_they_answer_within_one_file() -> None:
    told = of_kind(answered(3, -3.0).assign(source="all.csv"), "clock_shift")
    assert (told["how"], told["hours"]) == ("within", 3.0)


def test_a_query_that_became_a_hashtag() -> None:
    table = collection(5, 3000, query="Larkwheel", handles=0.2)
    tagged = np.arange(len(table)) % 7 == 0
    later = np.arange(len(table)) > 2000
    table = rewritten(table, lambda text: text.replace("Larkwheel", "#Larkwheel"), tagged | later)
    told = of_kind(table, "mixed_queries")
    assert (told["how"], told["term"]) == ("date", "#larkwheel")


def test_copies_are_not_asked_for_where_times_are_whole_minutes() -> None:
    table, _ = FAULTS["rows copied under new ids"](1)
    minutes = table.assign(published_at=table["published_at"].dt.floor("min"))
    assert "copies" not in set(claims_of(minutes)["kind"])


def test_no_hour_of_a_sampled_stream_counts_as_seen_whole_and_other_brands_claims_do_not_matter() -> None:
    hours = pd.date_range("2021-03-01", periods=48, freq="h", tz="UTC").as_unit("us")
    table = pd.DataFrame({"brand": "A", "hour": hours, "mentions": 5, "state": "seen", "reason": None})
    limit = {"brand": "", "start": hours[12], "end": hours[24], "values": {"one_in": 100}}
    claims = [limit | {"kind": "sampled_stream"}, limit | {"kind": "fixed_quota", "brand": "B", "end": hours[40]}]
    case = SimpleNamespace(
        hours=table, label="A", claims=pd.DataFrame(claims), baseline_start=hours[0], after_end=hours[-1]
    )
    state = Case.coverage.func(case).set_index("hour")["state"]  # type: ignore[arg-type]
    assert state[hours[12:24]].eq("partial").all()
    assert state.drop(hours[12:24]).eq("seen").all()
