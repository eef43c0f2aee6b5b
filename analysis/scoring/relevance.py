"""Is a mention about the organisation at all? An answer only where there is evidence; else "unclear".

About it for sure is what it wrote itself, what stands in a conversation with it, what calls one of its accounts, and
what gives a name of more than one word. A single word may be a namesake's or mean nothing but itself (`namesakes`,
`senses`): how often it does in this archive decides how much a bare name proves. Adverts and giveaways (`adverts`) are
about what they sell. "not_about" is left out of headline numbers, so it is only said where it is sure.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from analysis.scoring import adverts, masking, namesakes, senses
from analysis.scoring.signs import Accuracy

VERDICTS = ("about", "not_about", "unclear")
KNOWN = {
    "not_about_precision": Accuracy(0.957, 0.855, 0.988, 46),
    "about_precision": Accuracy(0.970, 0.915, 0.990, 100),
}
"""On held-out mentions, of one real archive and of four invented ones: `python -m tests.benchmarks.relevance`."""
REASONS = (
    "own",  # the organisation wrote it
    "own_thread",  # in a conversation in which the organisation wrote
    "addressed",  # calls one of its accounts
    "named",  # names it, and nothing speaks against it
    "thread",  # answers or repeats a mention that is about it
    "excluded",  # holds a phrase of `exclusions`
    "namesake",  # its name stands only in longer names, or among words of another sense
    "ordinary_word",  # its name stands only as an ordinary word
    "advert",  # an advert, a giveaway, a job post or spam
    "ambiguous",  # its name may mean something else here
    "unnamed",  # does not name it
)
FEW = 0.05
"""Where no more than this share of bare names are somebody else's, a bare name is taken for the organisation's."""
_PRIOR = 10.0
"""Texts that shares are smoothed with."""
_WORDS = 2.0
"""The same for names that are words: eight texts without a sign of another sense are the fewest that prove any."""
_COMMON = 0.005
_FEWEST_SURE = 20
_LOOKED_AT = 5_000
_SAID = 0.06
"""Where more of the texts that mean the organisation than this say "a" and its name, the name is a product's."""
_TELLING = 0.1
_OFTEN = 5
_TOLD = 0.4
"""From so many texts on, of which this share speaks of another sense alone, two words are a longer name."""
Verdict = tuple[str, str]
Senses = Mapping[str, re.Pattern[str]]


@dataclass(frozen=True)
class _Learnt:
    """What an archive tells: the names, the senses that are others', and the signs of the organisation itself."""

    names: namesakes.Names
    rivals: Senses
    ours: Sequence[re.Pattern[str]]


@dataclass(frozen=True)
class _Read:
    """What one text shows: kinds of its names, cues of rival senses (0 to 2), whether it speaks of organisations."""

    kinds: tuple[str, ...]
    cues: int
    organisation: bool

    @property
    def other(self) -> bool:
        """Whether it looks like somebody else's name, or no name."""
        bare = namesakes.PLAIN in self.kinds
        return not self.organisation and (not bare or self.cues > 0)


def kept(scored: pd.DataFrame) -> pd.Series:
    """Whether each scored mention counts: all but those that are surely about something else."""
    return scored["relevance"].ne("not_about").fillna(True).astype(bool)


