"""How a text is written: the share of first-person words, and marks of arousal.

A falling share of "I" and "me" goes with the outbreak of a firestorm (Strathern et al. 2020, arXiv 2010.07237).
Marks of arousal are what can be counted on the page: exclamation marks, capitals, drawn-out letters, intensifiers,
swear words and emoji. They are no measure of what anybody felt.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.scoring import masking, signs

LANGUAGES = ("en", "zh")
_WORD = r"[\p{L}\p{N}]+(?:['’][\p{L}]+)*"
_FIRST = r"\b(?:i|me|my|mine|myself|im|ive|i['’](?:m|ve|d|ll))\b"
_HAN = r"\p{Han}|[A-Za-z0-9]+"
_FIRST_HAN = r"我"
_US_HAN = r"我们|我國|我国"
_INTENSE = signs.words(
    r"so|very|really|absolutely|totally|completely|utterly|extremely|beyond|ever|never ever|literally|seriously"
    r"|freaking|fucking|bloody|insanely|ridiculously"
)
_INTENSE_HAN = r"太|非常|极其|特别|简直|真的|超级|十分|彻底|完全|气死|死了|到底|居然|竟然"
_SWEARING = signs.words(
    r"fuck\w*|fck\w*|shit\w*|bullshit|damn\w*|hell|crap\w*|ass|asshole\w*|bitch\w*|bastards?|wtf|ffs|stfu|dick\w*"
    r"|piss(?:ed)?|arse\w*|bollocks|goddamn"
)
_SWEARING_HAN = (
    r"妈的|他妈|特么|尼玛|卧槽|我靠|我操|草泥马|傻[逼叉比]|煞笔|垃圾|滚|狗屎|坑爹|混蛋|王八蛋|贱|操蛋|脑残|智障"
)
_LONG = (
    r"aaa+|bbb+|ccc+|ddd+|eee+|fff+|ggg+|hhh+|iii+|kkk+|lll+|mmm+|nnn+|ooo+|ppp+|rrr+|sss+|ttt+|uuu+|www+h|yyy+|zzz+"
    r"|啊啊+|！！+"
)
_CAPITALS = r"\b[A-Z]{3,}\b"
_MOOD = r"[\x{1F600}-\x{1F64F}\x{1F910}-\x{1F92F}\x{1F970}-\x{1F97A}\x{1F4A2}\x{1F4A5}\x{1F525}\x{2757}\x{1F595}]"
_FEW_WORDS = 4
"""A text of fewer capital-writing words than this cannot shout by capitals alone."""
FADE = 0.7
"""Each further mark adds this much less: 1 − FADE^marks."""


def first_person(masked: Sequence[str], language: str) -> np.ndarray:
    """float64 (n,): first-person singular words over words; NaN where a text holds none.

    In Chinese, where words are not set apart, 我 (but not 我们) over characters. Other languages: NaN.
    """
    if language not in LANGUAGES or not len(masked):
        return np.full(len(masked), np.nan)
    texts = signs.column([_bare(text) for text in masked])
    if language == "zh":
        said = signs.counted(texts, _FIRST_HAN) - signs.counted(texts, _US_HAN)
        of = signs.counted(texts, _HAN)
    else:
        said, of = signs.counted(texts, _FIRST), signs.counted(texts, _WORD)
    return np.where(of > 0, np.clip(said, 0, None) / np.maximum(of, 1), np.nan)


def arousal_markers(masked: Sequence[str], language: str) -> np.ndarray:
    """float64 (n,) in [0, 1): 0 where there is no mark of arousal, nearing 1 with many. Other languages: NaN."""
    if language not in LANGUAGES or not len(masked):
        return np.full(len(masked), np.nan)
    texts = signs.column([_bare(text) for text in masked])
    shouted = np.minimum(signs.counted(texts, _CAPITALS, cased=True), 4)
    small = signs.counted(texts, r"\b[A-Za-z]*[a-z][A-Za-z]*\b", cased=True)
    # "UK" and "CEO" are no shouting: capitals count from two words on, or where hardly a word is written small.
    shouted = np.where((shouted >= 2) | (small < _FEW_WORDS), shouted, 0)
    marks = np.minimum(signs.counted(texts, r"[!！]"), 4) + shouted + np.minimum(signs.counted(texts, _MOOD), 3)
    marks = marks + np.minimum(signs.counted(texts, _LONG), 2)
    intense, swearing = (_INTENSE_HAN, _SWEARING_HAN) if language == "zh" else (_INTENSE, _SWEARING)
    marks = marks + np.minimum(signs.counted(texts, intense), 2) + 2 * np.minimum(signs.counted(texts, swearing), 2)
    return (1 - FADE**marks).round(4)


def _bare(text: str) -> str:
    return text.replace(masking.HANDLE, " ").replace(masking.BRAND, " ")


def columns(masked: Sequence[str], language: str) -> pd.DataFrame:
    """DataFrame[first_person, arousal], a row per text."""
    return pd.DataFrame({"first_person": first_person(masked, language), "arousal": arousal_markers(masked, language)})
