"""What happens to Larkwheel in 2025: the truth that the sample is made from.

Larkwheel (雀轮单车) rents electric bikes in Kestrel Bay (红隼湾). Company, city, people and platforms are invented.
"""

from dataclasses import dataclass, field

import pandas as pd

SEED = 20250709
BRAND = "Larkwheel"
RIVAL = "Hopspoke"
ZONE = "Asia/Singapore"  # the clock Kestrel Bay keeps
START, END = pd.Timestamp("2025-01-01", tz="UTC"), pd.Timestamp("2026-01-01", tz="UTC")
ACCOUNTS = {"en": ("Larkwheel", "LarkwheelHelp"), "zh": ("雀轮单车", "雀轮单车客服")}
"""Per language, the account that speaks to the public and the one that answers."""


def utc(local: str) -> pd.Timestamp:
    """A time on Kestrel Bay's clock, in UTC."""
    return pd.Timestamp(local, tz=ZONE).tz_convert("UTC")


@dataclass(frozen=True)
class Answers:
    """How the brand answers: shares from 0 to 1, of the answers unless said otherwise."""

    answered: float
    """Share of the complaints and questions that get an answer."""
    median_hours: float
    """Median of the log-normal time to it."""
    template: float
    """Share taken word for word from the templates."""
    templates: int
    """How many templates per language are in use."""
    apology: float
    """Share that apologises, among those not from a template."""
    redirect: float
    """Share that sends the customer elsewhere, among those not from a template; of the rest most offer a solution."""
    second_turn: float
    """Share after which the customer writes again."""
    thanks: float
    angry: float
    """Shares of the second turns; the rest gives the details that were asked for."""
    spread: float = 1.0
    """Standard deviation of the logarithm of the time to the answer."""


@dataclass(frozen=True)
class Statement:
    when: str
    """On Kestrel Bay's clock."""
    kind: str
    en: str
    zh: str
    denies: bool = False
    """Whether it denies the fault, or blames others for it."""


@dataclass(frozen=True)
class Crisis:
    """One incident, or one buzz: times are on Kestrel Bay's clock."""

    id: str
    news: str
    """Which of the grammars' news lines tell of it."""
    onset: str
    end: str
    """When the window closes (exclusive)."""
    growth: float
    half_life: float
    total: float
    """Expected mentions above the baseline, over all time."""
    causes: dict[str, float]
    """How much likelier one cause is than another while both can be named."""
    answers: Answers
    statements: tuple[Statement, ...] = ()
    cause_from: dict[str, str] = field(default_factory=dict)
    """Causes nobody can complain about before something has happened."""
    effect: tuple[str, float] | None = None
    """When the response began to tell, and the half-life from then on."""
    forerunner: tuple[str, str, float] | None = None
    """A cause that ordinary complaints name more often before: cause, since when, times as often."""


EVERYDAY_ANSWERS = Answers(0.35, 1.5, 0.2, 3, 0.45, 0.4, 0.35, 0.45, 0.2)
EVERYDAY_KINDS = {"praise": 0.25, "question": 0.2, "neutral": 0.33, "complaint": 0.22}
EVERYDAY_CAUSES = {
    "bike_state": 0.3, "no_bikes": 0.24, "support_silent": 0.1, "double_charge": 0.1, "unlock": 0.08, "brakes": 0.06,
    "ride_not_ending": 0.06, "parking_fee": 0.06,
}  # fmt: skip
RATE = {BRAND: 19 / 24, RIVAL: 5 / 24}
"""Customers' first posts per hour."""
CHINESE = 0.4
"""Share of the mentions that are in Chinese."""

