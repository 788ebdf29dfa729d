"""The letter that came back inside a bounce: whom it was written to."""

import re
from email.message import Message

from subscribers.bounces import book
from subscribers.mailbox.parsing import split_addresses

_COPY = book.any_of(book.read("signs")["copies"], before=r"^[ \t>]*")
_TO = re.compile(r"^(?:To|X-Original-To|Delivered-To):[ \t]*(.+(?:\r?\n[ \t].+)*)", re.IGNORECASE | re.MULTILINE)


def split(text: str) -> tuple[str, str]:
    """Return what a notice says and the returned letter that follows in the same text."""
    for found in _COPY.finditer(text):
        if text[: found.start()].strip():
            return text[: found.start()], text[found.start() :]
    return text, ""


def recipients(parts: list[Message], text: str) -> tuple[str, ...]:
    """Return the addresses that the returned letter was written to, as far as it came back."""
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "message/global"):
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            if isinstance(inner, Message):
                return _addresses(str(inner.get("to", "")))
        if part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            payload = part.get_payload(decode=True)
            return _in_text(payload.decode("utf-8", "replace") if isinstance(payload, bytes) else "")
    return _in_text(split(text)[1])


def _in_text(text: str) -> tuple[str, ...]:
    found = _TO.search(text)
    return _addresses(found[1]) if found else ()


def _addresses(value: str) -> tuple[str, ...]:
    return tuple(address for _, address in split_addresses(value.replace("\r", " ").replace("\n", " ")))
