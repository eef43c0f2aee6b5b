"""Replies that move a conversation to a private channel (definitions C12), by rules in English and Chinese.

A redirect asks its reader to go on in private (DM, e-mail, telephone, form, chat), or says that the organisation went
on there ("we've sent you a DM"). A channel that was refused, a call that was never returned and a channel in somebody
else's story are none. The rules read one clause at a time, so that a refusal in one leaves the next its meaning.
"""

import re
import unicodedata

import pandas as pd

from analysis.scoring.signs import Accuracy

PRECISION = Accuracy(1.0, 0.9585, 1.0, 60)
"""Share of the replies found that are redirects; n: replies found.

On 220 English replies of one streaming service's support account (spotify-2017), labelled by one reader after the rules
were last changed; `python -m tests.benchmarks.redirects` computes it. No Chinese reply has been measured.
"""
RECALL = Accuracy(0.9852, 0.9377, 0.9905, 68)
"""Share of the redirects that are found, on the same replies; n: redirects among them.

Of the 8 missed, 6 name no channel and carry a private-message button behind a short link; "take this to DM" is another.
"""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_CLAUSE_END = re.compile(r"[.!?;,。、\n]+|\s(?:but|so|though|however)\s|但是|不过", re.IGNORECASE)
_BUTTON = re.compile(r"\b(?:twitter|x)\.com/messages/|\bm\.me/|\bwa\.me/", re.IGNORECASE)
"""Links that open a private conversation."""

_MESSAGE = r"(?:\b(?:DM|PM)(?:'?s)?\b|\b(?:direct|private) messag(?:es?|ing)\b|\binbox\b)"
_MAIL = r"\be-?mail(?:s|ing)?\b(?! address| account)"
_SPOKEN = r"(?:\bphone\b|\btelephone\b|\bchat\b|\bwhatsapp\b|\bmessenger\b)"
_ANY = r"(?:DM|messag|e-?mail|call|phone|chat)"
_SEND = r"\b(?:send|fire|drop|shoot|pop|ping|leav|giv)(?:e|ing|ping)?\b"
_TEAM = r"(?:us\b|our\b|(?:the|customer|guest) (?:\w+ ){0,2}(?:team|services?|care|relations|support)\b)"
_WE = r"\b(?:we|i|team|colleagues?|agents?|specialists?)\b.{0,25}?"
_TOUCH = r"\b(?:contact|reach|touch|write|support|help|speak|talk)\b"

