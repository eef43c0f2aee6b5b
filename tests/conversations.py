"""A small incident of conversations whose truth is known, as a Case: for the tests of questions about replies."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.archive.audit import joins
from analysis.incident import Action, Incident, Window
from analysis.plan import Plan
from analysis.questions.case import Case
from tests.scored_tables import at, hours, scored

OURS = "u_help"
WINDOW = ("2024-06-03T00:00:00+00:00", "2024-06-08T00:00:00+00:00")
SPAN = ("2024-05-01", "2024-06-16")
ASKS = f"@{OURS} my bike is broken and I am stuck, please help me"
PLAN = Plan.model_validate(
    {
        "levels": [
            {"level": level, "first_response_hours": hours_, "first_statement_hours": 3 * hours_}
            for level, hours_ in ((1, 8), (2, 4), (4, 1))
        ]
    }
)


def posts(
    count: int,
    first: str,
    step: float,
    *,
    wait: float | None = None,
    every: int = 1,
    text: str = ASKS,
    label: str = "negative",
    name: str = "q",
) -> pd.DataFrame:
    """`count` posts `step` hours apart; each `every`th is answered by us after `wait` hours (None: none is)."""
    times = [at(first) + pd.Timedelta(hours=step * k) for k in range(count)]
    table = row(times, [f"{name}{first}{k}" for k in range(count)], label, text)
    if wait is None:
        return table
    some = [k for k in range(count) if k % every == 0]
    replies = row(
        [times[k] + pd.Timedelta(hours=wait) for k in some],
        [f"r{name}{first}{k}" for k in some],
        "neutral",
        "Sorry to hear this, please send us your number.",
        ours=True,
    )
    parents = [f"{name}{first}{k}" for k in some]
    replies["parent_id"] = pd.array(parents, dtype="string")
    replies["thread_id"] = pd.array(parents, dtype="string")
    table.loc[some, "replies"] = 1
    # As the relevance is judged: what was answered stands in our thread.
    table.loc[some, "relevance_reason"] = "own_thread"
    return pd.concat([table, replies], ignore_index=True)


def row(times: list[pd.Timestamp], ids: list[str], label: str, text: str, *, ours: bool = False) -> pd.DataFrame:
    table = scored(times, [label] * len(times), text=text, language="en", replies=0, kind="post")
    table["id"] = pd.array(ids, dtype="string")
    table["thread_id"] = table["id"]
    table["author"] = pd.array([OURS] * len(times) if ours else [f"u_{identity}" for identity in ids], dtype="string")
    table["from_brand"] = ours
    table["relevance"] = pd.array(["about"] * len(times), dtype="string")
    reason = "own" if ours else "addressed" if f"@{OURS}" in text else "named"
    table["relevance_reason"] = pd.array([reason] * len(times), dtype="string")
    table["target"] = pd.array(["organisation" if label == "negative" else pd.NA] * len(times), dtype="string")
    table["complaint"] = 0.9 if label == "negative" else 0.1
    table["reproach"] = pd.array([1 if label == "negative" else 0] * len(times), dtype="Int64")
    table["first_person"], table["arousal"], table["scorer"] = 0.1, 0.0, "made-1"
    return table


def quiet(step: float = 0.5) -> pd.DataFrame:
    """What is said of us whatever happens, over the whole span."""
    count = int((at(SPAN[1]) - at(SPAN[0])) / pd.Timedelta(hours=step))
    return posts(count, SPAN[0], step, text="acme bikes are all over town", label="neutral", name="e")


def case(folder: Path, *parts: pd.DataFrame, actions: list[Action] | None = None, **told: object) -> Case:
    """A case of `parts` and the everyday; `told` are fields of incident.yml, or of the case: unseen, plan, joins."""
    unseen, plan = told.pop("unseen", ()), told.pop("plan", PLAN)
    stated = {"id": "a", "title": "A", "archives": ["a"], "brand": "Acme", "brand_accounts": ["AcmeHelp"]}
    stated |= {"window": dict(zip(("start", "end"), WINDOW, strict=True)), "baseline_days": 28, "after_days": 8}
    stated |= {"report_languages": ["en", "zh"], "time_zone": "Asia/Singapore", "severity": 2}
    audited = told.pop("joins", None)
    notes = told.pop("notes", {"resolution": "time"})
    mentions = pd.concat([quiet(), *parts], ignore_index=True).sort_values(["published_at", "id"], ignore_index=True)
    mentions["text"] = mentions["text"].astype("string")
    incident = Incident.model_validate(stated | told)
    return Case(
        incident=incident,
        window=Window.model_validate(stated["window"]),
        mentions=mentions,
        hours=hours(*SPAN, unseen),  # type: ignore[arg-type]
        claims=pd.DataFrame(columns=["brand", "kind", "start", "end", "values"]),
        joins=audited or verdicts(mentions),  # type: ignore[arg-type]
        causes=pd.DataFrame(),
        notes=notes,  # type: ignore[arg-type]
        plan=plan,  # type: ignore[arg-type]
        actions=sorted(actions or [], key=lambda action: action.when),
        notebook="3_how_we_answered",
        output=folder,
        allowed={OURS: "AcmeHelp"},
    )


def verdicts(mentions: pd.DataFrame) -> dict:
    """The joinability audit as a case holds it."""
    found = joins.audit(mentions, mentions["from_brand"]).to_dict()
    judged = {name: item for name, item in found.items() if name not in ("counts", "spans")}
    return {"counts": found["counts"], "spans": found["spans"], "why": judged} | {
        name: item["value"] for name, item in judged.items()
    }


def act(kind: str, when: str, text: str = "", link: str = "") -> Action:
    return Action(when=datetime.fromisoformat(when + "+00:00"), actor="desk", kind=kind, text=text, link=link)


def lognormal(seed: int, count: int, median: float) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(np.log(median), 0.8, count)
