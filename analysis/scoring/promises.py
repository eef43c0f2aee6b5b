"""Stated deadlines: by when the organisation says that it will have done something, in English and Chinese.

A deadline is a promise only in the organisation's mouth and for its own part: "reply to us within 7 days" is none.
Words such as "soon", "shortly", "as soon as possible" and 尽快 state no time.
"""

import re

from analysis.scoring.signs import Rule

_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|thirty)"
_UNIT = r"(?:(?:business|working|calendar|full) )?(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?)"
_SPAN = (
    r"(?:the )?(?:next |about |around |approximately |roughly |up to |another |at most )*"
    rf"{_COUNT}(?: ?(?:-|–|to|or) ?{_COUNT})?[- ]?{_UNIT}"
)
_DAY = (
    r"(?:today|tonight|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|midnight|cob|eod"
    r"|the weekend)"
)
_CLOCK = r"\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.?m\b|o'clock|hours\b|h\b)|\d{1,2}:\d\d"
_TIME = (
    rf"(?:\b(?:within|in|inside|under|over|up to|takes?|take|than|allow|after|another|for|of|be) {_SPAN}\b"
    rf"|\bwithin (?:the|this|that) (?:hour|day|week)\b|\bin the next (?:hour|day|week|few (?:minutes|hours|days))\b"
    rf"|\bby (?:the )?(?:end of )?(?:the |this )?(?:{_DAY}|day|week|month|business|close|{_CLOCK})"
    r"|\b(?:later |by )(?:today|tonight|tomorrow)\b|\bbefore (?:the end of|tomorrow|tonight|monday|friday|noon)\b"
    rf"|\b(?:at|around|about) (?:{_CLOCK}))"
)
_OURS = (
    r"\b(?:we'll|we will|we're|we are|we aim|we can|we expect|we hope|i'll|i will|team|they'll|they will|colleagues?"
    r"|agents?|engineers?|technicians?|specialists?|crews?|drivers?|couriers?|you'll (?:receive|get|hear|have|see"
    r"|be (?:contacted|refunded|credited|notified))|you will (?:receive|get|hear|have|see|be (?:contacted|refunded"
    r"|credited|notified))|you should (?:receive|get|hear|have|see)|will (?:be|arrive|receive|take|call|contact|reply"
    r"|respond|come|get|follow|reach)|should (?:be|arrive|take|see)|it'll|expected|estimated|anticipated|respon(?:se"
    r"|d|ds)|repl(?:y|ies)|refunds?|process\w*|take|takes|deposited|restored|resolved|fixed|delivered|posted|credited"
    r"|promise|guarantee|commit\w*)\b"
)
_PROMISED = (
    rf"{_OURS}[^.!?※。]*?{_TIME}|{_TIME}[^.!?※。]*?{_OURS}"
    r"|(?:'ll|\b(?:will|should))\b[^.!?※。]*?\b(?:today|tonight|tomorrow)\b|\b(?:today|tonight"
    r"|tomorrow)\b[^.!?※。]*?\bwe(?:'ll| will)\b"
)
_PROMISED_TRAP = (
    r"\b(?:please|you can|you could|could you|can you|you may|you must|you need to|you'll need to|you have to|if you"
    r"|must be|kindly|try|trying|go|check|tweet|wait|hold|holding|leave|turn\w*|remember to|be sure to|needs to"
    r"|need to)\b[^.!?※,]{0,60}?"
    rf"{_TIME}"
    r"|\b(?:in|over|for|within) the (?:last|past|previous)\b[^.!?]*|\b(?:valid|open|available|staffed|here|live|there"
    r"|around)\b[^.!?※,]{0,30}?\b(?:\d+ (?:hours|days)|24/7|24 hours|today|tomorrow)\b|\b24[/ ]?7\b|\b(?:hours"
    r"|days) (?:a|per) (?:day|week)\b|\b(?:have|enjoy|hope)\b[^.!?※]{0,30}?\b(?:day|night|evening|weekend|week|today"
    r"|tonight|tomorrow)\b|\bmonths? (?:of|for|free|from)|\bfor \d+ months?\b[^.!?]*|\b\d+[- ](?:day|month|minute"
    r"|hour)s? (?:trial|free|ad|of|prior|before|late|early|ago|offer|delay|limit)\w*[^.!?]*|\b(?:prior to"
    r"|before) (?:departure|boarding|your flight)\b|\b(?:delay\w*|late|waited|waiting|been)\b[^.!?※,]{0,25}?"
    rf"{_SPAN}|\bevery (?:day|week|month|{_COUNT})\b|\bof ad[- ]free\b|\b(?:we've|we have|have|has|had|was|were|did"
    rf"|sent)\b[^.!?※,]{{0,40}}?"
    r"\b(?:today|earlier today|within \d+ (?:hours?|days?|minutes?))\b|\b(?:fly\w*|flight|travel\w*|join\w*"
    r"|help(?:ed)?|assist\w*|board|choosing|day|morning|started?|start)\b[^.!?※,]{0,20}?\btoday\b|[^.!。]*[?]"
    r"|\bclaims? (?:must|need)[^.!?]*|\bexpires?\b[^.!?]*|\bonly takes (?:a|one) (?:minute|second|moment)\b"
)
_NUMBER = "[0-9一二两三四五六七八九十百半]{1,3}"
_CHINESE_UNIT = "(?:个)?(?:工作日|自然日|交易日|小时|钟头|分钟|天|日|周|星期|月|时)"
_WITHIN = f"{_NUMBER}(?:(?:-|–|—|~|～|至|到){_NUMBER})?{_CHINESE_UNIT}"
_DATE = (
    "(?:今天|今日|今晚|明天|明日|明早|明晚|后天|当天|当日|即日|本周|下周"
    "|周[一二三四五六日末]|月底|年底|24点|中午|下午|晚上|晚间|凌晨)"
)
_CHINESE = (
    f"(?:{_WITHIN}(?:之内|以内|内|左右)|{_DATE}(?:{_NUMBER}[点点时时])?(?:之前|以前|前|内|之内|下班前|结束前|点前)"
    f"|(?:于|在|将于){_DATE}[^，。！？；,]{{0,10}}?(?:完成|恢复|到账|送达|回复|答复|公布|处理|退|发)|(?:预计|大约"
    f"|最迟|最晚|最快|将在|需要|约|需)[^，。！？；,]{{0,6}}?(?:{_WITHIN}|{_DATE}|{_NUMBER}月{_NUMBER}日"
    f"|{_NUMBER}[点点])|(?:会|将|我们|给您|专员|客服|为您)[^，。！？；,]{{0,6}}?{_DATE}[^，。！？；,]{{0,12}}?(?:完成"
    f"|恢复|到账|送达"
    "|回复|答复|公布|处理|退|发|联系|解决|上门|派送|安排)"
    f"|{_DATE}[^，。！？；,]{{0,6}}?(?:会|将|给您|一定|就能|安排|为您)[^，。！？；,]{{0,12}}?(?:完成|恢复|到账|送达"
    "|回复|答复|公布|处理|退|发|联系|解决|上门|派送|安排)|[0-9]{1,2}月[0-9]{1,2}日(?:前|之前|24时前|以前))"
)
_CHINESE_TRAP = (
    "(?:请|需|需要|必须|您可|您可以|可以|麻烦|务必|建议)(?:您|你)?(?:于|在|自)[^，。！？；]{0,24}?(?:之内|以内|内"
    "|前)[^，。！？；]{0,16}|(?:请)(?:您|你)?[^，。！？；]{0,4}?(?:今天|今日|明天|明日)?[^，。！？；]{0,10}?(?:之内"
    "|以内|内|前)[^，。！？；]{0,4}?(?:提供|私信|回复|提交|联系|办理|申请|领取|使用|重试|确认|取消)|(?:营业|服务|工作"
    "|人工)时间[^。！？；]*|全年无休|7\\*24|7×24|24小时(?:热线|客服|在线|营业|服务|不打烊)|(?:有效期|最近|过去"
    "|近)[^，。！？；]{0,12}|[^，。！？；]*(?:吗|么|？|\\?)|(?:已|已经|曾|了)(?:于|在)[^，。！？；]{0,16}|(?:购买"
    "|收货|签收|下单|起飞|出发)[^，。！？；]{0,4}?(?:后|前|起)[^，。！？；]{0,10}?(?:可|支持|无理由|申请)"
)

