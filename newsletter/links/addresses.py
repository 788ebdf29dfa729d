"""The code of a link, the token that carries it in a mail, and one spelling for each address; pure."""

import base64
import hashlib
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from subscribers import languages

CODE_LENGTH = 12
"""Sixty bits of base32: no two addresses of all issues ever made share a code."""
_KEPT = "%/:?#[]@!$&'()*+,;=~"  # what an address may hold beside letters, digits and -._ (RFC 3986 2.2)


def code(slug: str, target: str) -> str:
    """Return the code of an address in one issue: the same however often the issue is frozen."""
    told = hashlib.sha256(f"{slug}\n{target}".encode()).digest()
    return base64.b32encode(told).decode("ascii").lower()[:CODE_LENGTH]


def codes(slug: str, targets: Iterable[str]) -> dict[str, int]:
    """Return the codes of addresses, each with its place among them."""
    return {code(slug, target): place for place, target in enumerate(targets, start=1)}


def token(code: str, language: str) -> str:
    """Return what stands in our address: the code, and from which edition ("en", "en+ja") it is followed."""
    return f"{code}-{'-'.join(languages.of(language))}"


def parse(token: str) -> tuple[str, str]:
    """Return code and language of a token; of anything else, what finds nothing."""
    code, _, language = token.partition("-")
    return code, language.replace("-", languages.BOTH)


def canonical(url: str) -> str:
    """Return an address in the one spelling that is stored, all of it ASCII; empty for what is no address.

    The same page is written with Japanese letters in a text and percent-encoded in HTML.
    """
    try:
        parts = urlsplit(url)
        host = parts.netloc
        if not host.isascii() or "%" in host:
            name, colon, port = unquote(host).partition(":")
            host = name.encode("idna").decode("ascii") + colon + port
    except ValueError:  # not an address; UnicodeError, for a name that cannot be one, is a ValueError
        return ""
    if parts.scheme not in ("http", "https") or not host.isprintable() or not host:
        return ""
    rest = (quote(part, safe=_KEPT) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, host, *rest))
