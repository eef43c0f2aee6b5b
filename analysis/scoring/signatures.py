"""Whom a reply names and who signs it: names spoken to, and the agent's sign-off at the end.

A name is told by its place alone, after a greeting, before the first comma or after the last one, since no list of
names is whole: "Hi Tom," "Ann, we are on it", "safe travels, Tom." and "王女士您好". Words that stand there and are no
names are listed. A sign-off is a mark or a dash with initials or a first name as the last thing of a text
("^JK", "/AB", "- Tom", "——小林"), or an agent's name in brackets or after 客服.
"""

import re
from functools import cache

from analysis.scoring import masking

_NO_NAMES = """
    hi hey hello dear sorry thanks thank apologies cheers yes no yeah yep nope well oh oops hmm ah aw sure ok okay 
    right alright indeed great good nice cool awesome perfect excellent fantastic wonderful lovely brilliant welcome 
    congrats congratulations correct understood noted agreed done sadly also again please however otherwise meanwhile 
    then so and but or if as for in on at to from with today tomorrow yesterday tonight now here there everyone all 
    folks guys team friend friends friendo sir madam maam mate we i you it this that they he she what when where how 
    why first finally instead still once first second third next later soon morning afternoon evening night 
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august 
    september october november december english chinese ios android windows mac iphone wow whoa got just maybe 
    perhaps usually normally typically either neither furthermore moreover besides additionally too fyi ps pps lol 
    bummer shoot darn yikes ugh happy help done fixed update edit note regards sincerely best love warm kind
"""
"""Words that stand where a name would."""

_SENTENCE_END = ".!?…:;\n"
_GREETED = re.compile(
    r"\b(?:hi|hey|hello|dear|morning|afternoon|evening|thanks|thank you|sorry|apologies|cheers|welcome)"
    r"(?P<gap>,? +)(?P<name>[A-Z][A-Za-z'’-]{1,20})(?=\s*(?:[,.!?:;–—-]|$))",
    re.IGNORECASE,
)
_FIRST = re.compile(r"^\s*(?P<name>[A-Z][A-Za-z'’-]{1,20})(?=, \S)")
_LAST = re.compile(r", (?P<name>[A-Z][A-Za-z'’-]{1,20})(?=\s*(?:[.!?]|$))")
_TITLED = re.compile(
    r"(?:^|(?<=尊敬的)|(?<=亲爱的)|(?<=您好)|(?<=[，。！,!\s]))"
    r"(?P<name>[\u4e00-\u9fff]{1,3})(?:先生|女士|小姐|同学|老师)(?!们)"
)
_NO_SURNAME = re.compile("的|这位|那位|各位|有位|一位|某|男|女|位$|请|您|你|我|是|该")

_OFF = (
    # a mark and initials or a name: "^JK", "/AB", "~Tom", "*KL"
    r"(?:^|(?<=[\s.!?)。！？…]))[/^*~～](?P<marked>[A-Z][A-Za-z]{0,14})\.?\s*$",
    # a dash and initials or a name: "- Tom", "–JK", "-- Ann P."
    r"(?:^|(?<=[\s.!?)。！？…]))[-–—]{1,2} ?(?P<dashed>[A-Z][a-z]{1,14}(?: [A-Z]\.?)?|[A-Z]{2,3})\s*$",
    # "Kind regards, Tom", "Best, Ann"
    r"\b(?:regards|sincerely|best|cheers|love),?\s+(?P<closed>[A-Z][a-z]{1,14})\.?\s*$",
    r"[—–~～-]{1,2} ?(?:客服)?(?P<dash_zh>[\u4e00-\u9fff]{2,4})\s*$",
    r"[（(【\[] ?(?:客服|小编|专员)?"
    r"(?P<bracket_zh>(?:[小老阿][\u4e00-\u9fff]{1,2}|[\u4e00-\u9fff]{1,2}(?:师傅|经理|老师))) ?[)）】\]]\s*$",
    r"(?:客服|专员|小编|管家)(?:专员|经理)?(?P<named_zh>[小老阿][\u4e00-\u9fff]{1,2})\s*$",
)
_SIGNED = re.compile("|".join(_OFF))
_INTRODUCED = re.compile(
    r"(?:我是|这里是)?(?:客服|专员|管家)(?:专员|经理)?[小老阿][\u4e00-\u9fff](?=[，,。！!：:\s]|$)"
)
"""An agent who says the name first: "您好，我是客服小林"."""
_ENGLISH_INTRODUCED = re.compile(r"\b(?:[Tt]his is|[Mm]y name is|[Ii]t's) [A-Z][a-z]{1,14}(?= (?:here|from)\b|[,.!])")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]+")
_MAY_SIGN = re.compile(r"[/^*~～—–）)】\]-]|regards|sincerely|best|cheers|love|客服|专员|小编|管家", re.IGNORECASE)


def unsigned(text: str) -> str:
    """`text` (without URLs and emoji) less the sign-off that ends it."""
    found = _SIGNED.search(text) if _MAY_SIGN.search(text[-40:]) else None
    return text[: found.start()].rstrip() if found else text


def signed(text: str) -> bool:
    """Whether an agent signs or names themselves in `text`, as it was posted."""
    plain = bare(text)
    return bool(
        (_MAY_SIGN.search(plain[-40:]) and _SIGNED.search(plain))
        or _INTRODUCED.search(plain)
        or _ENGLISH_INTRODUCED.search(plain)
    )


def bare(text: str) -> str:
    """`text` without URLs, emoji and control characters, on one line: what a sign-off is the end of."""
    plain = masking.plain(text)
    if not plain.isascii():
        plain = _EMOJI.sub(" ", plain)
    return " ".join(plain.split())


def names(text: str) -> list[tuple[int, int]]:
    """Where names that `text` speaks to stand in it: (start, end), in order."""
    spans = {found.span("name") for found in _GREETED.finditer(text) if _may_name(found["name"])}
    first = _FIRST.match(text)
    if first and _may_name(first["name"]) and not first["name"].endswith("ly"):
        spans.add(first.span("name"))
    for found in _LAST.finditer(text):
        before = text[: found.start()]
        word = before[before.rfind(" ") + 1 :]
        begins = before[: len(before) - len(word)].rstrip()[-1:] in ("", *_SENTENCE_END)
        if (begins or not word[:1].isupper()) and _may_name(found["name"]):
            spans.add(found.span("name"))
    spans |= {found.span() for found in _TITLED.finditer(text) if not _NO_SURNAME.search(found["name"])}
    return sorted(spans)


def _may_name(word: str) -> bool:
    return word[0].isupper() and word.casefold().replace("'", "").replace("’", "") not in _no_names()


@cache
def _no_names() -> frozenset[str]:
    return frozenset(_NO_NAMES.split())
