"""Where a name stands in a text, and whether it is the organisation's there, a longer name's, or an ordinary word.

"Manchester United" is not United, nor is "united we stand". Longer names are known from three sources: phrases that
people list in incident.yml, places (countries from Babel, towns from phonenumbers) and given names before the name.
Ordinary use is told by grammar, for the name written small: an article or a number before it and no noun after it, a
verb's subject and object around it. In Chinese a longer word of jieba's dictionary, or a measure word, tells.
"""

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from analysis.scoring.masking import form

SURE, LISTED, LONGER, ORDINARY, PLAIN = "sure", "listed", "longer", "ordinary", "plain"
"""What an occurrence is: the organisation's name for sure; in a phrase that people listed or a country's name; in a
longer name; an
ordinary word; not to be told from the name alone."""
_HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")
_BESIDE = 40


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BEFORE = re.compile(r"(?:(?<!\w)(?P<prior>[\w'’]+)[\s-]+)?(?<!\w)(?P<word>[^\W\d_][\w'’.]*)\s$")
_TOWN = re.compile(r"(?<!\w)(?P<word>[A-Z][\w'’]+),\s$")
"""A town before the name of where it lies: "Amman, Jordan"."""
_WITHIN = frozenset({"in", "across", "throughout", "visit", "visiting", "visited"})
_AFTER = re.compile(r"^(?P<gap>[\s-]+)?(?P<word>[^\W\d_][\w'’]*)?")
_FIRM = re.compile(
    r"^(?:['’]s)?\s+(?:inc|corp|corporation|ltd|llc|plc|company|customer (?:service|care|support)|support|helpdesk"
    r"|ceo|cfo|staff|employees|management|app|website|stores?"
    r"|stock|shares|flights?|airlines?|airways|accounts?|card|hotline|drivers?|crew|passengers?|customers?)\b"
    r"|^\.(?:com|cn|net|org|co)\b",
    re.IGNORECASE,
)
_FIRM_HAN = re.compile(
    r"^(?:的)?(?:公司|集团|客服|官方|官微|官网|手机|电脑|银行|航空|保险|汽车|科技|员工|总裁|董事长|创始人|股票|股价"
    r"|门店|旗舰店|专卖店|APP|app|App|平台|品牌|外卖|快递|单车|出行|售后|会员)"
)
_FUNCTION = _set(
    """a an and are as at be because but by can could did do does for from had has have he her his i if in into is it
    its may me might my no nor not of off on onto or our over per she should so than that the their them then
    there these they this those to too under up us was we were when where which while who will with would you
    your"""
)
_COUNTS = _set(
    """a an one two three four five six seven eight nine ten dozen some few many several these those another little
    fresh ripe raw dried every each big small giant tiny"""
)
_BEING = _set("am are is be been being was were get got stand stands stay stays remain become feel all so more")
_SUBJECTS = _set("will can could should would must might may let's lets we they i you he she who don't didn't")
_OBJECTS = _set("them him us me it our your his her their the a an all everyone people someone this that these those")
_PARTICLES = _set("we they us against behind together front")
_POINTING = _set("it this that which who what it's that's")
"""What is named by a name after it: "it was united" may well be the airline."""
_PREPOSITIONS = _set("in to from at for via through near of into and or between with outside around leaving")
_GIVEN = _set(
    """james john robert michael david william richard thomas charles chris christopher daniel matthew mark paul george
    kevin brian edward steven andrew peter kenneth joshua jason jeff jeffrey ryan jacob gary nick nicholas eric
    jon stephen larry justin scott brandon ben benjamin sam samuel frank greg alex alexander patrick jack henry
    harry oliver leo max adam nathan tyler zach kyle ethan noah liam luke simon martin tony philip mary patricia
    jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa betty margaret sandra ashley emily
    donna michelle carol amanda melissa deborah stephanie rebecca laura sharon cynthia kathleen amy angela anna
    emma olivia sophia grace chloe lucy kate jane rachel julia maria hannah megan harrison tom jim joe bob bill
    mike steve dave mr mrs ms dr prof professor sir lady lord saint st king queen prince princess president
    senator judge captain"""
)
_MEASURE = re.compile(
    r"(?:[一二两三四五六七八九十几半多每这那个\d]\s?(?:个|颗|斤|棵|箱|片|碗|杯|朵|只|粒|条|根|株|座|位|本|首|部|盘|锅"
    r"|勺)"
    r"|[吃啃削剥榨煮熬摘种炖蒸喝洗切](?:了|着|个|点|完)?|青|红|烂|鲜|野生|有机)$"
)
_ORDINARY_HAN = re.compile(
    r"^(?:好吃|很甜|真甜|成熟|熟了|树|汁|醋|酱|派|粥|花|园|核|皮|味|糕|茶|水|江|河|湖|山|岛|县|镇|村|路|街)"
)
_NOT_WORDS = re.compile(r"(?:公司|集团|手机|电脑|银行|航空|汽车|股份|官方|科技|单车)$")


