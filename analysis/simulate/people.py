"""Who writes: invented authors with a home platform, a language and a following."""

import numpy as np
import pandas as pd

_EN_FIRST = (
    "jo", "mossy", "kiln", "salt", "pedal", "quiet", "tall", "noodle", "harbour", "ferry", "lucky", "sunny", "grumpy",
    "little", "mister",
    "miss", "the", "real", "just", "hey", "paper", "night", "early", "late", "blue", "rainy", "twelve", "north",
    "copper", "velvet",
)  # fmt: skip
_EN_LAST = (
    "tan", "heron", "rider", "wong", "teapot", "otter", "kaya", "lim", "spoke", "walker", "biscuit", "dev", "nurse",
    "mango", "sparrow", "goh",
    "pickle", "cello", "rao", "barista", "chen", "gecko", "tram", "pixel", "dumpling", "novak", "lee", "umbrella",
    "student", "fig",
)  # fmt: skip
_ZH_FIRST = (
    "小鹿", "阿珍", "今天也", "不吃", "北门", "爱喝", "一只", "老王", "熬夜的", "晒太阳的", "是", "咸鱼", "想退休的",
    "快乐", "没睡醒的", "渡口",
    "南瓜", "打工人", "慢慢", "窑山",
)  # fmt: skip
_ZH_LAST = (
    "乱撞", "香菜", "吃面", "豆浆", "橘猫", "骑士", "同学", "本人", "小饼干", "阿伟", "汤圆", "老师", "在路上",
    "葡萄", "酱", "观察员", "麻团",
    "的日常", "不加班", "青柠",
)  # fmt: skip
_MARKS = ("", "_", ".")
PLATFORMS = {"en": {"murmur": 0.8, "kerbside": 0.2}, "zh": {"weiyu": 0.86, "kerbside": 0.14}}
"""Share of each platform per language: two microblogs, and a forum without followers, shares or views."""


def authors(rng: np.random.Generator, number: dict[str, int]) -> pd.DataFrame:
    """One row per author: author (unique), language, platform, followers (0 where the platform records none), zeal.

    `number` is how many authors write in each language; `zeal` is how much likelier than others one is to post.
    """
    rows: list[tuple[str, str, str, int, float]] = []
    taken: set[str] = set()
    for language, wanted in number.items():
        platforms, shares = zip(*PLATFORMS[language].items(), strict=True)
        made = 0
        while made < wanted:
            name = _name(rng, language)
            if name in taken:
                continue
            taken.add(name)
            made += 1
            platform = platforms[int(rng.choice(len(platforms), p=shares))]
            rows.append((name, language, platform, round(rng.lognormal(5.2, 1.6)), 0.2 + float(rng.pareto(1.8))))
    return pd.DataFrame(rows, columns=["author", "language", "platform", "followers", "zeal"])


def _name(rng: np.random.Generator, language: str) -> str:
    first, last = (_EN_FIRST, _EN_LAST) if language == "en" else (_ZH_FIRST, _ZH_LAST)
    name = first[int(rng.integers(len(first)))]
    if language == "en":
        name += _MARKS[int(rng.integers(3))]
    name += last[int(rng.integers(len(last)))]
    return name + (str(rng.integers(2, 999)) if rng.random() < 0.7 else "")
