"""airlines-2015 end to end: what is claimed of it is so. A file each, so that two processes share the work."""

from pathlib import Path

import pytest

from analysis.findings import Finding
from tests.real_archives import AIRLINES, published


@pytest.fixture
def airlines(tmp_path: Path) -> tuple[dict[str, Finding], dict, str]:
    return published(tmp_path, "airlines-2015", AIRLINES)


def test_airlines(airlines: tuple[dict[str, Finding], dict, str]):
    found, manifest, _ = airlines
    done = manifest["archives"]["airlines-2015"]
    assert (done["rows"], done["accepted"], done["rejected"], done["duplicates"]) == (14_640, 14_485, 0, 155)
    assert found["coverage.summary"].message == "coverage.whole"
    assert found["volume.total"].values["during"].value == 750  # counted by hand
    assert found["verdict"].facts["verdict"] in ("crisis", "surge")  # human labels: 74% before, 86% during
    assert "2015-02-22T02" <= str(found["onset.time"].values["onset"].low) <= "2015-02-22T12"
    assert found["impact.mentions"].message == "impact.short_baseline"
    assert found["impact.metrics"].message == "impact.metrics.refused"
    assert found["reputation.voice"].message == "voice.not_seen"  # American Airlines' mentions begin a day later
    assert "American" in found["reputation.voice"].answer["en"]
    reactions = found["reputation.concentration"].values
    assert (reactions["total"].value, reactions["total"].n) == (73, 452)  # retweets and authors, counted by hand
    assert found["spread.jumps"].message == "jumps.one_platform"
    assert found["replies.joins"].message == "joins.no_brand_posts"
    assert found["replies.answered"].certainty == found["replies.speed"].certainty == "refused"
