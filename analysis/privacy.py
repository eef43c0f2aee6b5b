"""Pseudonyms on the way in; personal data masked on the way out.

A pseudonym is `u_` and ten lower-case base32 characters: HMAC-SHA256 of the case-folded handle under the workspace's
key, cut to 50 bits. The same handle has the same pseudonym in every archive of a workspace, so that threads and
"addressed by name" still work; without the key it cannot be turned back or guessed by trying names.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

PSEUDONYM = re.compile(r"@?u_[a-z2-7]{10}(?![A-Za-z0-9_])")
REMEMBERED = 200_000
"""How many pseudonyms a process keeps: some 40 MB."""
PHONE_REGIONS = ("US", "GB", "CN")
_KEY_BYTES = 32
_HASH_BLOCK = 64
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_BIDI}\ufeff]")
# Chinese, Japanese and Korean write no blank before an address: their letters are no part of its first half.
_CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
# Every part is bounded, and may not start within a word, so that a 10,000-character word costs 10,000 steps.
_EMAIL = (
    rf"(?<![.+-])(?<![^\W{_CJK}])(?:[^\W{_CJK}]|[.+-]){{1,64}}[@＠]"
    r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24}(?![A-Za-z0-9_])"
)
_HANDLES = {
    # Twitter's handles are ASCII: what follows one without a blank, in Chinese say, is not part of it.
    "twitter": r"[@＠]([A-Za-z0-9_]{1,64}|\w{1,64})",
    # Elsewhere they may be Chinese, hold dots (name.bsky.social) or name a server (name@server.org).
    "other": r"[@＠](\w{1,64}(?:[.·-]\w{1,64}){0,8}(?:@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})?)",
}
"""A handle, the name in it being the one group."""
_WORDS = (re.compile(r"\w+"), re.compile(r"\w[\w.·-]*\w"), re.compile(r"\w[\w.·@-]*\w"))
"""What may be a handle in a record: a word, one with dots, one with its server."""
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_SUBDOMAIN = r"(?:www\.|mobile\.|m\.)?"
_HOSTS = (
    r"(?:twitter\.com|x\.com|weibo\.com|weibo\.cn|facebook\.com|instagram\.com|threads\.net|reddit\.com|tiktok\.com"
    r"|bsky\.app)/"
)
_PROFILE = re.compile(
    rf"(?<![\w.-])(?P<host>{_SUBDOMAIN}{_HOSTS}(?:#!/)?)(?P<folder>(?:u|user|n|people|profile)/(?!status(?:es)?/))?"
    r"(?P<name>@?[^\s/?#\"'<>)]{1,200})(?P<status>/status(?:es)?/)?",
    re.IGNORECASE,
)
_NO_NAMES = (
    r"(?:i|search|hashtag|home|share|intent|explore|settings|login|signup|about|privacy|tos|p|reels?|tv|stories|groups"
    r"|events|pages|watch|profile|(?:story|permalink|photo|sharer)\.php|sharer|r|comments|tag|discover|ttarticle)"
)
"""First parts of addresses that are no user's name."""
_NO_NAME = re.compile(_NO_NAMES, re.IGNORECASE)

# RE2 patterns, which look through a column at once, and may find too much but never too little: in RE2 \w is ASCII, and
# i has no Turkish forms. Only the texts they find are looked at one by one.
_PERHAPS_EMAIL = r"(?:[\w.+-]|[^\x00-\x7f])[@＠][^\s@＠]*\.[A-Za-z]{2}"
_PERHAPS_PROFILE = rf"(?i)(?:^|[^\w.-]){_SUBDOMAIN}{_HOSTS.replace('i', '.')}"
# The address of a post and nothing else, as exports have one in each row; exact, so that no text is looked at.
_TWITTER = rf"^(https?://{_SUBDOMAIN}(?:twitter|x)\.com/)"
_POST = _TWITTER + r"[A-Za-z0-9_]{1,64}(/status(?:es)?/)([0-9]+)$"
_NOBODYS = rf"{_TWITTER}i/status(?:es)?/[0-9]+$"

_DATE = r"(?:(?:19|20)\d\d[.-]\d{1,2}[.-]\d{1,2}|\d{1,2}[.-]\d{1,2}[.-](?:19|20)\d\d)(?!\d)"
_DOTTED = r"(?!1\.\d{3}\.\d{3}\.\d{4})\d+(?:\.\d+){3}$"  # addresses of computers, versions of programs
_NO_PHONE = re.compile(f"{_DATE}|{_DOTTED}")
"""What the numbering plan of some country would allow, and nobody means as a telephone number."""