OUTAGE = Crisis(
    id="2025-03-unlock-outage",
    news="outage",
    onset="2025-03-20 08:00",
    end="2025-03-24 08:00",
    growth=3,
    half_life=9,
    total=680,
    causes={"unlock": 0.38, "double_charge": 0.27, "ride_not_ending": 0.2, "support_silent": 0.15},
    answers=Answers(0.84, 0.6, 0.1, 3, 0.8, 0.35, 0.35, 0.55, 0.2, spread=0.8),
    statements=(
        Statement(
            "2025-03-20 08:50",
            "statement",
            "Since 8 this morning many of you can't unlock bikes, and some rides don't end. The fault is in our lock "
            "service, "
            "not in your phone. We're on it and write here every hour. Nobody pays for a ride that did not end.",
            "今早8点起不少用户无法开锁，部分行程无法结束。问题出在我们的锁服务，不是您的手机。我们正在抢修，"
            "每小时在此更新，未结束的行程不收费。",
        ),
        Statement(
            "2025-03-20 13:30",
            "apology",
            "Locks work again since 13:10. We are sorry: you were late for work and class because of us. Double "
            "charges go back "
            "by Saturday without you asking, and everybody with a pass gets three days on top.",
            "13:10起开锁已恢复。今天让大家迟到了，对不起。重复扣款周六前自动退回，无需申请，月卡用户另加三天。",
        ),
    ),
)
BRAKES = Crisis(
    id="2025-07-brake-failures",
    news="brakes",
    onset="2025-07-09 08:00",
    end="2025-07-18 08:00",
    growth=12,
    half_life=28,
    total=2650,
    causes={"brakes": 0.3, "statement": 0.32, "refund": 0.16, "staff": 0.11, "report_form": 0.1, "removal": 0.09},
    answers=Answers(0.3, 9.0, 0.45, 5, 0.2, 0.5, 0.3, 0.15, 0.6),
    statements=(
        Statement(
            "2025-07-10 12:00",
            "statement",
            "We are aware of isolated cases concerning the 2023 series. There is no evidence of a systematic fault; "
            "in the cases "
            "known to us riders may not have used both brakes. Safety is our first priority.",
            "我们注意到2023款个别车辆的情况。目前不存在系统性问题，已知个案中用户可能未正确使用双刹。"
            "安全始终是我们的第一要务。",
            denies=True,
        ),
        Statement(
            "2025-07-11 20:00",
            "apology",
            "Our first statement was wrong, and we are sorry. A brake cable of the 2023 series can tear. Five people "
            "were hurt. "
            "All 1,840 bikes are locked as of now and leave the streets by Sunday night. We had reports in May and "
            "did not act.",
            "我们的第一份声明是错的，对此向大家道歉。2023款刹车线存在断裂隐患，已有五人受伤。"
            "1840辆车现已全部远程锁定，周日晚前撤离街头。五月就有人反馈，我们没有行动。",
        ),
        Statement(
            "2025-07-12 10:00",
            "compensation",
            "For everyone hurt we pay treatment and lost earnings; write to care@larkwheel.example. Passes and "
            "deposits are refunded "
            "in full within three days, no form needed.",
            "受伤用户的治疗与误工费用由我们承担，请联系 care@larkwheel.example 。月卡、年卡与押金三天内全额退还，"
            "无需申请。",
        ),
        Statement(
            "2025-07-15 11:00",
            "explanation",
            "What went wrong: our supplier changed the cable in 2023, our yearly check did not include a pull test, "
            "and reports went "
            "to an inbox that nobody owned. The inspection records are now online.",
            "问题出在哪：供应商2023年更换了刹车线，我们的年检没有拉力测试，用户反馈进了一个没人负责的邮箱。"
            "检修记录现已公开。",
        ),
    ),
    cause_from={"statement": "2025-07-10 12:00", "removal": "2025-07-09 20:00"},
    effect=("2025-07-11 20:00", 14),
    forerunner=("brakes", "2025-06-09 08:00", 4),
)
PRICE = Crisis(
    id="2025-11-pass-price",
    news="price",
    onset="2025-11-04 10:00",
    end="2025-11-11 10:00",
    growth=6,
    half_life=20,
    total=720,
    causes={"price": 0.45, "double_charge": 0.25, "cancel": 0.18, "parking_fee": 0.12},
    answers=Answers(0.6, 2.5, 0.4, 6, 0.08, 0.88, 0.3, 0.15, 0.5),
    statements=(
        Statement(
            "2025-11-04 10:00",
            "statement",
            "Simpler passes from 18 November: one Lark Plus pass for all bikes at $44.90 a month. Parking outside "
            "the painted zones "
            "costs a relocation fee from today.",
            "11月18日起套餐更简单：Lark Plus 月卡通用所有车型，每月44.9元。即日起停车点外还车收取调度费。",
        ),
    ),
)
LANTERNS = Crisis(
    id="2025-08-lantern-ride",
    news="buzz",
    onset="2025-08-23 18:00",
    end="2025-08-25 18:00",
    growth=4,
    half_life=8,
    total=260,
    causes={},
    answers=Answers(0.1, 1.5, 0.1, 3, 0.0, 0.0, 0.2, 0.9, 0.0),
)
CRISES = (OUTAGE, BRAKES, PRICE)
