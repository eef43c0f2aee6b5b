"""What a customer writes: pieces of the grammars put together in one person's way of writing."""

import numpy as np

from analysis.simulate import complaints_en, complaints_zh, everyday_en, everyday_zh
from analysis.simulate.grammar import Rules, expand, pick, tidy
from analysis.simulate.story import ACCOUNTS, BRAND

_SLOT = "\ue000"  # stands for the brand until the text is whole: its first naming is often a handle, later ones are not
COMPLAINTS = {"en": complaints_en, "zh": complaints_zh}
EVERYDAY = {"en": everyday_en, "zh": everyday_zh}
_AFTER_OPEN = {"en": (" ",), "zh": ("，", "，", " ", "。", "！")}
_ENDS = {
    True: ("", "", "", "", ".", ".", ".", "!", "!!", "..."),
    False: ("", "", "", "", "", ".", ".", ".", "!"),
}
_ENDS_ZH = {
    True: ("", "", "", "", "。", "。", "！", "！！！", "。。。", "…"),
    False: ("", "", "", "", "。", "。", "！", "～"),
}
NAMES = {
    True: {"en": ("Larkwheel", "Larkwheel", "larkwheel"), "zh": ("雀轮", "雀轮", "雀轮单车")},
    False: {"en": ("Hopspoke", "Hopspoke", "hopspoke"), "zh": ("蹦驰", "蹦驰", "蹦驰单车")},
}
HANDLES: dict[bool, dict[str, tuple[str, ...]]] = {
    True: {language: tuple(f"@{name}" for name in names) for language, names in ACCOUNTS.items()},
    False: {"en": ("@Hopspoke",), "zh": ("@蹦驰单车",)},
}


def rules(language: str) -> Rules:
    """The symbols of `language`, with a slot for the brand."""
    return {**EVERYDAY[language].EVERYDAY, **EVERYDAY[language].RULES, "B": (_SLOT,)}


def complaint(rng: np.random.Generator, language: str, cause: str, brand: str = BRAND) -> str:
    """A customer's complaint of `cause`: what happened, and some of what goes with it."""
    book, words = EVERYDAY[language], rules(language)
    parts = [expand(rng, words, pick(rng, COMPLAINTS[language].FACTS[cause]))]
    if rng.random() < 0.5:
        parts.append(expand(rng, words, pick(rng, COMPLAINTS[language].MORE[cause])))
    draw = rng.random()
    if draw < 0.55:
        parts.append(expand(rng, words, pick(rng, book.FEEL)))
    elif draw < 0.72:
        parts.append(expand(rng, words, pick(rng, book.ASK)))
    if rng.random() < 0.2:
        parts[0] = expand(rng, words, pick(rng, book.OPEN)) + pick(rng, _AFTER_OPEN[language]) + parts[0]
    return written(
        rng, language, parts, brand, emoji=book.ANGRY_EMOJI if rng.random() < 0.2 else (), tags=book.ANGRY_TAGS
    )


def everyday(rng: np.random.Generator, language: str, kind: str, brand: str = BRAND) -> str:
    """Something that is no complaint: `kind` is a key of the grammars' EVERYDAY. May be empty for a repost."""
    book = EVERYDAY[language]
    parts = [expand(rng, rules(language), pick(rng, book.EVERYDAY[kind]))]
    happy = kind in ("praise", "thanks") and rng.random() < 0.35
    emoji = book.HAPPY_EMOJI if happy else book.ANGRY_EMOJI if kind == "angry_again" and rng.random() < 0.2 else ()
    tags = book.TAGS if kind in ("praise", "question", "neutral") else None
    return written(rng, language, parts, brand, emoji=emoji, tags=tags)


def news(rng: np.random.Generator, language: str, topic: str) -> str:
    """A neutral report on what happens; `topic` is a key of the grammars' NEWSLINES."""
    book = EVERYDAY[language]
    words = {**rules(language), "newsline": book.NEWSLINES[topic]}
    return written(
        rng, language, [expand(rng, words, pick(rng, book.EVERYDAY["news"]))], BRAND, emoji=(), tags=book.TAGS
    )


