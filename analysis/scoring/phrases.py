"""Phrases as people write them: "hours on hold", "lost my bag", "包裹丢失", never a bag of words.

A phrase begins and ends with a word that says something, and may hold small words in between. Its ways of being written
("lost my bag", "the bag was lost") are one phrase.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

Key = tuple[str, ...]
"""What makes two ways of writing one phrase: its content words without endings, in alphabetical order."""

_PIECE = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]+|[^\W_\u4e00-\u9fff\u3400-\u4dbf]+(?:['’][^\W\d_]+)*|\S")
_HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")
_LONGEST_WORD = 30
_MOST_WORDS = 5
_MOST_CONTENT = 3
_READ = 10_000
"""Characters of a text that are read."""

_INNER = """
my our your their his her the a an of on in to for at with and by off out up down from no not without is was are were
be been being has have had me us 的 了 不 没 没有 被 把 给 是 还 还没 很 太 都 一直 又 就 也 这么 那么
"""
"""Small words that may stand inside a phrase; another one ends it."""
_FIRST = "on no not without never 不 没 没有 无 未 被"
"""Small words that may begin one: what was denied, and where somebody was kept."""
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
_CONTRACTED = """
i'm i'd i'll i've it's that's there's he's she's let's what's we're we've we'll we'd you're you've you'll you'd they're
they've they'll they'd can't don't won't isn't aren't wasn't weren't hasn't haven't hadn't doesn't didn't couldn't
wouldn't shouldn't ain't y'all
"""
_CHINESE_STOPS = """
的 了 是 我 你 您 他 她 它 们 我们 你们 他们 她们 这 那 这个 那个 这些 那些 这样 那样 这么 那么 就 都 也 还 又 很
太 不 没 没有 有 在 和 与 及 或 或者 但 但是 而 而且 被 把 给 对 从 到 为 为了 因为 所以 如果 虽然 怎么 什么 为什么
怎样 吗 呢 吧 啊 呀 哦 嗯 啦 嘛 哈 哈哈 着 过 得 地 一 一个 一下 一点 一直 一次 两 两个 几 上 下 里 中 后 前 要
会 能 可以 可 说 去 来 再 才 只 让 真 真的 自己 现在 今天 昨天 明天 已经 还是 就是 不是 不会 不能 不要 不到 谁 哪 多
大家 等 请 年 月 日 个 之 以 用 比 跟 向 该 应该 觉得 知道 感觉 时候 东西 有点 非常 比较 特别 结果 然后 以后 之后
出来 起来 无 未 还没
"""


def spoken(text: str) -> dict[Key, str]:
    """The phrases of `text` by key, each as it is written there, folded; the shortest way where there are several."""
    found: dict[Key, str] = {}
    for key, written in occurrences(text[:_READ]):
        if key not in found or len(written) < len(found[key]):
            found[key] = written
    return found


def occurrences(text: str) -> Iterator[tuple[Key, str]]:
    """Every phrase of `text`, as often as it stands there: (key, as it is written, folded)."""
    words = list(_words(text))
    small, openers = stops(), _openers()
    for start, first in enumerate(words):
        if not first or (first in small and first not in openers):
            continue
        for span, stems in _spans(words[start : start + _MOST_WORDS]):
            yield tuple(sorted(stems)), _written(span)


def _spans(words: Sequence[str]) -> Iterator[tuple[Sequence[str], list[str]]]:
    """The beginnings of `words` that end with a content word, up to the first word that no phrase may hold.

    Each with the stems of its content words, which differ.
    """
    small, inner, said = stops(), _inner(), list[str]()
    for end, word in enumerate(words, start=1):
        if word in small:
            if word not in inner:
                return
            continue
        if not word or len(said) == _MOST_CONTENT or (content := stem(word)) in said:
            return
        said.append(content)
        yield words[:end], said


def _words(text: str) -> Iterator[str]:
    """Words in order; "" stands for a number, a mark or a word that is too long to be one."""
    for piece in _PIECE.findall(text.casefold()):
        if _HAN.match(piece):
            yield from _segment(piece)
        else:
            word = piece[:-2] if piece.endswith(("'s", "’s")) else piece
            yield word if word[0].isalnum() and not word.isdigit() and len(word) <= _LONGEST_WORD else ""


def _written(words: Sequence[str]) -> str:
    written = words[0]
    for before, word in pairwise(words):
        written += word if _HAN.match(before[-1]) and _HAN.match(word) else f" {word}"
    return written


@cache
def stem(word: str) -> str:
    """The word without its commonest English endings: enough to see that "bags" repeats "bag"."""
    for ending in ("ings", "ing", "ers", "er", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and (word[-1] == word[-2] or word[-1] == "e") else word


def _segment(text: str) -> list[str]:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    return jieba.lcut(text)


@cache
def _inner() -> frozenset[str]:
    return frozenset(_INNER.split()) | _openers()


@cache
def _openers() -> frozenset[str]:
    return frozenset(_FIRST.split())


@cache
def stops() -> frozenset[str]:
    """Small words and fillers, English and Chinese, and single characters of Chinese."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return ENGLISH_STOP_WORDS.difference(_CONTENT.split()).union(
        _FILLERS.split(), _CHINESE_STOPS.split(), _CONTRACTED.split()
    )
