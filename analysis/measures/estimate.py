"""An estimate: a value with its interval, its n and its method, or the reason why there is none."""

from dataclasses import dataclass

UNITS = (
    "count",
    "share",  # 0 to 1, shown as per cent
    "net",  # −1 to 1, shown as −100 to 100
    "hours",
    "days",
    "per_hour",
    "per_month",
    "per_post",
    "ratio",  # shown as ×2.3
    "change",  # relative change: 0.5 is +50%
    "points",  # a difference of two shares, −1 to 1: 0.05 is +5 points
    "time",  # ISO 8601 text, UTC
    "level",  # severity, 1 to 4
    "index",  # severity, 0 to 100
    "number",  # a plain number, whose name says what it is of
)

REASONS = (
    "not_recorded",  # the archive has no such column
    "not_seen",  # the collection did not cover the hours this needs
    "too_few",  # under the floor of the method
    "no_baseline",  # nothing before the window to compare with
    "short_baseline",  # something, but less than the method needs
    "no_spike",  # nothing to date
    "no_brand_posts",  # the archive holds nothing written by the organisation
    "no_threads",  # answers cannot be joined to what they answer
    "openers_absent",  # the first post of the conversation is missing
    "silence_not_provable",  # a missing answer may have been given and not collected
    "answered_only",  # only posts that were answered were collected
    "frozen_counts",  # counts were taken when the post was made
    "censored",  # the archive ends first
    "no_actions",  # actions.csv does not hold what this needs
    "not_covered",  # no scorer covers the language
    "no_accounts",  # no account of the organisation is named
    "before_onset",  # it came before the incident began
    "rules_unsure",  # the rules behind it are wrong too often on archives like this one
    "one_brand",  # the archive holds no other brand to compare with
    "low_peak",  # it rose to less than twice the ordinary
    "second_wave",  # a new rise lies over what was to be measured
    "too_early",  # it came before the decay had shown its course
    "faded",  # hardly anything was left to change
    "not_measured",  # how often the rules are right was not measured in this language
    "clock_unsure",  # the times it was taken from seem to be of another zone
    "no_plan",  # no plan, or none of its promises, applies
)


@dataclass(frozen=True)
class Estimate:
    """`value` in `unit`, within [`low`, `high`] (95% unless `method` says otherwise), from `n` observations.

    Where `value` is None, `reason` (one of REASONS) says why; a bound that holds on one side only (right-censored,
    "more than X h") has `value` None, `low` set and reason "censored". Times are ISO 8601 text in UTC.
    """

    value: float | str | None
    unit: str
    n: int
    method: str
    low: float | str | None = None
    high: float | str | None = None
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"unknown unit {self.unit!r}")
        if self.reason is not None and self.reason not in REASONS:
            raise ValueError(f"unknown reason {self.reason!r}")
        if self.value is None and self.reason is None:
            raise ValueError("an estimate without a value needs a reason")


def refused(unit: str, reason: str, method: str = "none", n: int = 0, low: float | str | None = None) -> Estimate:
    """The answer "cannot be estimated", with its reason."""
    return Estimate(None, unit, n, method, low=low, reason=reason)