_INVITED = _any(
    # "could you send us a DM", "drop us an e-mail", "and e-mail at"
    rf"{_SEND}(?! you\b).{{0,50}}?{_MESSAGE}",
    rf"{_SEND} (?:us |me |an? |quick |private |over ){{1,4}}(?:message\b|line\b|{_MAIL})",
    r"\b(?:and|or) (?:by |via )?e-?mail at\b",
    # "via DM", "in our DMs", "DM your details", "message us", "carry on in private"
    rf"\b(?:via|over|through|by|into?|in (?:a|an|the|your|our)) {_MESSAGE}",
    r"\b(?:DM|PM) (?:us|your|the|it|that|this|me|with|over|more|some|any|all)\b",
    r"\b(?:message|inbox|whatsapp) us\b",
    r"\b(?:continue|carry on|talk|discuss|move|take|chat|help)\b.{0,30}?\b(?:in private|privately|offline)\b",
    # "check your DMs", "look out for our message"
    r"\b(?:check|see|reply|respond|answer|look|head|back|waiting|await)\b"
    rf".{{0,15}}?\b(?:your|our|the|to|in) {_MESSAGE}",
    r"\bwaiting for your (?:message|e-?mail|call)\b",
    r"\b(?:eye|look|looking|watch|lookout)\b(?: out)? (?:for|on) (?:your|our|an?) "
    r"(?:DM|messages?|inbox|e-?mails?|call)\b",
    # "e-mail us at", "call our team", "give us a ring", "call the desk on 555 0100", "write to help@"
    rf"\b(?:e-?mail|call|phone|ring|text)(?:ing)? (?:{_TEAM}|\+?\(?\d)",
    rf"\bgiv(?:e|ing) (?:us|{_TEAM}) a (?:call|ring|bell)\b",
    r"\bcall (?:\w+ ){1,4}(?:on|at) \+?\(?\d",
    r"\b(?:contact|reach|writ)\w*\b.{0,15}?\w@\w",
    # "reach us through live chat", "get in touch by phone", "contact us using the form"
    rf"{_TOUCH}.{{0,40}}?\b(?:via|through|by|on|over|at|using)\b.{{0,20}}?(?:{_MAIL}|{_SPOKEN}|\bform\b|\w@\w)",
    r"\b(?:fill|complete|submit|use|using|head|heading|visit|via|through)\b.{0,30}?\bforms?\b|\bcontact form\b",
    r"\bchat with (?:us|our|an? (?:agent|advis[oe]r))\b|\b(?:start|open|use|join|via)\b.{0,15}?\b(?:live )?chat\b",
    r"\b(?:chat|e-?mail|phone|telephone) (?:support |service )?team\b",
)
_MOVED = _any(
    # "we've just sent you a DM", "our team has replied to your DM"
    rf"{_WE}\b(?:sen[dt]|repl(?:y|ied|ying)|respond(?:ed|ing)?|answer(?:ed)?|g[eo]t(?:ting)? back|wr(?:ite|itten|ote)"
    r"|follow(?:ed)? up|reach(?:ed)? out|be in touch|received|continue|carry on|dropped|shot|messag(?:e|ed))\b"
    rf".{{0,40}}?{_MESSAGE}",
    # "we'll DM you", "a colleague will call you", "we've sent you an e-mail", "we'll reach you by phone"
    rf"{_WE}\b(?:(?:DM|PM)(?:'d|ed|ing)?|(?:e-?mail|messag|call|phon|ring)(?:e|ed|ing)?) you\b",
    rf"{_WE}\bsen[dt](?:ing)? you an? (?:quick )?(?:{_MAIL}|message\b)|{_WE}\bgiv(?:e|ing) you a (?:call|ring)\b",
    rf"{_WE}\b(?:reach|contact|get back to|touch|reply|replied)"
    r".{0,15}?\b(?:by|via|over) (?:the )?(?:phone|e-?mail)\b",
    # "you should have an e-mail from the team"
    r"\b(?:have|receive|get|expect)\b.{0,12}?\b(?:e-?mail|DM|call)\b.{0,12}?\bfrom (?:us|our|the (?:\w+ ){0,3}team)\b",
)
_NAMED = _any(_MESSAGE, _MAIL, "私信|私訊|邮件")
_THERE = _any(
    # where a channel was named: "can you fire one over", "try sending it again", "we've replied", "carry on there"
    rf"{_SEND} (?:us )?(?:one|a new one|another|(?:it|that|them)(?: over)? again)\b|\bresend\b",
    r"\bwe(?:'ve|'ll| have| will| just)?\b.{0,20}?\b(?:replied|responded|answered|got back to you|gotten back)\b",
    r"\b(?:reply|help|chat|talk|continue|carry on|assist)\b.{0,25}?\bthere\b|(?:再|重新)(?:发|私信|发送)",
)
_REFUSED = _any(
    # but not "if you can't log in DM us", "don't hesitate to call us" or "why don't you e-mail us"
    r"^(?!.*\b(?:if|when|in case|as|since|because|why)\b.*(?:n't|not\b))(?!.*\b(?:hesitate|forget)\b).*"
    r"(?:\bcan(?:no|')t|n't|\bunable to|\bnot|\bno need to|\bno longer|\bnever|\bwithout|\bavoid|\binstead of"
    rf"|\brather than)\b.{{0,30}}?(?:{_MESSAGE}|\bmessag|\be-?mail|\bphone|\bcall|\bchat\b|\bform\b)"
)
_STORY = _any(
    # "when did you call us", "sorry you had to call us", "they sent you a DM"
    rf"\b(?:did|had|have) you\b(?! tried).{{0,25}}?{_ANY}",
    r"\byou(?:'ve| have| had|'d)? (?:had to|tried|already|spent|waited|were|called|emailed|messaged)\b"
    rf".{{0,40}}?(?:{_ANY}|form)",
    r"\b(?:they|he|she|someone|anyone|nobody|scammers?|sellers?|drivers?|a friend|who"
    rf"|your (?:bank|provider|carrier|seller|driver))\b.{{0,30}}?{_ANY}",
)