@dataclass(frozen=True)
class Names:
    """The organisation's names as patterns: `plain` are single words, which may mean something else.

    `ordinary` says whether grammar may make an ordinary word of them, which it may not where people say "a" and the
    name of a product.
    """

    firm: re.Pattern[str] | None
    plain: re.Pattern[str] | None
    listed: re.Pattern[str] | None
    ordinary: bool = True
    near: frozenset[str] = frozenset()
    """Folded words that people use of the organisation: a town among them before its name makes no longer name."""
    longer: frozenset[str] = frozenset()
    """Folded pairs of words that were found to be longer names in this archive."""


def names(terms: Sequence[str], namesakes: Sequence[str] = (), *, coined: bool = False) -> Names:
    """The patterns of `terms`, and of the phrases in which they mean somebody else.

    With `coined`, a name that is a word of no dictionary is as firm as one of several words.
    """
    cleaned = sorted({term.strip() for term in terms if form(term)}, key=lambda term: (-len(term), term))
    single = {term: len(re.findall(r"[^\W_]+", term)) == 1 and not (coined and not is_word(term)) for term in cleaned}
    firm = [form(term) for term in cleaned if not single[term]]
    plain = [form(term) for term in cleaned if single[term]]
    listed = sorted((form(phrase) for phrase in namesakes if form(phrase)), key=lambda body: (-len(body), body))
    found = [re.compile("|".join(forms), re.IGNORECASE) if forms else None for forms in (firm, plain, listed)]
    return Names(found[0], found[1], found[2])


def kinds(text: str, known: Names) -> list[str]:
    """What each occurrence of a name in `text` is, in order: SURE, LISTED, LONGER, ORDINARY or PLAIN."""
    phrases = [hit.span() for hit in known.listed.finditer(text)] if known.listed else []
    found: list[tuple[int, str]] = []
    taken = list(phrases)
    if known.firm:
        for hit in known.firm.finditer(text):
            found.append((hit.start(), LISTED if _inside(hit, phrases) else SURE))
            taken.append(hit.span())
    if known.plain:
        for hit in known.plain.finditer(text):
            if _inside(hit, phrases):
                found.append((hit.start(), LISTED))
            elif not _inside(hit, taken):
                found.append((hit.start(), _kind(text, hit, known)))
    return [kind for _, kind in sorted(found)]


def _inside(hit: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= hit.start() and hit.end() <= end for start, end in spans)


def _kind(text: str, hit: re.Match[str], known: Names) -> str:
    before, after = text[max(0, hit.start() - _BESIDE) : hit.start()], text[hit.end() : hit.end() + _BESIDE]
    if before.endswith(("@", "＠", "$")):
        return SURE
    if _HAN.search(hit[0]):
        return _chinese(before, hit[0], after, known)
    if before.endswith(("#", "＃")):
        return PLAIN
    if _FIRM.match(after):
        return SURE
    return _english(before, hit[0], after, known)


def written_small(text: str, known: Names) -> bool:
    """Whether every bare name in `text` is written small, by an author who writes capitals."""
    found = [hit[0] for hit in known.plain.finditer(text)] if known.plain else []
    return any(character.isupper() for character in text) and bool(found) and all(name.islower() for name in found)


def pairs(text: str, known: Names) -> set[str]:
    """Folded pairs of capitalised words in `text`, of which one is a bare name and the other stands beside it."""
    found: set[str] = set()
    for hit in known.plain.finditer(text) if known.plain else ():
        if not hit[0][:1].isupper() or hit[0].isupper():
            continue
        previous, _, following = _beside(text[max(0, hit.start() - _BESIDE) : hit.start()], text[hit.end() :][:_BESIDE])
        if previous[:1].isupper() and not previous.isupper():
            found.add(f"{previous} {hit[0]}".casefold())
        if following[:1].isupper() and not following.isupper():
            found.add(f"{hit[0]} {following}".casefold())
    return found