PROMISE = {"en": Rule(_PROMISED, _PROMISED_TRAP), "zh": Rule(_CHINESE, _CHINESE_TRAP)}

_WORDS: dict[str, float] = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
}
_WORDS |= {
    "ten": 10,
    "twelve": 12,
    "fourteen": 14,
    "fifteen": 15,
    "thirty": 30,
    "半": 0.5,
    "两": 2,
    "十五": 15,
    "十二": 12,
}
_WORDS |= {sign: value for value, sign in enumerate("一二三四五六七八九十", 1)}
_HOURS = (
    (("minute", "min", "分"), 1 / 60),
    (("hour", "hr", "小时", "小时", "钟头", "时", "时"), 1.0),
    (("week", "周", "星期"), 168.0),
    (("month", "月"), 744.0),
    (("day", "日", "天"), 24.0),
)
_COUNTED = re.compile(
    rf"\b({_COUNT})(?: ?(?:-|–|to|or) ?({_COUNT}))?[- ]?({_UNIT})\b|({_NUMBER})(?:(?:-|–|—|~|～|至"
    rf"|到)({_NUMBER}))?({_CHINESE_UNIT})",
    re.IGNORECASE | re.ASCII,
)
_DATED = re.compile("[0-9]{1,2}月[0-9]{1,2}日")
_NAMED = (
    (re.compile(r"\btomorrow\b|明天|明日|明早|明晚", re.IGNORECASE), 48.0),
    (re.compile(r"后天|后天"), 72.0),
    (
        re.compile(
            r"\b(?:today|tonight|noon|midnight|eod|cob|end of the day)\b|今天|今日|今晚|当天|当天|当日|即日",
            re.IGNORECASE,
        ),
        24.0,
    ),
    (re.compile(r"\b(?:this|the|that) hour\b|\bnext hour\b", re.IGNORECASE), 1.0),
    (
        re.compile(
            r"\b(?:end of the|this|the|next) week\b|本周|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
            r"|周[一二三四五六日末]",
            re.IGNORECASE,
        ),
        168.0,
    ),
    (re.compile(_CLOCK + r"|\d{1,2}[点时]", re.IGNORECASE), 24.0),
)


def hours(stated: str) -> float | None:
    """Hours from the reply to the end of a stated time, at the latest; None where it names a date alone.

    Of a range the later end counts. "Today" and a time of the day end with the day: 24 hours; "tomorrow" 48; a day of
    the week 168. Working days are made calendar days by two days for each five begun.
    """
    found = None if _DATED.search(stated) else _COUNTED.search(stated)
    if found is None:
        return next((value for pattern, value in _NAMED if pattern.search(stated)), None)
    low, high, unit = (found.group(1), found.group(2), found.group(3)) if found.group(3) else found.group(4, 5, 6)
    count = _value(high or low)
    if count is None or unit is None:
        return None
    if any(word in unit.lower() for word in ("business", "working", "工作日", "交易日")) and "hour" not in unit.lower():
        count += 2 * -(-count // 5)
    each = next(factor for names, factor in _HOURS if any(name in unit.lower() for name in names))
    return count * each


def _value(count: str) -> float | None:
    return float(count) if count.isdigit() and count.isascii() else _WORDS.get(count.lower())
