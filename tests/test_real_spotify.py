"""spotify-2017 end to end: what is claimed of it is so. A file each, so that two processes share the work."""

from pathlib import Path

from tests.real_archives import SPOTIFY, published


def test_spotify_is_no_record_of_what_was_said(tmp_path: Path):
    found, manifest, _ = published(tmp_path, "spotify-2017", SPOTIFY)
    done = manifest["archives"]["spotify-2017"]
    assert done["rows"] == 15_103 + 10_986 == done["accepted"] + done["rejected"] + done["duplicates"]
    assert "coverage.selected" in found
    assert found["verdict"].facts["verdict"] == "selected"
    assert found["volume.total"].message == "volume.selected"
    volume = ("onset.time", "impact.mentions", "impact.metrics", "reputation.voice", "reputation.rates")
    for refused in (*volume, "spread.carriers", "spread.first", "replies.answered", "response.statement"):
        assert found[refused].certainty == "refused", refused
    assert found["replies.joins"].message == "joins.openers_absent"