def load_key(path: Path) -> bytes:
    """The workspace's key in `path`: 32 bytes, written as hex; made (mode 0600) where there is none.

    Raises InputError where the file holds something else.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
        try:
            os.link(draft, path)  # unlike a rename, this never replaces a key that another run has just made
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise InputError(
            f"{path}: this is not a key of {_KEY_BYTES} bytes in hex. Put the right key back from a copy; with a new "
            "one (delete the file) every pseudonym changes and archives have to be ingested again."
        )
    return key


def pseudonym(handle: str, key: bytes) -> str:
    """The pseudonym of `handle`, whatever its case and with or without a leading @."""
    return Pseudonyms(key)[handle]


@lru_cache(maxsize=2)
def _names(key: bytes) -> "Pseudonyms":
    """The pseudonyms that this process has made under `key`."""
    return Pseudonyms(key)


class Pseudonyms(dict[str, str]):
    """Handle → pseudonym under one key, each computed once, as long as there are no more than REMEMBERED."""

    def __init__(self, key: bytes) -> None:
        super().__init__()
        # HMAC (RFC 2104) with what the key alone decides hashed once, which spares most of the work.
        whole = key if len(key) <= _HASH_BLOCK else sha256(key).digest()
        padded = whole.ljust(_HASH_BLOCK, b"\0")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in padded))

    def __missing__(self, handle: str) -> str:
        if len(self) >= REMEMBERED:
            self.clear()
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(handle.strip().lstrip("@＠").casefold().encode("utf-8", "surrogatepass"))
        outer.update(inner.digest())
        bits = int.from_bytes(outer.digest()[:7], "big") >> 6
        found = "u_" + "".join([_PAIRS[bits >> shift & 1023] for shift in (40, 30, 20, 10, 0)])
        self[handle] = found
        return found


def pseudonyms(handles: pd.Series, key: bytes) -> pd.Series:
    """The pseudonym of each handle (string); null where the handle is null."""
    import pyarrow as pa

    written = _to_arrow(handles).dictionary_encode()
    names = _names(key)
    named = pa.array([names[handle] for handle in written.dictionary.to_pylist()], pa.large_string())
    return _to_pandas(named.take(written.indices), handles.index)


def hide_handles(texts: pd.Series, key: bytes, platform: str | None = None) -> pd.Series:
    """`texts` with `@u_…` for every @handle, and no user names in the addresses of social networks.

    `twitter.com/NAME/status/1` becomes `twitter.com/i/status/1`, which still opens; other profiles get the pseudonym.
    E-mail addresses are no handles and stay. `platform` "twitter" (or "x") restricts handles to ASCII. Null stays null.
    """
    import pyarrow.compute as pc

    names = _names(key)
    kind = "twitter" if (platform or "").casefold() in ("twitter", "x") else "other"
    handle = re.compile(_HANDLES[kind])
    email_or_handle = re.compile(f"(?P<email>{_EMAIL})|{_HANDLES[kind]}")

    def keep_email(match: re.Match[str]) -> str:
        return match["email"] or "@" + names[match[0][1:]]  # as the author of a post goes by it

    def hide(text: str) -> str:
        between = handle.split(text)  # several times as fast as a call for each match
        between[1::2] = ["@" + names[name] for name in between[1::2]]
        return "".join(between)

    def hide_posts(some: "pa.Array") -> "pa.Array":
        hidden = pc.replace_substring_regex(some, _POST, r"\1i\2\3")
        return _where(hidden, pc.equal(hidden, some), hide_profiles)

    def hide_profiles(some: "pa.Array") -> "pa.Array":
        profile = _found(some, _PERHAPS_PROFILE)
        return _changed(some, profile, lambda text: _PROFILE.sub(lambda match: _profile(match, names), text))

    def hide_people(some: "pa.Array") -> "pa.Array":
        email = _found(some, _PERHAPS_EMAIL)
        some = _changed(some, email, lambda text: email_or_handle.sub(keep_email, text))
        return _where(some, pc.invert(email), lambda plain: _together(plain, hide))

    written = _to_arrow(texts)
    written = _where(written, _holds(written, "/"), hide_posts)
    written = _where(written, pc.or_(_holds(written, "@"), _holds(written, "＠")), hide_people)
    return _to_pandas(written, texts.index)


def hide_authors(addresses: pd.Series, authors: pd.Series, key: bytes) -> pd.Series:
    """`addresses` of posts without the name of the post's own author (a handle) in their path, on whatever server.

    `authors` has the index of `addresses`. Null stays null.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    names = _names(key)

    def hide(address: str, author: str) -> str:
        plain = author.strip().lstrip("@＠").casefold()
        if not plain or plain not in address.casefold():
            return address
        *server, path = address.split("/", 3)
        return "/".join([*server, *(names[part] if part.casefold() == plain else part for part in path.split("/"))])

    written, by = _to_arrow(addresses), _to_arrow(authors)
    both = pc.and_(pc.is_valid(written), pc.is_valid(by))
    open_ones = pc.and_not(both, _found(written, _NOBODYS))
    pairs = zip(written.filter(open_ones).to_pylist(), by.filter(open_ones).to_pylist(), strict=True)
    some = pa.array([hide(address, author) for address, author in pairs], pa.large_string())
    return _to_pandas(pc.replace_with_mask(written, open_ones, some), addresses.index)


