"""Phrases of Chinese complaints that a person would name a cause by: 快递延误, 客服打不通, 泄露信息.

Neighbouring words as jieba cuts and tags them, where their parts of speech make a phrase: what and what became of it
(快递延误), what was done to what (泄露信息), what it is of (配送费), and what is denied (没收到, 无法登录). Words that
any complaint holds, and those that point at people or times, are in none of them.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

SHORTEST, LONGEST = 3, 8
"""Characters of a phrase: two are a word, and more than eight a sentence."""
_PATTERNS = "nv nn na vn an vv va xv xa xn nva nxv nxa xvn nvn nnv nna nvv"
"""Parts of speech of neighbouring words that make a phrase: noun, verb, adjective, x for a denial.

jieba tags many words of trade as verbs (快递, 退款, 续费), so that two verbs make one as well: 快递延误."""
_DENIALS = "不 没 没有 未 无法 不能 拒绝 拒不 不肯 不给 不让 从未 尚未 不予 并未 毫无"
_FAILED = "不上 不了 不通 不动 不出 不到 不开 不进 不全"
"""What becomes of a verb that fails: 登录不上."""
_EMPTY = """
人 大家 东西 时候 事 事情 样子 情况 问题 方面 地方 结果 原因 话 家 家里 网友 朋友 孩子
老公 老婆 妈 爸 妈妈 爸爸 姐妹 兄弟 亲 老师 本人 有人 别人 大哥 小姐姐 宝宝 感觉 觉得
是 有 说 去 来 让 给 做 搞 弄 要 想 会 能 可以 叫 看 知道 认为 希望 请 应该 需要
开始 出现 进行 发现 告诉 表示 等 等等 到 在 走 用 上 下 起来 出来 好 多 少 大 小 新
真 对 行 同 写 就是 不是 是不是 不会 显示 打开 收到货 第二天 每次 一句 半天 直接 到底
电话里 实在 确实 有点 根本 考虑 影响 说实话 全 差不多 一样 真的 特别 非常 东 西 里 里面
上面 后来 然后 今天 昨天 明天 年 月 日 号 点 块 元 次 天 个 一个 分钟 小时
"""
"""Words that tell no cause from another."""
DENIALS, FAILED, PATTERNS, EMPTY = (frozenset(words.split()) for words in (_DENIALS, _FAILED, _PATTERNS, _EMPTY))
_KINDS = {"n": "n", "v": "v", "a": "a", "b": "a", "j": "n", "l": "v", "i": "v"}
_NOT_NOUNS = ("nr", "ns", "nt", "nz")
"""Names of people, places and bodies: an organisation's own, or somebody's."""


def phrases_zh(texts: Sequence[str]) -> list[list[str]]:
    """The phrases of each text, in the order in which they stand, none twice; each has 3 to 8 characters.

    Pass cleaned texts (`clean.for_topics`). A phrase never reaches over a mark, a number or a word that is left out. A
    text's phrases depend on the text alone.
    """
    return [list(dict.fromkeys(_phrases(text))) for text in texts]


def _phrases(text: str) -> Iterator[str]:
    words = [(word, _kind(word, tag)) for word, tag in _tagged(text)]
    for start, (word, kind) in enumerate(words):
        if (kind == "v" and SHORTEST <= len(word) <= LONGEST) or (kind == "n" and SHORTEST < len(word) <= LONGEST):
            yield word
        for length in (2, 3):
            part = words[start : start + length]
            phrase = "".join(word for word, _ in part)
            whole = len(part) == length == len({word for word, kind in part if kind})
            if (
                whole
                and not (part[-1][1] == "v" and len(part[-1][0]) < 2)
                and "".join(kind for _, kind in part) in PATTERNS
                and SHORTEST <= len(phrase) <= LONGEST
            ):
                yield phrase


def _kind(word: str, tag: str) -> str:
    """ "n", "v", "a", "x" for a denial, "" for what is in no phrase."""
    if word in DENIALS:
        return "x"
    if word in FAILED:
        return "a"
    if word in EMPTY or not all("\u4e00" <= character <= "\u9fff" for character in word):
        return ""
    if tag.startswith(_NOT_NOUNS) or (tag.startswith("n") and len(word) < 2):
        return ""
    return _KINDS.get(tag[:1], "")


def _tagged(text: str) -> list[tuple[str, str]]:
    return [(pair.word, pair.flag) for pair in _tagger().lcut(text)]


@cache
def _tagger() -> Any:
    """jieba's tagger; a process has one."""
    import logging

    import jieba
    from jieba import posseg

    jieba.setLogLevel(logging.WARNING)
    return posseg.POSTokenizer(jieba.dt)