def judge(
    mentions: pd.DataFrame,
    *,
    terms: Sequence[str],
    accounts: Sequence[str] = (),
    called: Sequence[str] = (),
    phrases: Sequence[str] = (),
    exclusions: Sequence[str] = (),
) -> pd.DataFrame:
    """DataFrame[relevance: one of VERDICTS, relevance_reason: one of REASONS] on the index of `mentions`.

    `mentions`: id, text, author, kind, parent_id, thread_id. `terms` are the organisation's names, `accounts` the
    pseudonyms of its accounts, `called` those of accounts that go by its names, `phrases` those in which a name means
    somebody else. A mention in a conversation with the organisation is never "not_about", unless it holds one of
    `exclusions`. The same for the same archive, whatever the order of its rows.
    """
    opening = tuple(f"{sign}{account}" for sign in "@＠" for account in (*accounts, *called))
    own = mentions["author"].isin(set(accounts)).fillna(False).astype(bool)
    conversation = ~own & _in_conversation(mentions, own)
    calls = mentions["text"].map(_caller(opening), na_action="ignore").eq(True).fillna(False).astype(bool)
    shut = _holds(mentions["text"], exclusions)
    verdicts = _by_text(mentions["text"], terms, phrases, sure=own | conversation | calls)

    said = [("unclear", "unnamed") if pd.isna(text) else verdicts[text] for text in mentions["text"]]
    out = pd.Series(said, index=mentions.index, dtype=object)
    # Who opens with our account speaks to us, whatever it is about; an advert may name it further on.
    opens = calls & mentions["text"].fillna("").map(lambda text: text.lstrip(".").lstrip().startswith(opening)).astype(
        bool
    )
    addressed = calls & (opens | ~out.map(lambda verdict: verdict[1] == "advert").astype(bool))
    for rows, verdict in (
        (addressed, ("about", "addressed")),
        (conversation, ("about", "own_thread")),
        (own, ("about", "own")),
        (shut, ("not_about", "excluded")),
    ):
        out = out.where(~rows, pd.Series([verdict] * len(out), index=out.index, dtype=object))
    out = _carried(mentions, out)
    return pd.DataFrame(
        {
            "relevance": pd.Series([verdict for verdict, _ in out], index=mentions.index, dtype="string"),
            "relevance_reason": pd.Series([reason for _, reason in out], index=mentions.index, dtype="string"),
        }
    )


def _in_conversation(mentions: pd.DataFrame, own: pd.Series) -> pd.Series:
    """Whether the organisation wrote in a mention's thread, wrote what it answers, or answered it."""
    theirs = mentions[own]
    answered = mentions["id"].isin(set(theirs["parent_id"].dropna()))
    threads = set(theirs["thread_id"].dropna())
    answers = mentions["parent_id"].isin(set(theirs["id"])) & (mentions["kind"] != "repost")
    found = answered | answers | (mentions["thread_id"].isin(threads) & (mentions["kind"] != "repost"))
    return found.fillna(False).astype(bool)


def _caller(wanted: Sequence[str]) -> Callable[[str], bool]:
    return lambda text: any(account in text for account in wanted)


def _holds(texts: pd.Series, phrases: Sequence[str]) -> pd.Series:
    """Whether each text holds one of `phrases`, whatever its case."""
    folded, found = texts.fillna("").str.casefold(), pd.Series(False, index=texts.index)
    for phrase in phrases:
        found |= folded.str.contains(phrase.casefold(), regex=False).astype(bool)
    return found


def _by_text(texts: pd.Series, terms: Sequence[str], phrases: Sequence[str], *, sure: pd.Series) -> dict[str, Verdict]:
    """The verdict on each distinct text by its words alone; `sure`: rows about the organisation whatever it says."""
    distinct = sorted(texts.dropna().unique())
    selling = adverts.find(distinct, _copies(texts.dropna()))
    plain = {text: masking.plain(text) for text in distinct}
    learnt = _learnt(plain, terms, phrases, set(texts[sure].dropna()))
    read = {text: _read(seen, learnt) for text, seen in plain.items()}
    bare = [found for found in read.values() if found.kinds and namesakes.SURE not in found.kinds]
    others = sum(found.other and namesakes.LISTED not in found.kinds for found in bare)
    trusted = (others + 0.5) / (len(bare) + _WORDS) <= FEW
    return {
        text: ("not_about", "advert") if text in selling else _verdict(found, trusted) for text, found in read.items()
    }


