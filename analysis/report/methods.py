"""How a finding was found, in words for readers: the label of each estimate's method has its message, `how.<name>`.

What has no estimate of its own says what it rests on instead: `rests.<finding>`, where the last number of an id may be
left out. Where nothing was estimated, and the sentence says why, that is the method.
"""

import re

from analysis import wording
from analysis.errors import EvidenceError
from analysis.findings import Finding

NAMES = {
    "12 h and then 24 h of less than a fifth above the seasonal level": "back",
    "AMI": "stability",
    "Bonett–Price interval on the effective n of author clusters": "net",
    "DeLong": "delong",
    "E-value": "e_value",
    "Gower": "likeness",
    "Krippendorff's alpha, nominal": "alpha",
    "Lomax excess over the seasonal level, interval from series drawn with its noise": "decay",
    "MOVER": "net_difference",
    "Newcombe": "difference",
    "Newcombe interval on the effective n of clusters of like wording": "difference_by_wording",
    "Newcombe, Holm": "difference_holm",
    "Rayleigh": "rayleigh",
    "Theil–Sen slope, Mann–Kendall test": "trend",
    "Wilson": "share",
    "Wilson interval on the effective n of author clusters": "share_by_author",
    "Wilson interval on the effective n of clusters of like wording": "share_by_wording",
    "Wilson, clustered": "share_by_person",
    "actions.csv": "actions",
    "actions.csv against onset": "actions_onset",
    "actions.csv against the alarm": "actions_alarm",
    "archive": "archive",
    "audit": "audit",
    "baseline": "baseline",
    "calendar": "calendar",
    "candidates": "candidates",
    "causal level and novelty alarm": "alarm",
    "causal robust z of days": "daily_alarm",
    "confidence in a cause": "confidence",
    "content audit": "audit",
    "count": "count",
    "count / hours": "rate",
    "count by hour": "backlog",
    "counted clauses": "clauses",
    "default": "default",
    "definitions C16": "ends",
    "difference of net sentiments, MOVER": "net_difference",
    "distinct accounts with one text within 10 minutes, against all mentions of the day around it": "coordination",
    "distinct authors": "authors",
    "distinct authors within a day against the trailing weeks": "cues",
    "earliest mention that was collected": "earliest",
    "exact Poisson interval": "poisson",
    "excess over the ordinary, Poisson draws": "excess",
    "exp of entropy, delta method": "entropy",
    "first public word against the first complaint of the issue": "thunder",
    "first three hours whose median excess is at most half the peak's": "half_seen",
    "first to last": "span",
    "first week whose net sentiment reaches the lower limit of the time before": "relief",
    "followers of distinct authors": "followers",
    "followers recorded with the accounts' own posts": "own_followers",
    "highest bin against its ordinary level": "highest",
    "highest three hours": "peak",
    "incident.yml": "incident",
    "joinability audit": "joins",
    "joined_pairs": "pairs",
    "kaplan_meier": "survival",
    "largest of the sum": "largest",
    "likelihood ratio of a turn in a Lomax decay, against the decay laid over quiet windows": "turn",
    "log-rank, Holm": "log_rank",
    "mean absolute error elsewhere": "error_elsewhere",
    "mean distance between two posts of a tree": "tree",
    "mean pairwise AMI": "stability",
    "mean with a t interval on the effective n of author clusters": "mean_by_author",
    "mean, normal interval": "mean",
    "median": "median",
    "median over pools": "pools",
    "mentions per author, against stretches as long": "passion",
    "negative-binomial seasonal counterfactual, interval from left-out placebo blocks": "counterfactual",
    "of all authors who were collected": "concentration",
    "on invented statements in other words": "invented",
    "onset on each platform": "platforms",
    "ordinary complaints": "routine",
    "plan": "plan",
    "plan.yml": "plan",
    "plan.yml and actions.csv": "plan_actions",
    "quantile": "quantile",
    "range of stretches": "stretches",
    "rank among left-out placebo blocks": "placebo",
    "ratio of counts in spans of equal length, bootstrap by author": "ratio_of_counts",
    "share over share before, log interval": "growth_before",
    "ratio of shares": "ratio_of_shares",
    "ratio of sums, counts capped, interval by author": "ratio_of_sums",
    "reader's labels": "labels",
    "risk-set matching, bootstrap by author": "matching",
    "robust z ≥ 3 in two bins in a row": "onset",
    "routine complaints to be expected": "routine",
    "severity": "severity_rule",
    "share among complaints before against after, with Poisson excess over the ordinary": "trigger",
    "share of authors, Wilson interval": "share_of_authors",
    "share of mentions, interval between stretches of hours": "voice",
    "six-hour means": "waves",
    "strategies by rules, each shown with its words": "strategies",
    "stratified_jeffreys": "strata",
    "sum": "sum",
    "sum of reactions": "sum_of_reactions",
    "sum of reactions, bootstrap over authors": "reactions_bootstrap",
    "sum of views": "views",
    "triggers of the decision table, each by its own evidence": "triggers",
    "volume-weighted seasonal counterfactual, interval from left-out placebo blocks": "counterfactual_net",
    "weighted mean of the components that are known; range over weights half to one and a half times as large": "index",
    "window": "incident",
}
"""Label of an Estimate's method → name of its words; labels that say the same to a reader share them."""
FORMS = (
    (re.compile(r"(sum|mean|median) of (likes|replies|reposts)\b.*"), "reactions"),
    (re.compile(r"authors with the followers of the top .*"), "influential"),
    (re.compile(r".*: (stack|offsets) on \d+ labels.*"), "calibrated"),
)
"""Labels that hold numbers or names of their own."""
NONE = ("", "none")
"""What a refusal without a method is labelled with."""
_NUMBER = re.compile(r"\.\d+$")


def name(label: str) -> str | None:
    """The name of the words for a method's label; None where it has none."""
    return NAMES.get(label) or next((called for form, called in FORMS if form.fullmatch(label)), None)


def method_words(finding: Finding, language: str) -> list[str]:
    """How `finding` was found, each method once: of its estimates, else what it rests on; empty where nothing says."""
    labels = sorted({value.method for value in finding.values.values()} - set(NONE))
    told = [wording.say(f"how.{name(label)}", language) if name(label) else label for label in labels]
    return list(dict.fromkeys(told)) or _rests(finding, language)


def require(findings: list[Finding]) -> None:
    """Raises EvidenceError where a finding rests on nothing: no mention, figure, table, estimate or stated ground."""
    bare = [finding.id for finding in findings if not _grounded(finding)]
    if bare:
        raise EvidenceError(
            f"Findings that rest on nothing: {', '.join(bare)}. Give the mentions that they count (behind), a table, "
            "an estimate with its method, or the message rests.<finding> in every catalogue."
        )


def _grounded(finding: Finding) -> bool:
    held = finding.behind or finding.evidence or finding.table
    return bool(held) or bool(method_words(finding, next(iter(finding.answer), "en")))


def _rests(finding: Finding, language: str) -> list[str]:
    found = [finding.id, _NUMBER.sub("", finding.id)] + (["refused"] if finding.certainty == "refused" else [])
    for identity in found:
        if wording.knows(f"rests.{identity}", language):
            return [wording.say(f"rests.{identity}", language)]
    return []