def names_any(text: str, people: frozenset[str], names: Pseudonyms) -> bool:
    """Whether a word of `text`, a record as it came, is the handle of one of `people` (pseudonyms under `names`)."""
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return any(names[word] in people for pattern in _WORDS for word in set(pattern.findall(plain)))


def _profile(match: re.Match[str], names: Pseudonyms) -> str:
    name = match["name"]
    if not match["folder"] and (_NO_NAME.fullmatch(name) or name.startswith("@")):
        return match[0]  # the second kind is a handle, and is hidden as one
    if match["status"]:
        return f"{match['host']}i/status/"
    return f"{match['host']}{match['folder'] or ''}{names[name]}"


def _to_arrow(texts: pd.Series) -> "pa.Array":
    import pyarrow as pa

    whole = pa.array(texts, pa.large_string(), from_pandas=True)
    return whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole


def _to_pandas(texts: "pa.Array", index: pd.Index) -> pd.Series:
    return pd.Series(pd.array(texts, dtype="string"), index=index)


def _found(texts: "pa.Array", pattern: str) -> "pa.Array":
    """Where `pattern` (RE2) is found in `texts`; false where they are null."""
    import pyarrow.compute as pc

    return pc.fill_null(pc.match_substring_regex(texts, pattern), False)


def _holds(texts: "pa.Array", character: str) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    letters = texts.buffers()[2]
    if letters is None or character.encode() not in letters.to_pybytes():  # a look at all of them at once
        return pa.repeat(False, len(texts))
    return pc.fill_null(pc.match_substring(texts, character), False)


def _where(texts: "pa.Array", which: "pa.Array", change: "Callable[[pa.Array], pa.Array]") -> "pa.Array":
    """`texts` with `change` made to those that are true in `which`, taken together."""
    import pyarrow.compute as pc

    some = texts.filter(which)
    return texts if not len(some) else pc.replace_with_mask(texts, which, change(some))


def _together(texts: "pa.Array", change: Callable[[str], str]) -> "pa.Array":
    """`texts` changed: all of them at once, where none holds the NUL that keeps them apart."""
    import pyarrow as pa

    plain = texts.to_pylist()
    together = change("\0".join(plain)).split("\0")
    return pa.array(together if len(together) == len(plain) else map(change, plain), texts.type)


def _changed(texts: "pa.Array", where: "pa.Array", change: Callable[[str], str]) -> "pa.Array":
    """`texts` with `change` made to those that are true in `where`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    some = pa.array([change(text) for text in texts.filter(where).to_pylist()], texts.type)
    return pc.replace_with_mask(texts, where, some)


def mask(text: str, allowed: Mapping[str, str] | None = None) -> str:
    """`text` as it may be printed: no e-mail addresses, telephone numbers, people or invisible characters.

    `allowed` maps the pseudonyms of organisations to the names they are shown by; every other one becomes "@user".
    Telephone numbers are those valid in the US, Britain or China, or written with a country code of any. A bare number
    that is valid as one is masked too, though it may be that of an order; dates, IP addresses and `#123…` are not.
    """
    shown = allowed or {}
    text = _INVISIBLE.sub("", text)
    text = PSEUDONYM.sub(lambda match: "@" + shown.get(match[0].lstrip("@"), "user"), text)
    text = re.sub(_EMAIL, "[e-mail]", text)
    return _without_phones(text)


def _without_phones(text: str) -> str:
    import phonenumbers

    if sum(character.isdigit() for character in text) < 7:
        return text
    possible, valid = phonenumbers.Leniency.POSSIBLE, phonenumbers.Leniency.VALID
    # After a "+" the length suffices: countries open new ranges faster than anybody's tables learn of them.
    for region, leniency in ((None, possible), *((region, valid) for region in PHONE_REGIONS)):
        for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, region, leniency))):
            if not (_NO_PHONE.match(match.raw_string) or text[: match.start].endswith(("#", "＃"))):
                text = text[: match.start] + "[phone]" + text[match.end :]
    return text
