"""What a topic model sees of a text: its words, without the names that every text carries.

Handles, brand terms, URLs and `#` lead the topics of raw posts; none of them says what went wrong.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.scoring.masking import BRAND, HANDLE, mask

_PLACEHOLDERS = re.compile(rf"(?:{HANDLE}|(?<![A-Za-z]){BRAND}(?![A-Za-z]))(?:['’]s)?|#")
_WORD = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]+|[^\W\d_]+(?:['’][^\W\d_]+)*|\S")
_HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")
_LONGEST_WORD = 30

_CONTENT = """
amount bill bottom call computer cry empty fire front interest mill serious sincere system thick thin
"""
"""Words of complaints that scikit-learn's English stop words hold."""
_FILLERS = """
aint amp arent cant couldnt day did didnt doesnt doing don dont finally gave gets getting given gives giving goes
going gone gonna got gotten guys hadnt happen happened happening happens hasnt havent hello hes hey hi id idk ill im
isnt ive just kind know knows let lets like literally lol lot made make makes making maybe mr need needed needs ok
okay oh omg people please pls really right rt said say saying says seriously shes shouldnt start stop stuff sure tell
telling tells thank thanks thats theres theyre theyve thing things think thx today told tomorrow took tonight tried
try trying u ur use used using very want wanted wants wasnt way went werent weve whats wont wouldnt wow wtf ya yall
yeah yes yesterday yet youll youre youve
"""
_CHINESE_STOPS = """
的 了 是 我 你 您 他 她 它 们 我们 你们 他们 她们 这 那 这个 那个 这些 那些 这样 那样 这么 那么 就 都 也 还 又 很
太 不 没 没有 有 在 和 与 及 或 或者 但 但是 而 而且 被 把 给 对 从 到 为 为了 因为 所以 如果 虽然 怎么 什么 为什么
怎样 吗 呢 吧 啊 呀 哦 嗯 啦 嘛 哈 哈哈 着 过 得 地 一 一个 一下 一点 一直 一次 两 两个 几 上 下 里 中 后 前 要
会 能 可以 可 说 去 来 再 才 只 让 真 真的 自己 现在 今天 昨天 明天 已经 还是 就是 不是 不会 不能 不要 不到 谁 哪 多
大家 等 请 年 月 日 个 之 以 用 比 跟 向 该 应该 觉得 知道 感觉 时候 东西 有点 非常 比较 特别 结果 然后 以后 之后
出来 起来
"""


def for_topics(texts: Sequence[str], terms: Sequence[str]) -> list[str]:
    """The cleaned form of each text, in order; "" where nothing but names, numbers or signs was in it.

    `terms` are brand names and accounts, matched as `masking.mask` does. A word that is also masking's stand-in for a
    brand goes with them: in a complaint it means the brand.
    """
    masked = mask(pd.Series(list(texts), dtype="string"), terms).fillna("")
    cleaned = [" ".join(_PLACEHOLDERS.sub(" ", text).split()) for text in masked]
    return [text if any(character.isalpha() for character in text) else "" for text in cleaned]


def distinct(cleaned: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Where each case-folded text stands first, and for each text which of these it is; -1 for an empty one."""
    folded = pd.Series([text.casefold() or None for text in cleaned], dtype="object")
    codes, _ = pd.factorize(folded)
    known = np.flatnonzero(codes >= 0)
    _, first = np.unique(codes[known], return_index=True)
    return known[first], codes


def phrases(text: str) -> list[str]:
    """Words of `text` and pairs of neighbouring words, folded, without stop words; Chinese words are jieba's.

    A pair never reaches over a stop word, a number or a punctuation mark, so that each is a phrase somebody wrote.
    """
    words = list(_words(text))
    pairs = [_join(one, two) for one, two in pairwise(words) if one and two and one != two]
    return [word for word in words if word] + pairs


def _words(text: str) -> list[str]:
    """Words in order; "" stands for a stop word, a number or a mark."""
    words: list[str] = []
    for piece in _WORD.findall(text.casefold()):
        if _HAN.match(piece):
            words += [word if len(word) > 1 and word not in _stops() else "" for word in _segment(piece)]
            continue
        word = re.sub(r"['’]", "", re.sub(r"['’]s$", "", piece))
        content = 1 < len(word) <= _LONGEST_WORD and word[0].isalpha() and word not in _stops()
        words.append(word if content else "")
    return words


def _join(one: str, two: str) -> str:
    return f"{one}{two}" if _HAN.match(one) and _HAN.match(two) else f"{one} {two}"


def _segment(text: str) -> list[str]:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.lcut(text)


@cache
def _stops() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return ENGLISH_STOP_WORDS.difference(_CONTENT.split()).union(_FILLERS.split(), _CHINESE_STOPS.split())
