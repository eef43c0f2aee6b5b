"""Every sentence of the report as message catalogues (gettext): a new language is one catalogue.

A sentence has an id such as `volume.total.exact`; its text in each language stands in `<language>.po`, with the places
of its values in braces: `{share}` is a value as the reader sees it, `{share.interval}` its interval, `{share.n}` the
number of observations, `{share.reason}` why there is none.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter

from babel import Locale
from babel.lists import format_list
from babel.messages.pofile import read_po

from analysis.measures.estimate import Estimate
from analysis.style import numbers

LANGUAGES = ("en", "zh")
_FOLDER = Path(__file__).parent


@lru_cache
def catalogue(language: str) -> Mapping[str, str]:
    """Message id → sentence in `language`."""
    with (_FOLDER / f"{language}.po").open("rb") as handle:
        return {str(message.id): str(message.string) for message in read_po(handle, locale=language) if message.id}


def say(message: str, language: str, values: Mapping[str, object] | None = None, zone: str = "UTC") -> str:
    """The sentence `message` in `language`, with its values put in; KeyError where there is no such sentence.

    Values are Estimates, whole numbers (shown as counts), texts (shown as they are), or texts by language. A text is
    never read as a sentence: braces in it stay braces.
    """
    shown = {name: _Shown(value, language, zone) for name, value in (values or {}).items()}
    return Formatter().vformat(catalogue(language)[message], (), shown)


def knows(message: str, language: str = "en") -> bool:
    return message in catalogue(language)


def group(prefix: str, language: str) -> dict[str, str]:
    """The short texts under `prefix`, by the rest of their ids: the words of a figure, the labels of a page."""
    return {
        message.removeprefix(prefix + "."): text
        for message, text in catalogue(language).items()
        if message.startswith(prefix + ".")
    }


def language_name(code: str, language: str) -> str:
    """The name of the language `code` (ISO 639-1) in `language`; the code itself where it has none there."""
    return Locale.parse(language).languages.get(code, code)


def joined(items: Iterable[str], language: str) -> str:
    """The items as a list in a sentence: "a, b and c", "a、b和c"."""
    return format_list(list(items), locale=language)


class _Shown:
    """A value as a sentence shows it."""

    def __init__(self, value: object, language: str, zone: str) -> None:
        self._value, self._language, self._zone = value, language, zone

    def __format__(self, spec: str) -> str:
        value = self._value
        if isinstance(value, Estimate):
            return self.reason if value.value is None else self._number(value.value)
        if isinstance(value, Mapping):
            return str(value[self._language])
        if isinstance(value, int):
            return numbers.value(value, "count", self._language)
        return str(value)

    def _number(self, number: float | str) -> str:
        return numbers.value(number, self._estimate.unit, self._language, self._zone)

    @property
    def _estimate(self) -> Estimate:
        if not isinstance(self._value, Estimate):
            raise TypeError("only an estimate has an interval")
        return self._value

    @property
    def interval(self) -> str:
        estimate = self._estimate
        if estimate.low is None and estimate.high is None:
            return self.reason if estimate.reason else catalogue(self._language)["no_interval"]
        return numbers.interval(estimate.low, estimate.high, estimate.unit, self._language, self._zone)

    @property
    def low(self) -> str:
        return self._number(self._estimate.low)  # type: ignore[arg-type]

    @property
    def high(self) -> str:
        return self._number(self._estimate.high)  # type: ignore[arg-type]

    @property
    def n(self) -> str:
        return numbers.value(self._estimate.n, "count", self._language)

    @property
    def reason(self) -> str:
        return catalogue(self._language)[f"reason.{self._estimate.reason}"]
