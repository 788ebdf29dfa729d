"""Take a caught message apart for showing it; whatever it holds, its source can always be shown."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from urllib.parse import quote, unquote, urlsplit

from markupsafe import Markup, escape

from newsletter.sandbox.catcher.store import Caught
from subscribers.mailbox import parsing

MAX_HEAD_BYTES = 64 * 2**10
MAX_SOURCE_CHARACTERS = 500_000
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s*<!doctype[^>]*>", re.IGNORECASE)
_MAILTO = re.compile(r"""(\shref\s*=\s*)(["'])mailto:([^"'>]*)\2""", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\"'）」】]+[^\s<>\"'）」】.,;:!?、。]|[\w.+=-]+@[\w-]+(?:\.[\w-]+)+")
_LIST_LINK = re.compile(r"<(https?://[^<>\s]+)>")


@dataclass(frozen=True)
class Summary:
    """What the list shows of one message."""

    caught: Caught
    subject: str
    sender_name: str
    sender: str


@dataclass(frozen=True)
class Opened:
    """One message taken apart; `html` and `text` are empty where there is no such part."""

    summary: Summary
    html: str
    text: str
    headers: list[tuple[str, str]]
    source: str
    reply_to: str
    message_id: str
    one_click: str  # the address for RFC 8058's POST; empty where the message offers none


def summarise(caught: Caught) -> Summary:
    """Return what the list shows, from the first part of the file only."""
    with caught.path.open("rb") as file:
        mail = parsing.Mail(file.read(MAX_HEAD_BYTES))
    name, address = next(iter(mail.addresses("from")), ("", ""))
    return Summary(caught, mail.field("subject"), name, address)


def take_apart(caught: Caught) -> Opened:
    """Return everything there is to show."""
    raw = caught.raw
    head = parsing.Mail(raw[:MAX_HEAD_BYTES])
    message = _parsed(raw)
    offers_one_click = head.field("list-unsubscribe-post").replace(" ", "").lower() == "list-unsubscribe=one-click"
    link = _LIST_LINK.search(head.field("list-unsubscribe"))
    return Opened(
        summary=summarise(caught),
        html=_part(message, "text/html"),
        text=_part(message, "text/plain"),
        headers=[(name, parsing.decode(str(value))) for name, value in head.message.raw_items()],
        source=raw.decode("utf-8", "replace")[:MAX_SOURCE_CHARACTERS],
        reply_to=next((address for _, address in head.addresses("reply-to", "from")), ""),
        message_id=head.field("message-id"),
        one_click=link[1] if link and offers_one_click else "",
    )


def page_of(html: str, *, write_to: str) -> str:
    """Return the HTML of a message so that links open in a new tab and mail addresses open `write_to`.

    A real mail program would answer a `mailto:` link by mail that leaves this machine.
    """
    html = _MAILTO.sub(lambda found: f"{found[1]}{found[2]}{escape(_written(found[3], write_to))}{found[2]}", html)
    start = _HEAD.search(html) or _DOCTYPE.match(html)
    position = start.end() if start else 0
    return f'{html[:position]}<base target="_blank">{html[position:]}'


def linked(text: str, *, write_to: str) -> Markup:
    """Return plain text with its addresses made into links that open in a new tab."""
    pieces: list[Markup] = []
    position = 0
    for found in _LINK.finditer(text):
        word = found[0]
        target = word if "://" in word else _written(word, write_to)
        pieces += [escape(text[position : found.start()])]
        pieces += [Markup('<a href="{}" target="_blank" rel="noopener">{}</a>').format(target, word)]
        position = found.end()
    return Markup("").join([*pieces, escape(text[position:])])


def _written(mailto: str, write_to: str) -> str:
    parts = urlsplit(f"mailto:{mailto.replace('&amp;', '&')}")
    query = f"&{parts.query}" if parts.query else ""
    return f"{write_to}&to={quote(unquote(parts.path))}{query}"


def _parsed(raw: bytes) -> Message:
    try:
        return message_from_bytes(raw)
    except RecursionError:  # parts in parts in parts: the headers and the source can still be shown
        return message_from_bytes(raw[:MAX_HEAD_BYTES].partition(b"\r\n\r\n")[0])


def _part(message: Message, kind: str) -> str:
    part = next((part for part in message.walk() if part.get_content_type() == kind), None)
    if part is None or part.is_multipart():
        return ""
    payload = part.get_payload(decode=True)
    return parsing.decode_bytes(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""