def joy(rng: np.random.Generator, language: str) -> str:
    """Delight at the Lantern Ride."""
    book = EVERYDAY[language]
    parts = [expand(rng, rules(language), pick(rng, book.JOY))]
    return written(rng, language, parts, BRAND, emoji=book.HAPPY_EMOJI if rng.random() < 0.3 else (), tags=book.TAGS)


def written(
    rng: np.random.Generator,
    language: str,
    parts: list[str],
    brand: str,
    *,
    emoji: tuple[str, ...],
    tags: tuple[str, ...] | None,
) -> str:
    """`parts` joined, spelt and decorated as one person would.

    The brand is named in every text that has `tags`; None marks a turn of a conversation, which need not name it.
    """
    if not any(parts):
        return ""
    angry = tags in (everyday_en.ANGRY_TAGS, everyday_zh.ANGRY_TAGS)
    text = (_english if language == "en" else _chinese)(rng, parts, angry)
    text = _decorated(rng, language, text, emoji, tags if tags and brand == BRAND else ())
    return tidy(_named(rng, language, text, ours=brand == BRAND, angry=angry, needed=tags is not None))


def _english(rng: np.random.Generator, parts: list[str], angry: bool) -> str:
    manner = rng.random()
    joint = pick(rng, (". ", ". ", ". ", ", ", ", ", " - ", "... ", "! "))
    end = pick(rng, _ENDS[angry])
    if manner < 0.55:
        parts = [_capital(part) if joint[0] in ".!" or place == 0 else part for place, part in enumerate(parts)]
    text = _joined(parts, joint, end)
    if 0.55 <= manner < 0.85:
        text = text.lower()
    elif angry and manner > 0.985:
        text = text.upper()
    if rng.random() < 0.14:
        text = text.replace("'", "")
    if rng.random() < 0.07:
        text = _slip(rng, text)
    return text


def _chinese(rng: np.random.Generator, parts: list[str], angry: bool) -> str:
    joint = pick(rng, ("，", "，", "，", "，", "。", "。", " ", "！"))
    return _joined(parts, joint, pick(rng, _ENDS_ZH[angry]))


def _joined(parts: list[str], joint: str, end: str) -> str:
    """The parts with `joint` between them; a part's own mark stands in for it."""
    out = ""
    for part in parts:
        if out and out[-1] in ".!?,:…？！":
            out += " " if out[-1] in ".!?,:" else ""
        elif out:
            out += joint
        out += part
    return out if out[-1] in ".!?…？！]" else out + end


def _capital(part: str) -> str:
    return part[:1].upper() + part[1:]


def _slip(rng: np.random.Generator, text: str) -> str:
    """One slip of the finger: two letters of a longer word change places, or one is missing."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) > 4 and word.isascii() and word.isalpha()]
    if not long:
        return text
    place = long[int(rng.integers(len(long)))]
    word = words[place]
    at = int(rng.integers(1, len(word) - 2))
    words[place] = word[:at] + word[at + 1] + (word[at] if rng.random() < 0.5 else "") + word[at + 2 :]
    return " ".join(words)


def _decorated(
    rng: np.random.Generator, language: str, text: str, emoji: tuple[str, ...], tags: tuple[str, ...]
) -> str:
    if emoji:
        times = pick(rng, ("1", "1", "1", "2", "3"))
        text += (" " if language == "en" else "") + pick(rng, emoji) * int(times)
    if tags and rng.random() < 0.12:
        tag = pick(rng, tags)
        text = f"{tag}{text}" if language == "zh" and rng.random() < 0.5 else f"{text} {tag}"
    return text


def _named(rng: np.random.Generator, language: str, text: str, *, ours: bool, angry: bool, needed: bool) -> str:
    """`text` with the brand in its slots; where it has none and one is needed, a handle goes in front."""
    handle, name = pick(rng, HANDLES[ours][language][: None if angry else 1]), pick(rng, NAMES[ours][language])
    blank = " " if language == "zh" else ""
    if text.count(_SLOT) == 0:
        return f"{handle} {text}" if needed and name.lower() not in text.lower() else text
    if rng.random() < (0.35 if language == "en" else 0.15):
        text = text.replace(_SLOT, handle + blank, 1)
    return text.replace(_SLOT, name)
