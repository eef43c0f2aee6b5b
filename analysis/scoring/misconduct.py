"""Alleged misconduct of those who lead: a cue for people to look at, since an inquiry should then be independent.

By rules in English and Chinese, on texts as they are: fraud, bribes, a conflict of interest, a cover-up, harassment or
lies of somebody who leads or owns. A call to resign is none, and neither is a bad decision. Rare: of 52,746 posts on
one outrage (united-2017) six texts were found, and a reader agreed with three; so it is no measure, and no evidence
without several voices and a reader.
"""

from collections.abc import Sequence

import numpy as np

from analysis.scoring import signs

_LEADER = (
    r"(?:ceo|cfo|coo|chief executive|chair(?:man|woman|person)?|founder|president|executives?|execs?|directors?"
    r"|bosses|boss|board(?: members?)?|management|owners?|head of \w+|managers?)"
)
_DEED = (
    r"(?:l(?:ied|ying|ies) (?:to|about|under)|cover(?:ed|ing)? (?:it |this |that |everything )?up|embezzl\w+|bribery"
    r"|(?:took|paid|taking|paying) bribes|kickbacks?|corrupt(?:ion)?|insider (?:trading|dealing)|sold (?:his|her"
    r"|their) (?:own )?(?:shares|stock)"
    r"|harass(?:ed|es|ing|ment)|groped|pocketed|falsif\w+|forged|cooked the books|faked|misled (?:us|investors|the)"
    r"|hid (?:the|it|this)|nepotism|fraud|money launder\w*|tax evasion|was arrested|is under arrest"
    r"|knew (?:about (?:it|this)"
    r"|all along|for (?:months|years|weeks)))"
)
_ENGLISH = (
    rf"\b{_LEADER}\b(?:\W+[\w'’]+){{0,6}}?\W+{_DEED}\b|\b{_DEED}\b(?:\W+[\w'’]+){{0,4}}?\W+(?:by|of) (?:the "
    rf"|their |its "
    rf"|your )?{_LEADER}\b|\bconflicts? of interests?\b|\bcover(?:ed|ing|s)? (?:it |this |everything )?up (?:by"
    rf"|at|from) "
    r"(?:the )?(?:top|management|board)\b|\bwhistle-?blowers?\b"
)
_TRAPS = (
    rf"\b(?:if|unless|hope|no|not|never|without)\b(?:\W+[\w'’]+){{0,6}}?\W+(?:{_DEED}|conflicts? of interests?)\b"
    r"|\b(?:president|director) (?:trump|obama|clinton|of the united states|comey)\b"
)
_HAN_LEADER = r"(?:董事长|总裁|CEO|创始人|老板|高管|总经理|管理层|负责人|领导层?|经理|大股东|店长)"
_CHINESE = (
    rf"{_HAN_LEADER}[^。！？；，\n]{{0,12}}(?:受贿|行贿|贪污|挪用|内幕交易|套现|撒谎|说谎|欺骗|包庇|性骚扰|被抓"
    rf"|被捕|被查|职务侵占"
    r"|利益输送|造假|渎职|掩盖|隐瞒|卷款|跑路|知情不报|早就知道)|利益冲突|利益输送|监守自盗|内幕交易|瞒报|吹哨人"
)
_CHINESE_TRAPS = (
    r"(?:没有|不存在|并无|如果|要是|避免|防止|杜绝)[^。！？；，\n]{0,12}(?:贪污|受贿|利益冲突|利益输送|瞒报|造假|隐瞒)"
)


def misconduct(texts: Sequence[str]) -> np.ndarray:
    """bool (n,): whether each text alleges misconduct of somebody who leads; RE2, `masking.LIMIT` characters read."""
    import pyarrow.compute as pc

    column = signs.column(texts)
    for traps in (_TRAPS, _CHINESE_TRAPS):
        column = pc.replace_substring_regex(column, f"(?i:{traps})", " ¦ ")
    return signs.found(column, _ENGLISH) | signs.found(column, _CHINESE)
