"""Pseudonyms on the way in; personal data masked on the way out.

A pseudonym is `u_` and ten lower-case base32 characters: HMAC-SHA256 of the case-folded handle under the workspace's
key, cut to 50 bits. The same handle has the same pseudonym in every archive of a workspace, so that threads and
"addressed by name" still work; without the key it cannot be turned back or guessed by trying names.
"""

import base64
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.errors import InputError

PSEUDONYM = re.compile(r"@?u_[a-z2-7]{10}(?![A-Za-z0-9_])")
PHONE_REGIONS = ("US", "GB", "CN")
_KEY_BYTES = 32
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = re.compile(rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_BIDI}\ufeff]")
# Every part is bounded, and may not start within a word, so that a 10,000-character word costs 10,000 steps.
_EMAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24}(?!\w)"
_HANDLES = {
    # Twitter's handles are ASCII: what follows one without a blank, in Chinese say, is not part of it.
    "twitter": r"[@＠](?:[A-Za-z0-9_]{1,64}|\w{1,64})",
    # Elsewhere they may be Chinese, hold dots (name.bsky.social) or name a server (name@server.org).
    "other": r"[@＠]\w{1,64}(?:[.·-]\w{1,64}){0,8}(?:@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})?",
}
_PROFILE = re.compile(
    r"(?<![\w.-])(?P<host>(?:www\.|mobile\.|m\.)?"
    r"(?:twitter\.com|x\.com|weibo\.com|weibo\.cn|facebook\.com|instagram\.com|threads\.net|reddit\.com|tiktok\.com)"
    r"/(?:#!/)?)(?P<folder>(?:u|user|n|people)/)?(?P<name>@?[^\s/?#\"'<>)]{1,200})(?P<status>/status(?:es)?/)?",
    re.IGNORECASE,
)
_NO_NAMES = re.compile(
    r"i|search|hashtag|home|share|intent|explore|settings|login|signup|about|privacy|tos|p|reels?|tv|stories|groups|events"
    r"|pages|watch|(?:story|permalink|photo|sharer)\.php|sharer|r|comments|tag|discover|ttarticle",
    re.IGNORECASE,
)
"""First parts of addresses that are no user's name."""


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
    plain = handle.strip().lstrip("@＠").casefold().encode("utf-8", "surrogatepass")
    digest = hmac.digest(key, plain, "sha256")
    return "u_" + base64.b32encode(digest[:10]).decode("ascii")[:10].lower()


class Pseudonyms:
    """Pseudonyms under one key, each computed once."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, str] = {}

    def of(self, handle: str) -> str:
        found = self._known.get(handle)
        if found is None:
            found = self._known[handle] = pseudonym(handle, self._key)
        return found


def pseudonyms(handles: pd.Series, key: bytes) -> pd.Series:
    """The pseudonym of each handle (string); null where the handle is null."""
    names = Pseudonyms(key)
    return pd.Series(
        [None if pd.isna(handle) else names.of(handle) for handle in handles], index=handles.index, dtype="string"
    )


def hide_handles(texts: pd.Series, key: bytes, platform: str | None = None) -> pd.Series:
    """`texts` with `@u_…` for every @handle, and no user names in the addresses of social networks.

    `twitter.com/NAME/status/1` becomes `twitter.com/i/status/1`, which still opens; other profiles get the pseudonym.
    E-mail addresses are no handles and stay. `platform` "twitter" (or "x") restricts handles to ASCII. Null stays null.
    """
    names = Pseudonyms(key)
    kind = "twitter" if (platform or "").casefold() in ("twitter", "x") else "other"
    handle = re.compile(rf"(?P<email>{_EMAIL})|(?P<handle>{_HANDLES[kind]})")

    def hide(text: str) -> str:
        if "/" in text:
            text = _PROFILE.sub(lambda match: _profile(match, names), text)
        if "@" in text or "＠" in text:
            text = handle.sub(
                lambda match: match["email"] or "@" + names.of(match["handle"]),
                text,
            )
        return text

    return pd.Series(
        [None if pd.isna(text) else hide(text) for text in texts],
        index=texts.index,
        dtype="string",
    )


def _profile(match: re.Match[str], names: Pseudonyms) -> str:
    name = match["name"]
    if not match["folder"] and (_NO_NAMES.fullmatch(name) or name.startswith("@")):
        return match[0]  # the second kind is a handle, and is hidden as one
    if match["status"]:
        return f"{match['host']}i/status/"
    return f"{match['host']}{match['folder'] or ''}{names.of(name)}"


def mask(text: str, allowed: Mapping[str, str] | None = None) -> str:
    """`text` as it may be printed: no e-mail addresses, telephone numbers, people or invisible characters.

    `allowed` maps the pseudonyms of organisations to the names they are shown by; every other one becomes "@user".
    Telephone numbers are those valid in the US, Britain or China, or written with a country code.
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
    for region in PHONE_REGIONS:
        for match in reversed(list(phonenumbers.PhoneNumberMatcher(text, region))):
            text = text[: match.start] + "[phone]" + text[match.end :]
    return text