_PRIVATE = (
    "(?:私信|私訊|私聊|站内信|后台|後台|DM|热线|熱線|專線|致电|致電|拨打|撥打|来电|來電|客服电话|客服電話"
    "|邮箱|邮件|郵件|信箱|电邮|電郵|微信|在线客服|線上客服|人工客服|表单|表單)"
)
_CHINESE_INVITED = _any(
    rf"(?:请(?!问)|請(?!問)|麻烦|麻煩|欢迎|歡迎|可(?![是惜能恶恨见])|劳烦|辛苦|建议|建議|方便|随时|隨時|直接"
    rf"|帮忙).{{0,18}}?{_PRIVATE}",
    "(?:私信|私訊|私聊|DM)(?:给|給)?(?:我们|我們|小编|小編|客服|官方|一下|告知|提供|留言|联系|发)",
    "(?:通过|透過|用|至|到|拨打|致电|关注后|在)(?:我们的?|官方)?(?:私信|私訊|后台|邮箱|邮件|热线|在线客服|电话)"
    ".{0,12}?(?:联系|聯繫|告诉|告知|提供|发|反馈|留言|沟通)",
    r"(?:发送?|写)(?:邮件|电邮)?(?:到|至).{0,12}(?:邮箱|\w@\w)",
    "(?:留意|注意|保持|查收|查看|接听|关注)(?:一下|您的?|你的?|我们的?|官方的?)*(?:私信|私訊|来电|邮件|电话|畅通)",
    "(?:留下|提供|告知|留个)(?:一下|您的?|你的?)*(?:手机号|电话|联系方式).{0,12}?(?:联系|回电|致电|回复)",
)
_CHINESE_MOVED = _any(
    "(?:已经?|刚刚?|会|會|将|將|稍后|稍後|尽快|马上)"
    "(?:由|让|安排|请|专员|客服|同事|工作人员|小编|经理|专人|尽快|在|通过|用|给|向|与|跟|和|您|你|再|主动|第一时间"
    "|于|今天|稍后)*"
    "(?:私信|私訊|私聊|致电|致電|电话|電話|回电|来电|邮件|发邮件|后台|電郵)"
)
_CHINESE_REFUSED = _any(
    "(?:无需|無需|不用|不必|不要|请勿|請勿|切勿|勿|别再?|不能|无法|無法|暂不|不支持|没有|没|未|不再|不会|不會|停止"
    "|关闭|开启|取消|屏蔽)"
    rf"[^请請可麻欢歡]{{0,10}}?(?:{_PRIVATE}|电话|短信)",
    rf"(?:{_PRIVATE}|电话|電話).{{0,8}}?"
    "(?:打不通|打不進|没人|没有人|无人|無人|占线|沒人|不回|没回|没有回|未回|不通|忙音|故障|维护|暂停|升级)",
    # what the reader did before, and what others do
    "(?:之前|此前|曾|多次|反复|一直|刚才|昨天|上次|让您|让你|您的|收到您|感谢您)"
    rf"[^请請]{{0,6}}?(?:{_PRIVATE}|电话)(?!.{{0,8}}(?:已|会|将))",
    "(?:骗子|詐騙|诈骗|冒充|自称|对方|陌生|他|她|有人|朋友|网友|卖家|司机|不法|经销商|车主)"
    rf"[^请請]{{0,12}}?(?:{_PRIVATE}|电话)",
)

CHANNELS = ("dm", "email", "phone", "form", "chat")
_CHANNEL = {
    "dm": _any(_MESSAGE, _BUTTON.pattern, r"\bmessages?\b", "私信|私訊|私聊|站内信|后台|後台|(?<![A-Za-z])DM"),
    "email": _any(
        rf"{_MAIL}(?!s? (?:or|and) (?:user ?name|country))", r"\bwrite to \S+@", "邮箱|邮件|郵件|信箱|电邮|電郵"
    ),
    "phone": _any(
        r"\b(?:call|phone|ring|telephone|hotline)\b", "热线|熱線|專線|致电|致電|拨打|撥打|来电|來電|回电|电话|電話"
    ),
    "form": _any(r"\bforms?\b", "表单|表單"),
    "chat": _any(r"\bchat\b|\bwhatsapp\b|\bmessenger\b", "微信|在线客服|線上客服|人工客服"),
}
_ASIDE = _any(
    r"\be-?mail address(?:es)?\b", r"\b(?:your|account'?s?) e-?mails?\b",
    r"\b(?:no|not have|\w*n't (?:have|offer)) (?:any )?(?:tele)?phone\b",
)  # fmt: skip
"""An address that is asked for, and a channel that there is not."""


def redirects(texts: pd.Series) -> pd.Series:
    """Whether each reply asks its reader to go on in private, or says the organisation did; null texts are False."""
    return texts.fillna("").map(_moves).astype(bool)


def channel(texts: pd.Series) -> pd.Series:
    """The first of CHANNELS that each text names (string); null where it names none. Meant for redirects alone."""
    return texts.fillna("").map(_first_named).astype("string")


def _first_named(text: str) -> str | None:
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    plain = _ASIDE.sub(" ", plain)
    places = {name: match.start() for name, pattern in _CHANNEL.items() if (match := pattern.search(plain))}
    return min(places, key=lambda name: places[name]) if places else None


def _moves(text: str) -> bool:
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    if _BUTTON.search(plain):
        return True
    named = _NAMED.search(plain) is not None
    return any(_english(clause, named) or _chinese(clause) for clause in _CLAUSE_END.split(plain))


def _english(clause: str, named: bool) -> bool:
    """`named`: whether the text names a channel, in this clause or another."""
    if not (_INVITED.search(clause) or _MOVED.search(clause) or (named and _THERE.search(clause))):
        return False
    return not (_REFUSED.search(clause) or _STORY.search(clause))


def _chinese(clause: str) -> bool:
    if not (_CHINESE_INVITED.search(clause) or _CHINESE_MOVED.search(clause)):
        return False
    return not _CHINESE_REFUSED.search(clause)
