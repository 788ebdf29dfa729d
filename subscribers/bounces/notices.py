"""Bounces in words of a program's own: who is named in the text, and what is said beside each name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from subscribers.bounces import book, codes, returned, wordings
from subscribers.mailbox.parsing import Mail, clean, decode_bytes, html_text

LONGEST_TEXT = 32 * 2**10
LONGEST_REPLY = 1_000
MOST = 100
_ADDRESS = re.compile(r"[^\s<>\"'();,:\[\]|=*]{1,64}@(?:[\w-]+\.)+[\w-]{2,63}")
_FAILING = re.compile(
    r"^(?:mailer-?daemon|postmaster|abuse|no-?reply|support|hostmaster|admin(?:istrator)?|helpdesk)@", re.IGNORECASE
)
_BOOK = book.read("signs")
_LATE = book.any_of(_BOOK["late"])
_OVER = book.any_of(_BOOK["over"])


@dataclass(frozen=True)
class Entry:
    """Somebody named in a notice, and what is said about them."""

    address: str
    reply: str
    delayed: bool = False


def text(parts: list[Message]) -> str:
    """Return what a notice says in its own parts, before the letter it returns; at most 32 KB."""
    words: list[str] = []
    for part in parts:
        kind = part.get_content_type()
        if kind in ("message/rfc822", "text/rfc822-headers"):
            break
        if part.get_content_maintype() in ("text", "message") and part.get_content_disposition() != "attachment":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                said = decode_bytes(payload[:LONGEST_TEXT], part.get_content_charset())
                words.append(html_text(said) if kind == "text/html" else said)
    return "\n".join(words)[:LONGEST_TEXT]


def entries(mail: Mail, told: str, copied: tuple[str, ...], own: frozenset[str]) -> list[Entry]:
    """Return whom a notice names: fields made for it, then addresses in its text, then whom the letter was for."""
    said, _ = returned.split(told)
    delayed = _LATE.search(mail.field("subject") + "\n" + said) is not None and not _OVER.search(said)
    failing = [address for _, address in mail.addresses("x-failed-recipients")]
    named = failing or _named(said, copied, own, mail)
    found = [Entry(address, about(address, said, whole=len(named) == 1), delayed) for address in named[:MOST]]
    return [entry for entry in found if entry.reply] or (
        [Entry("", clean(said, LONGEST_REPLY), delayed)] if said.strip() else []
    )


def about(address: str, told: str, *, whole: bool) -> str:
    """Return what a text says about an address: from it to the next, or all where it is the only one."""
    said, _ = returned.split(told)
    lines = said.splitlines()
    if not address:
        return clean(said, wordings.LONGEST) if whole else ""
    begin = next((number for number, line in enumerate(lines) if address.casefold() in line.casefold()), None)
    if begin is None:
        return clean(said, wordings.LONGEST) if whole else ""
    near = clean(" ".join(_until_next(lines, begin, address)), LONGEST_REPLY)
    if not whole or wordings.certain(wordings.folded(near)) or codes.certain(codes.enhanced(near)):
        return near
    return clean(said, wordings.LONGEST)


def _until_next(lines: list[str], begin: int, address: str) -> Iterator[str]:
    yield lines[begin]
    for line in lines[begin + 1 : begin + 12]:
        other = _ADDRESS.search(line)
        if (
            other
            and other[0].casefold() != address.casefold()
            and line.strip(" <\t").casefold().startswith(other[0].casefold())
        ):
            return
        yield line


def _named(said: str, copied: tuple[str, ...], own: frozenset[str], mail: Mail) -> list[str]:
    writer = {address.casefold() for _, address in mail.addresses("from", "sender", "reply-to")}
    ours = own | {address.casefold() for _, address in mail.addresses("to", "delivered-to", "return-path")}
    found = dict.fromkeys(
        address.rstrip(".")
        for address in _ADDRESS.findall(said)
        if address.casefold().rstrip(".") not in ours | writer and not _FAILING.match(address)
    )
    folded = {address.casefold() for address in copied}
    both = [address for address in found if address.casefold() in folded]
    return both or list(found) or ([copied[0]] if len(copied) == 1 else [])
