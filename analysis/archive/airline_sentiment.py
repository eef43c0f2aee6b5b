"""Airline sentiment (Kaggle): tweets to six airlines in February 2015, with the label of the airline and offsets."""

from analysis.archive import delimited
from analysis.archive.records import Format, Sample

_MARKS = {"tweet_id", "airline_sentiment", "airline", "tweet_created"}


def _recognise(sample: Sample) -> str | None:
    if sample.container == "delimited" and set(sample.columns) >= _MARKS:
        return "its columns airline_sentiment, airline and tweet_created"
    return None


FORMAT = Format(
    name="airline-sentiment",
    recognise=_recognise,
    read=delimited.read,
    columns={
        "id": "tweet_id",
        "published_at": "tweet_created",
        "author": "name",
        "text": "text",
        "brand": "airline",
        "reposts": "retweet_count",
    },
    platform="twitter",
)