def _beside(before: str, after: str) -> tuple[str, str, str]:
    """The word before a name, the word before that, and the word after the name; "" where a mark stands between."""
    ahead, behind = _BEFORE.search(before), _AFTER.match(after)
    following = (behind["word"] or "") if behind and (behind["gap"] or "").isspace() else ""
    return (ahead["word"], ahead["prior"] or "", following) if ahead else ("", "", following)


def _english(before: str, name: str, after: str, known: Names) -> str:
    previous, prior, following = _beside(before, after)
    for pair in (f"{name} {following}".casefold(), f"{previous} {name}".casefold()):
        if pair in _countries():
            return LISTED
        if pair in known.longer:
            return LONGER
    if name[:1].isupper():
        before_it = _TOWN.search(before)
        if before_it and before_it["word"].casefold() in _places() and before_it["word"].casefold() not in known.near:
            return LONGER
        if previous.casefold() in _WITHIN and name.casefold() in countries():
            return LONGER
        if previous[:1].isupper() and previous.casefold() not in known.near:
            town = previous.casefold() in _places() and prior.casefold() not in _PREPOSITIONS
            if town or previous.casefold() in _GIVEN:
                return LONGER
    small = known.ordinary and name.islower()
    return ORDINARY if small and _small(prior.casefold(), previous.casefold(), name, following.casefold()) else PLAIN


def _small(prior: str, previous: str, name: str, following: str) -> bool:
    """Whether grammar makes an ordinary word of a name written small."""
    closed = not following or following in _FUNCTION
    if (previous in _COUNTS or previous == "the") and closed:
        return True
    if name.endswith("ed") and (following in _PARTICLES or (previous in _BEING and closed)):
        return prior not in _POINTING
    return previous in _SUBJECTS and following in _OBJECTS


def _chinese(before: str, name: str, after: str, known: Names) -> str:
    if _FIRM_HAN.match(after):
        return SURE
    if _longer_word(before[-6:], name, after[:6]):
        return LONGER
    if known.ordinary and (_MEASURE.search(before) or _ORDINARY_HAN.match(after)):
        return ORDINARY
    return PLAIN


def _longer_word(before: str, name: str, after: str) -> bool:
    """Whether jieba's dictionary sees `name` here as a part of a longer word."""
    start, end, place = len(before), len(before) + len(name), 0
    for word in _segment(before + name + after):
        if place <= start and end <= place + len(word):
            return len(word) > len(name) and not _NOT_WORDS.search(word)
        place += len(word)
    return False


def _segment(text: str) -> list[str]:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.lcut(text, HMM=False)


def is_word(term: str) -> bool:
    """Whether a name of one word is also a word that many texts hold, or a name of places or people.

    English: a whole word of MiniLM's vocabulary, which was counted on books and an encyclopaedia; Chinese: a word of
    jieba's dictionary.
    """
    folded = term.strip().casefold()
    if _HAN.search(folded):
        import jieba

        jieba.setLogLevel(logging.WARNING)
        jieba.initialize()
        return bool(jieba.dt.FREQ.get(folded))
    return folded in _vocabulary() or folded in _GIVEN or folded in _places()


@cache
def _vocabulary() -> frozenset[str]:
    from analysis.scoring.minilm import package_folder

    held = json.loads((package_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    return frozenset(held["model"]["vocab"])


@cache
def countries() -> frozenset[str]:
    """Names of countries and territories, folded."""
    from babel import Locale

    return frozenset(str(name).casefold() for name in Locale("en").territories.values())


@cache
def _countries() -> frozenset[str]:
    """Those of more than one word."""
    return frozenset(name for name in countries() if " " in name)


@cache
def _places() -> frozenset[str]:
    """Names of places of one word, folded: those that telephone numbers belong to, and countries."""
    from babel import Locale
    from phonenumbers.geodata import GEOCODE_DATA

    towns = {
        name.split(",")[0].strip() for names in GEOCODE_DATA.values() for key, name in names.items() if key == "en"
    }
    countries = {str(name) for name in Locale("en").territories.values()}
    return frozenset(name.casefold() for name in towns | countries if len(name) > 3 and " " not in name)
