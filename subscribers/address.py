"""Parse and normalise one e-mail address; pure, asks no name server."""

import re
from dataclasses import dataclass

from email_validator import EmailSyntaxError, ValidatedEmail, validate_email

from subscribers.errors import AddressError

REASONS = ("empty", "incomplete", "characters", "international", "domain", "too-long")
"""The words `AddressError.reason` may be; see `parse`."""

MAX_LENGTH = 254
"""The longest address a forward path can carry (RFC 5321 4.5.3.1.3, less the angle brackets)."""

MAX_LOCAL_LENGTH = 64
"""RFC 5321 4.5.3.1.1, in octets."""

LOOSE_CARRIERS = frozenset({"docomo.ne.jp", "ezweb.ne.jp", "au.com"})
"""Japanese carriers that until 2009 gave out local parts with dots side by side or at the end."""

_LOOSE_LOCAL = re.compile(r"[A-Za-z0-9._-]+")
# Full-width ASCII (U+FF01 to U+FF5E), as Japanese keyboards in full-width mode write it.
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


@dataclass(frozen=True)
class Address:
    """An address twice: `email` as mail is sent to it, `key` as it is compared and hashed."""

    email: str
    key: str


def parse(text: str) -> Address:
    """Return the address in `text`, its domain in lower-case A-labels; raise AddressError.

    The error's `reason` says which sentence to show: `empty`; `incomplete` (no @, no dot in the domain);
    `characters` (some are not allowed there); `international` (non-ASCII before the @, which the relay
    would have to promise to carry, RFC 6531); `domain` (cannot exist); `too-long`.
    Blanks around it and full-width letters are forgiven, nothing else is: what comes back is one bare address.
    """
    written = text.strip().translate(_HALF_WIDTH)
    if not written:
        raise AddressError("empty")
    local, at, domain = written.rpartition("@")
    if not (at and local and domain):
        raise AddressError("incomplete")
    if len(written) > MAX_LENGTH or len(local) > MAX_LOCAL_LENGTH:
        raise AddressError("too-long")
    if local.startswith("-"):  # could be read as an option by a mailer behind the relay; Postfix refuses it too
        raise AddressError("characters")
    email = _loose(local, domain.lower()) or _strict(local, domain)
    if len(email) > MAX_LENGTH:  # A-labels are longer than what they stand for
        raise AddressError("too-long")
    return Address(email, email.casefold())


def mask(email: str) -> str:
    """Return the address with all but its first letter and its domain hidden: `t•••@example.org`."""
    local, _, domain = email.rpartition("@")
    return f"{local.lstrip(chr(34))[:1]}•••@{domain}"


def _loose(local: str, domain: str) -> str | None:
    """Return an old carrier address with its local part quoted, or None where no exception is needed."""
    bare = local[1:-1] if len(local) > 2 and local[0] == local[-1] == '"' else local  # noqa: PLR2004 - two quotes
    if domain not in LOOSE_CARRIERS or not _LOOSE_LOCAL.fullmatch(bare) or bare.startswith((".", "-")):
        return None
    needs_quotes = ".." in bare or bare.endswith(".")
    return f'"{bare}"@{domain}' if needs_quotes else f"{bare}@{domain}"


def _strict(local: str, domain: str) -> str:
    if "." not in domain.strip("."):
        raise AddressError("incomplete")
    if not local.isascii():
        raise AddressError("international")
    # Checked apart, so that the reason is known: whatever fails with a sound local part is the domain's fault.
    _validate(f"{local}@example.org", "characters")
    return f"{local}@{_validate(f'x@{domain}', 'domain').ascii_domain.lower()}"


def _validate(email: str, reason: str) -> ValidatedEmail:
    try:
        # test_environment lets .test through (RFC 6761), which samples and rehearsals use.
        return validate_email(email, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailSyntaxError as error:
        raise AddressError(reason) from error
