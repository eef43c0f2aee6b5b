"""How clear replies are: five things a clear one says (definitions C11), and how hard they are to read.

The five are found by rules in English and Chinese, one by one: what happened, what we do, what you do, by when, where
next. Nobody's labels stand behind the rules: their rates say how often such words stand there, and are unmeasured.

Short replies are too short for a readability formula, so they are pooled in the order given until a pool is long
enough. English: ARI (Senter & Smith 1967) is a school grade, LIX (Björnsson 1968) a number from about 20 (easy) to 60;
neither counts syllables or needs a list. Chinese: R1, mean characters a clause, and R2, the share of adverbs and
conjunctions among words, after Xu, Yao & Chen 2021; higher is harder.
"""

import logging
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.scoring import signatures
from analysis.scoring.masking import MENTION
from analysis.scoring.signs import column, found

WORDS, HAN = 100, 200
"""What a pool needs (definitions C11)."""
_DONE = (
    "refund|replac|fix|check|look|investigat|forward|pass|sen[dt]|cancel|clos|reset|add|remov|correct|inspect|repair"
    "|rebook|escalat|report|work|arrang|updat|took|put|credit|cover|collect|mov|switch|rais|follow|get|come back"
)
_DONE_ZH = "退|换|修|查|核实|处理|處理|跟进|转交|转达|反馈|发|派|锁|取消|关闭|升级|调|检|联系|回复|补|重置|登记"
_AID_ZH = "已|正在|将|將|会|會|马上|立即|安排|帮您|幫您|为您|為您"
CHECKS = {
    "happened": r"\b(?:because|due to|caused by|as a result of|turns out|we found|outage|broke|failed"
    r"|went wrong|mistake|the (?:reason|cause|issue|problem) (?:is|was)"
    r"|(?:is|was|were|been) (?:down|affected|interrupted|delayed|cancelled|closed|charged))\b"
    "|由于|因为|因為|原因|起因|导致|導致|经查|經查|经核实|发现|發現|故障|误|失误",
    "we_do": r"\b(?:we|i)(?:'ve|'re|'ll|'m| have| are| will| am|'d)?(?: just| now| already| also| since)* "
    rf"(?:{_DONE})|(?:{_AID_ZH})[^。！？，,]{{0,12}}(?:{_DONE_ZH})",
    "you_do": r"\b(?:please|kindly|could you|can you|would you|try|you can|feel free to|make sure|let us know|send us"
    r"|dm us|drop us|restart|reinstall|call|contact|visit|fill in|have a look|follow|reply)\b"
    "|请[^问]|請[^問]|麻烦您?|麻煩|烦请|您可|可以?(?:拨打|通过|到|在)|您先|您再|填写|填寫|拨打|重启|发我",
    "by_when": r"\b(?:today|tonight|tomorrow|shortly|as soon as|this (?:morning|afternoon|evening|week))\b"
    r"|\b(?:by|until|on|before|from|since|at|this|next) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:by|until|before|within|in|at|after) (?:the )?(?:next )?(?:\d+(?:[:.]\d+)?|an?|one|two|three|few|noon)\b"
    r"|\b\d+ ?(?:minutes?|hours?|days?|weeks?|business|working|hrs?|mins?)\b"
    r"|\d+ ?(?:分钟|小时|个?工作日|天|日|点|點|周)|今天|今晚|明天|明早|本周|下周|月底|之前|前(?:回|到|给|联系)|以内",
    "where_next": r"\b(?:dm|direct messag\w+|private messag\w+|inbox|e-?mail|hotline|phone|call us|chat|form|website"
    r"|help (?:cent(?:re|er)|page)|faq|status page|app store|branch|desk|counter|link|updates? (?:at|on))\b|https?://"
    r"|\bwww\.|\w\.(?:com|org|net|example)/"
    "|私信|私訊|热线|熱線|邮箱|郵箱|邮件|客服|公众号|官网|官網|后台|後台|表单|表單|帮助|页面|公告|门店|柜台|服务点",
}
"""Thing said → pattern (RE2, whatever the case)."""


class Readability(NamedTuple):
    """Medians over `pools` pools of text; NaN where there is none. `first` is ARI or R1, `second` LIX or R2."""

    first: float
    second: float
    pools: int


def checks(texts: Sequence[str]) -> pd.DataFrame:
    """bool DataFrame, a row per text and a column for each of CHECKS."""
    plain = column([text.replace("’", "'") for text in texts])
    return pd.DataFrame({name: found(plain, pattern) for name, pattern in CHECKS.items()}, dtype=bool)


def english(texts: Sequence[str]) -> Readability:
    """ARI and LIX of English texts, pooled to WORDS words."""
    told = [(ari(pool), lix(pool)) for pool in _pools(texts, lambda text: len(_words(text)), WORDS, " ")]
    return _medians(told)


def chinese(texts: Sequence[str]) -> Readability:
    """R1 and R2 of Chinese texts, pooled to HAN characters."""
    told = [(r1(pool), r2(pool)) for pool in _pools(texts, lambda text: len(_HAN.findall(text)), HAN, "。")]
    return _medians(told)


def ari(text: str) -> float:
    """4.71 × characters a word + 0.5 × words a sentence − 21.43."""
    words = _words(text)
    return 4.71 * sum(map(len, words)) / len(words) + 0.5 * len(words) / len(_sentences(text)) - 21.43


def lix(text: str) -> float:
    """Words a sentence + per cent of words of more than six letters."""
    words = _words(text)
    return len(words) / len(_sentences(text)) + 100 * sum(len(word) > 6 for word in words) / len(words)


def r1(text: str) -> float:
    """Chinese characters a clause."""
    clauses = [len(_HAN.findall(clause)) for clause in re.split(r"[，。！？；：、,.!?;:\s]+", text)]
    return float(np.mean([count for count in clauses if count]))


def r2(text: str) -> float:
    """Share of adverbs and conjunctions among the Chinese words."""
    import jieba
    from jieba import posseg

    jieba.setLogLevel(logging.WARNING)
    flags = [word.flag for word in posseg.cut(text) if _HAN.match(word.word)]
    return sum(flag[:1] in ("d", "c") for flag in flags) / len(flags)


_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"[.!?…]+(?=\s|$)|\n", text) if _WORD.search(part)]


def _pools(texts: Sequence[str], size: Callable[[str], int], least: int, end: str) -> list[str]:
    """Texts put together in the order given; each pool holds `least` by `size`, and what is left at the end is none."""
    pools: list[str] = []
    held: list[str] = []
    count = 0
    for text in texts:
        plain = signatures.unsigned(MENTION.sub(" ", signatures.bare(text)).strip())
        held.append(plain if plain[-1:] in ".!?。！？" else plain + ("." if end == " " else ""))
        count += size(plain)
        if count >= least:
            pools.append(end.join(held))
            held, count = [], 0
    return pools


def _medians(told: list[tuple[float, float]]) -> Readability:
    first, second = np.median(np.array(told).reshape(-1, 2), axis=0) if told else (float("nan"), float("nan"))
    return Readability(float(first), float(second), len(told))
