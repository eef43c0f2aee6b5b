"""Which private channel a redirect names first, in English and Chinese."""

import re
import unicodedata

import pandas as pd

from analysis.scoring.redirects_en import MAIL, MESSAGE
from analysis.scoring.simplified import SIMPLE

CHANNELS = ("dm", "email", "phone", "form", "chat")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_BUTTON = r"\b(?:twitter|x)\.com/messages/|\bm\.me/|\bwa\.me/"
_CHANNEL = {
    "dm": _any(MESSAGE, _BUTTON, r"\bmessages?\b", "私信|私聊|站内信|后台|(?<![A-Za-z])DM"),
    "email": _any(rf"{MAIL}(?!s? (?:or|and) (?:user ?name|country))", r"\bwrite to \S+@", "邮箱|邮件|信箱|电邮"),
    "phone": _any(r"\b(?:call|phone|ring|telephone|hotline)\b", "热线|专线|致电|拨打|来电|回电|去电|电话|座机"),
    "form": _any(r"\bforms?\b", "表单|表格|登记表|申请表|意见反馈|工单"),
    "chat": _any(r"\bchat\b|\bwhatsapp\b|\bmessenger\b", "微信|企微|在线客服|线上客服|人工客服|联系客服"),
}
_ASIDE = _any(
    r"\be-?mail address(?:es)?\b", r"\b(?:your|account'?s?) e-?mails?\b",
    r"\b(?:no|not have|\w*n't (?:have|offer)) (?:any )?(?:tele)?phone\b",
)  # fmt: skip
"""An address that is asked for, and a channel that there is not."""


def channel(texts: pd.Series) -> pd.Series:
    """The first of CHANNELS that each text names (string); null where it names none. Meant for redirects alone."""
    return texts.fillna("").map(_first_named).astype("string")


def _first_named(text: str) -> str | None:
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").translate(SIMPLE)
    plain = _ASIDE.sub(" ", plain)
    places = {name: match.start() for name, pattern in _CHANNEL.items() if (match := pattern.search(plain))}
    return min(places, key=lambda name: places[name]) if places else None
