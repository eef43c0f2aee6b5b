"""Airline sentiment (Kaggle): tweets to six airlines in February 2015, with the label of the airline and offsets."""

from analysis.archive.records import Format

FORMAT = Format(
    name="airline-sentiment",
    marks=(frozenset({"tweet_id", "airline_sentiment", "airline", "tweet_created"}),),
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
