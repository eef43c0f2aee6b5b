"""united-2017 end to end: what is claimed of it is so. A file each, so that two processes share the work."""

from pathlib import Path

import pytest

from tests.real_archives import UNITED, published


@pytest.mark.slow
def test_united_says_that_the_collection_was_capped_and_dates_the_onset_as_an_interval(tmp_path: Path):
    found, manifest, page = published(tmp_path, "united-2017", UNITED)
    done = manifest["archives"]["united-2017"]
    assert done["rows"] == 52_896
    assert done["accepted"] + done["rejected"] == 52_821
    cap = found["coverage.claim.1"]
    assert cap.message == "claim.daily_cap.newest"
    assert "10,000" in cap.answer["en"]
    assert "UTC day" in cap.answer["en"]
    for span in ("10 Apr 23:32–24:00", "11 Apr 23:04–24:00", "12 Apr 21:30–24:00", "14 Apr 17:02–24:00"):
        assert span in cap.answer["en"]
    assert cap.answer["en"] in page
    assert found["volume.total"].message == "volume.refused"
    assert found["volume.total"].values["during"].value is None
    onset = found["onset.time"].values["onset"]
    assert (onset.value, onset.low, onset.high) == (None, "2017-04-10T00:00:00+00:00", "2017-04-10T23:00:00+00:00")
    assert found["onset.peak"].certainty == found["impact.mentions"].certainty == "refused"
    assert found["authors.total"].certainty == "refused"
    assert found["impact.metrics"].certainty == found["impact.placebo"].certainty == "refused"
    assert found["reputation.rates"].message == "rates.collected"
    assert found["spread.carriers"].message == "carriers.collected"
    assert found["spread.first"].message == "first.not_seen"
    assert found["replies.joins"].message == "joins.no_parent_ids"
    assert found["replies.speed"].certainty == "refused"