def _learnt(plain: Mapping[str, str], terms: Sequence[str], phrases: Sequence[str], sure: set[str]) -> _Learnt:
    """What this archive tells of the organisation's names and of the senses they have."""
    known = namesakes.names(terms, phrases)
    firm = {text for text, seen in plain.items() if known.firm and known.firm.search(seen)}
    surely = firm | sure
    examples = [plain[text] for text in sorted(surely)[:: max(1, len(surely) // _LOOKED_AT)]]
    bare = [seen for text, seen in plain.items() if text not in surely and known.plain and known.plain.search(seen)]
    rivals = senses.rivals(examples if len(examples) >= _FEWEST_SURE else (), bare)
    other = [seen for seen in bare if senses.cues(seen, rivals) and not senses.ORGANISATION.search(seen)]
    if len(other) <= 2 + (_TELLING if len(examples) >= _FEWEST_SURE else _TOLD) * len(bare):
        # Hardly anybody speaks of another sense: a coined name is then as good as one of several words.
        known = namesakes.names(terms, phrases, coined=True)
    if "state" in rivals and any(term.casefold() in namesakes.countries() for term in terms):
        # Where the name is a country's as well, the names of other countries tell of it.
        others = sorted(namesakes.countries() - {term.casefold() for term in terms})
        neighbours = re.compile(rf"{rivals['state'].pattern}|\b(?:{'|'.join(map(re.escape, others))})\b", re.IGNORECASE)
        rivals = {**rivals, "state": neighbours}
    meant = [seen for seen in bare if senses.ORGANISATION.search(seen)] + examples
    said = sum(namesakes.ORDINARY in namesakes.kinds(seen, known) for seen in meant)
    known = replace(known, near=_common(examples), ordinary=_rarely(said, len(meant), _SAID))
    apart = [seen for text, seen in plain.items() if text not in firm]
    known = replace(known, longer=_longer(apart, known, rivals))
    return _Learnt(known, rivals, senses.ours(examples if len(examples) >= _FEWEST_SURE else ()))


def _rarely(count: int, of: int, limit: float) -> bool:
    """Whether `count` of `of` is at most `limit`, smoothed: a handful of texts proves little."""
    return (count + 0.5) / (of + _PRIOR) <= limit


def _copies(texts: pd.Series) -> dict[str, int]:
    """How many of `texts` say the same as each, links and names apart."""
    posts = Counter(texts)
    frames = {text: adverts.frame(text) for text in posts}
    alike: Counter[str] = Counter()
    for text, count in posts.items():
        alike[frames[text]] += count
    return {text: alike[frame] for text, frame in frames.items()}


def _longer(texts: Sequence[str], known: namesakes.Names, rivals: Senses) -> frozenset[str]:
    """Pairs of words that are longer names in this archive: often written, and mostly of another sense."""
    seen: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for text in texts:
        found = namesakes.pairs(text, known)
        seen.update(found)
        if found and senses.cues(text, rivals) and not senses.ORGANISATION.search(text):
            told.update(found)
    return frozenset(pair for pair, count in seen.items() if count >= _OFTEN and told[pair] >= _TOLD * count)


def _common(texts: Sequence[str]) -> frozenset[str]:
    """Folded words in at least `_COMMON` of `texts`, and in one."""
    counts = Counter(word for text in texts for word in {part.strip(".,!?:;'\"").casefold() for part in text.split()})
    return frozenset(word for word, count in counts.items() if count >= max(1, _COMMON * len(texts)))


def _read(text: str, learnt: _Learnt) -> _Read:
    kinds = tuple(namesakes.kinds(text, learnt.names))
    if not kinds or namesakes.SURE in kinds:
        return _Read(kinds, 0, False)
    cues = senses.cues(text, learnt.rivals)
    # Who writes capitals elsewhere and this name small may mean the word; alone it proves nothing.
    cues += bool(cues) and namesakes.written_small(text, learnt.names)
    return _Read(kinds, min(cues, 2), any(words.search(text) for words in learnt.ours))


def _verdict(found: _Read, trusted: bool) -> Verdict:
    kinds = set(found.kinds)
    if not kinds:
        return "unclear", "unnamed"
    if namesakes.SURE in kinds:
        return "about", "named"
    if kinds == {namesakes.LISTED}:
        return "not_about", "namesake"
    if namesakes.PLAIN not in kinds:
        if found.organisation:
            return "unclear", "ambiguous"
        return "not_about", "ordinary_word" if kinds == {namesakes.ORDINARY} else "namesake"
    if found.cues > 1 and not found.organisation:
        return "not_about", "namesake"
    told = found.organisation and (trusted or not found.cues)
    return ("about", "named") if told or (trusted and not found.cues) else ("unclear", "ambiguous")


def _carried(mentions: pd.DataFrame, verdicts: pd.Series) -> pd.Series:
    """An answer, quote or repost that names nobody is about what its parent surely is about."""
    unnamed = verdicts.map(lambda verdict: verdict[1] == "unnamed").astype(bool)
    about = verdicts.map(lambda verdict: verdict[0] == "about" and verdict[1] != "thread").astype(bool)
    parents = set(mentions.loc[about, "id"])
    carried = unnamed & mentions["parent_id"].isin(parents).fillna(False).astype(bool)
    return verdicts.where(
        ~carried, pd.Series([("about", "thread")] * len(verdicts), index=verdicts.index, dtype=object)
    )
