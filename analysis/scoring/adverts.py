"""Adverts, giveaways, job posts and spam that carry a name, by rules in English and Chinese.

One sign alone proves nothing: people complain of prices and ask for codes. An advert shows signs of two families, or
one and a link, and no sign of a customer's own trouble. Copies of one text under several links count as a sign.
"""

import re
from collections.abc import Mapping, Sequence

from analysis.scoring import masking

CAMPAIGN = 3
"""From so many posts of one text on, links and names apart, it is a campaign."""

# Patterns that RE2 reads too, which looks through all texts at once: no look-around in them.
_GIVEAWAY = (
    r"\bgive-?aways?\b|\bsweep-?stakes?\b|\b(?:chance|enter|entered|like|share|follow|rt"
    r"|retweet)(?: [^ ]+){0,4} to (?:win|enter)\b"
    r"|\bwin (?:one of|free|two|2|\$\d+|£\d+|tickets|an? (?:free|pair|trip|gift|voucher|year|\$\d+|£\d+))\b"
    r"|\brt (?:&|and|\+) (?:f|follow)\b|\bfollow (?:us )?(?:&|and|\+) (?:rt|retweet|like)\b|\btag (?:a|\d|two"
    r"|three) friends?\b"
    r"|\bwinners? (?:will be )?(?:announced|drawn|picked)\b"
    r"|抽奖|抽獎|(?:转发|轉發|转评赞|评论).{0,12}?(?:抽|送出?|赢)|关注.{0,8}?(?:转发|并转)|抽.{0,4}?(?:位|名"
    r"|个)(?:粉丝|小伙伴|幸运)|免费(?:领|送|赠)|中奖"
)
_OFFER = (
    r"\b\d{1,2} ?% off\b|\b(?:promo|discount|coupon|voucher|referral) codes?\b|\buse (?:my |the )?code\b|\bcoupons?\b"
    r"|\blimited[- ]time\b"
    r"|\b(?:buy|shop|order|book|grab|claim|sign up|get yours) (?:it |yours |your \w+ )?(?:now|today)\b"
    r"|\bfree shipping\b|\bon sale (?:now|from|today)\b"
    r"|\bsale ends\b|\bflash sale\b|\bdeals? of the day\b|\bbest (?:deals?|prices?)\b|\b(?:from|for|at) (?:only"
    r"|just) [$£€¥] ?\d|\bnow (?:only|just) [$£€¥] ?\d"
    r"|\bbrand new in box\b|\bsave (?:up to )?(?:[$£€¥]\d+|\d+%)"
    r"|优惠券|优惠码|折扣码|包邮|限时|秒杀|特价|满\d+减|立减|代购|原价.{0,8}?现价|仅需|到手价|扫码|私信下单|(?:点击"
    r"|戳).{0,4}?(?:链接|购买|领取)|低至|打折"
)
_JOB = (
    r"\b(?:we(?:'re|’re| are)|now) hiring\b|\bjob alert\b|#(?:jobs?|hiring|careers?|careerarc|nowhiring)\b"
    r"|\bapply (?:now|here|today|online)\b"
    r"|\bjoin our (?:[a-z]+ )?team\b|\bcareer opportunit(?:y|ies)\b|\bsee our latest\b.{0,60}?\bjobs?\b|\b(?:full"
    r"|part)[- ]time (?:job|role|position)\b"
    r"|招聘|诚聘|急聘|招人|内推|五险一金|投递?简历|月薪|岗位(?:职责|要求)"
)
_SPAM = (
    r"\b(?:earn|make) (?:up to )?[$£€¥] ?\d|\bwork from home\b|\b(?:free|gain|buy|more) followers\b"
    r"|\bfollow for follow\b|\bairdrops?\b"
    r"|\bclick (?:here|the link|below|link)\b|\blink in (?:my )?bio\b|\bsubscribe to (?:my|our)\b"
    r"|\bdm (?:me )?for (?:promo|rates|prices|details)\b"
    r"|\bcheck (?:out|it out)\b.{0,20}?\b(?:my|our) (?:shop|store|channel|etsy|ebay|listing|page)\b"
    r"|\bjust added this to my closet\b"
    r"|\bsignals? group\b|\bguaranteed (?:profit|returns?)\b"
    r"|兼职|日入|日赚|刷单|互粉|加(?:我)?(?:微信|VX|vx|薇|Q)|躺赚|引流|免费(?:试用|体验)课?|进群"
)
_FAMILIES = [re.compile(family, re.IGNORECASE) for family in (_GIVEAWAY, _OFFER, _JOB, _SPAM)]
_TROUBLE = re.compile(
    r"\b(?:refund|complain\w*|worst|awful|terrible|horrible|disgust\w*|scam(?:med)?|lost my|my (?:flight|bag|order"
    r"|account|card|phone|money)"
    r"|still waiting|never (?:again|got|received)|rude|broken|overcharged|boycott\w*|lawsuit|beat(?:en|ing)?s?"
    r"|drag(?:ged|ging)?|punch\w*|victim"
    r"|didn['’]?t|doesn['’]?t|won['’]?t|can['’]?t|fake news|shame\w*|lol|lmao|joke\w*|fascinating)\b|😂|🤣"
    r"|退款|投诉|骗|差评|垃圾|维权|坑|曝光|避雷|打不开|不发货|失望|呵呵",
    re.IGNORECASE,
)
_LINK = re.compile(rf"{masking.URL.pattern}|\b[\w-]+\.(?:com|net|org|co|ly|cn|shop|store)(?:/\S*)?\b", re.IGNORECASE)
_NO_SHOP = re.compile(r"\bpic\.twitter\.com/\w+|\b(?:twitter|x|weibo)\.com/\S+", re.IGNORECASE)
"""Links to pictures and posts: nothing is sold there."""
_ASKING = re.compile(r"[?？]|\b(?:looking for|any ?one|any ?body|does)\b|吗|有没有|求", re.IGNORECASE)
_NO_FRAME = re.compile(rf"{_LINK.pattern}|[@＠]\w+|\d+|\W+", re.IGNORECASE)


def find(texts: Sequence[str], copies: Mapping[str, int]) -> set[str]:
    """Those of `texts` that advertise, give away, hire or spam; `copies`: how many posts say the same (`frame`)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    readable = pa.array(
        [text[: masking.LIMIT].encode("utf-8", "replace").decode() for text in texts], pa.large_string()
    )
    families = "|".join((_GIVEAWAY, _OFFER, _JOB, _SPAM))
    signs = pc.match_substring_regex(readable, families, ignore_case=True).to_pylist()
    return {text for text, sign in zip(texts, signs, strict=True) if sign and is_advert(text, copies.get(text, 1))}


def is_advert(text: str, copies: int = 1) -> bool:
    """Whether `text` advertises, gives away, hires or spams; `copies` posts say the same, links and names apart."""
    seen = text[: masking.LIMIT]
    families = sum(family.search(seen) is not None for family in _FAMILIES)
    if not families or _TROUBLE.search(seen):
        return False
    if families > 1 or _LINK.search(_NO_SHOP.sub(" ", seen)):
        return True
    # Customers ask alike, too, whether there is a code.
    return copies >= CAMPAIGN and not _ASKING.search(seen)


def frame(text: str) -> str:
    """`text` without links, handles, numbers and signs, folded: what the posts of one campaign share."""
    return _NO_FRAME.sub(" ", text[: masking.LIMIT].casefold()).strip()
