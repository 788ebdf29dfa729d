"""Read one letter with bounded work, whatever it holds: a hostile letter comes out short or empty, not as an error."""

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses
from html.parser import HTMLParser

MAX_BYTES = 256 * 2**10
"""How much of a letter is looked at; what people write and what servers report comes first."""

MAX_REPORT_BYTES = 64 * 2**10
"""The same for delivery reports, where every blank line makes one more object."""

MAX_HEADER_BYTES = 64 * 2**10
MAX_BOUNDARIES = 200
"""100,000 empty parts take Python's parser 7 s, 1,000 nested ones end it with RecursionError (measured on 3.11.7)."""

MAX_VALUE = 2_000  # characters of one header field
MAX_TEXT_BYTES = 32 * 2**10
MAX_HTML_BYTES = 128 * 2**10

# Codecs that turn bytes into text and do nothing else; a letter may name any codec of Python's.
_CHARSETS = frozenset(
    codecs.lookup(name).name
    for name in (
        *("ascii", "utf-8", "utf-16", "koi8-r", "big5", "big5hkscs", "gb2312", "gbk", "gb18030", "euc-kr", "cp949"),
        *("shift_jis", "cp932", "euc-jp", "iso2022_jp", "iso2022_jp_ext", "iso2022_kr", "tis-620", "cp874"),
        *(f"iso8859-{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
        *(f"cp125{number}" for number in range(9)),
    )
)
# Half-width kana are not in ISO-2022-JP proper, and phones send them in it; NEC's and IBM's letters likewise.
_WIDER = {"iso2022_jp": "iso2022_jp_ext", "shift_jis": "cp932", "gb2312": "gb18030", "ascii": "utf-8"}
_SPACES = re.compile("[ \t\r\n]+")  # the ideographic space of Japanese names and subjects stays
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Mail:
    """One letter, parsed."""

    def __init__(self, raw: bytes) -> None:
        """Take the bytes as the server gave them."""
        self.message: Message = message_from_bytes(_bounded(raw))
        self._fields = [(name.lower(), str(value)) for name, value in self.message.raw_items()]

    def field(self, name: str) -> str:
        """Return the first field of that name, decoded, on one line; empty where there is none."""
        return next(iter(self.fields(name)), "")

    def fields(self, name: str) -> list[str]:
        """Return every field of that name, from the top."""
        return [decode(value) for value in self._raw(name)]

    def has(self, *names: str) -> bool:
        """Return whether any of the fields is there."""
        return any(name in names for name, _ in self._fields)

    def addresses(self, *names: str) -> list[tuple[str, str]]:
        """Return (display name, address) pairs of those fields, as far as they can be read."""
        return [pair for name in names for value in self._raw(name) for pair in split_addresses(value)]

    def text(self) -> str:
        """Return what the letter says: its first plain text, or its first HTML as text."""
        parts = list(_text_parts(self.message))
        plain = next((part for part in parts if part.get_content_type() == "text/plain"), None)
        if plain is not None and (text := _content(plain, MAX_TEXT_BYTES)).strip():
            return text
        html = next((part for part in parts if part.get_content_type() == "text/html"), None)
        return html_text(_content(html, MAX_HTML_BYTES)) if html is not None else ""

    def charsets(self) -> set[str]:
        """Return the character sets that its text names, as Python calls them."""
        return {_codec(part.get_content_charset()) for part in _text_parts(self.message)}

    def _raw(self, name: str) -> list[str]:
        return [value[:MAX_VALUE] for key, value in self._fields if key == name]


def clean(text: str, limit: int) -> str:
    """Return `text` on one line without control characters and halves of characters, at most `limit` long."""
    return _SPACES.sub(" ", _CONTROLS.sub(" ", text[: 4 * limit])).strip(" ")[:limit]


def decode(value: str) -> str:
    """Return a header field's value as text; unknown character sets and broken words become readable somehow."""
    raw = value.encode("utf-8", "surrogateescape")
    if not value.isascii() or "\x1b" in value:  # 8-bit or ISO-2022-JP without encoded words, as some phones write
        return clean(decode_bytes(raw, None), MAX_VALUE)
    try:
        chunks = decode_header(re.sub(r"\r?\n", "", value))  # it would lose the space at the start of a folded line
    except (MessageError, ValueError):
        return clean(value, MAX_VALUE)
    words = (chunk if isinstance(chunk, str) else decode_bytes(chunk, charset) for chunk, charset in chunks)
    return clean("".join(words), MAX_VALUE)


def decode_bytes(raw: bytes, charset: str | None) -> str:
    """Return bytes as text by the character set they name, or the likeliest one; never raises."""
    if b"\x1b$" in raw or b"\x1b(" in raw:
        return raw.decode("iso2022_jp_ext", "replace")
    named = _codec(charset)
    for codec in (_WIDER.get(named, named), "utf-8", "cp932"):
        try:
            return raw.decode(codec) if codec else raw.decode("utf-8")
        except UnicodeError:
            continue
    return raw.decode(named or "utf-8", "replace")


def split_addresses(value: str) -> list[tuple[str, str]]:
    """Return the (display name, address) pairs of one field's value; none where it is no list of addresses."""
    try:
        pairs = getaddresses([value[:MAX_VALUE]])
    except Exception:  # noqa: BLE001 - the standard library raises IndexError, RecursionError and more on crafted lists
        return []
    return [(decode(name), clean(email, 400)) for name, email in pairs if "@" in email]


def _bounded(raw: bytes) -> bytes:
    end = min((found for mark in (b"\n\n", b"\n\r\n") if (found := raw.find(mark)) >= 0), default=len(raw))
    head, body = raw[:end], raw[end:]
    if end > MAX_HEADER_BYTES:
        head = head[:MAX_HEADER_BYTES].rpartition(b"\n")[0]
    limit = MAX_REPORT_BYTES if b"delivery-status" in (head + body[:MAX_BYTES]).lower() else MAX_BYTES
    raw = head + body[:limit]
    position = 0
    for _ in range(MAX_BOUNDARIES):
        position = raw.find(b"\n--", position) + 1
        if not position:
            return raw
    return raw[:position]


def _text_parts(message: Message) -> Iterator[Message]:
    if message.get_content_disposition() == "attachment":
        return
    if message.get_content_maintype() == "text":
        yield message
    elif message.is_multipart() and message.get_content_maintype() == "multipart":  # not into a forwarded letter
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _text_parts(part)


def _content(part: Message, limit: int) -> str:
    try:
        payload = part.get_payload(decode=True)
    except Exception:  # noqa: BLE001 - a broken transfer encoding, which the standard library answers in many ways
        return ""
    raw = payload if isinstance(payload, bytes) else b""
    if len(raw) > limit:
        raw = raw[:limit].rpartition(b"\n")[0] or raw[:limit]  # no character is cut in two
    return _CONTROLS.sub("", decode_bytes(raw, part.get_content_charset()).replace("\r\n", "\n").replace("\r", "\n"))


def _codec(charset: str | None) -> str:
    try:
        name = codecs.lookup(charset or "ascii").name
    except (LookupError, ValueError):
        return ""
    return name if name in _CHARSETS else ""


class _Text(HTMLParser):
    """Collects what a person wrote, up to the first quotation."""

    _BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"})
    _SILENT = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0
        self._quoted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        if tag == "blockquote" or "gmail_quote" in marks or "divRplyFwdMsg" in marks:
            self._quoted = True
        self._silent += tag in self._SILENT
        if tag in self._BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self._SILENT and self._silent > 0
        if tag in self._BREAKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._quoted:
            self.words.append(data)


def html_text(html: str) -> str:
    """Return what a person reads of HTML, up to the first quotation."""
    parser = _Text()
    try:
        parser.feed(html)
    except AssertionError:  # html.parser's own word for markup it cannot follow
        return ""
    return "".join(parser.words)
