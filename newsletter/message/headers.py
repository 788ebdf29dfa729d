"""Header fields as bytes: encoded, folded, and closed to injection."""

import binascii
import re
from datetime import UTC, datetime
from email.utils import format_datetime

MAX_LINE = 998  # RFC 5322 2.1.1, without CRLF
WORD_OVERHEAD = len("=?utf-8?B??=")
LINE = 76  # RFC 2047 2: the longest line that holds an encoded word
MAX_PLAIN_NAME = 60  # a longer display name is folded as encoded words

_BREAKS = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_PRINTABLE = re.compile(r"[ -~]*")
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u00a0-\u2027\u202a-\U0010ffff-]"
_ADDRESS = re.compile(rf"(?:{_ATEXT}+(?:\.{_ATEXT}+)*|\"(?:{_ATEXT}|\.)+\")@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
MAX_ADDRESS = 254  # RFC 5321 4.5.3.1.3, without the angle brackets


def one_line(value: str) -> str:
    """Return the text with every run of spaces, control characters and line ends as one space."""
    if value.isprintable() and "  " not in value:  # nearly always; then each run is one space already
        return value.strip()
    return _BREAKS.sub(" ", value).strip()


def is_mailable(address: str) -> bool:
    """Return whether an address can stand in a header and an envelope without changing their meaning."""
    return len(address.encode("utf-8", "replace")) <= MAX_ADDRESS and _ADDRESS.fullmatch(address) is not None


def text(name: str, value: str) -> bytes:
    """Return an unstructured field such as Subject, with its line end."""
    value = one_line(value)
    start = f"{name}: "
    if _is_plain(value):
        lines = _fold(start, value.split(" "))
        if all(len(line) <= LINE for line in lines):
            return "\r\n ".join(lines).encode("ascii") + b"\r\n"
    return start.encode("ascii") + _encoded_words(value, LINE - len(start)) + b"\r\n"


def mailbox(name: str, display: str, address: str) -> bytes:
    """Return a field with one address and its display name, with its line end.

    Raises ValueError for an address that is not mailable. An encoded-word trick in `display`
    becomes ordinary text: a name that holds `=?` is encoded as a whole.
    """
    if not is_mailable(address):
        message = f"not an address for the field {name}"
        raise ValueError(message)
    start = name.encode("ascii") + b": "
    mail = address.encode("utf-8")
    display = one_line(display)
    if not display:
        return start + mail + b"\r\n"
    phrase = _phrase(display, LINE - len(start))
    last = len(start + phrase) - (phrase.rfind(b"\n") + 1)
    gap = b" " if last + len(mail) + 3 <= LINE else b"\r\n "
    return start + phrase + gap + b"<" + mail + b">\r\n"


def exact(name: str, value: str) -> bytes:
    """Return a field as it is, on one line, never folded and never encoded, with its line end.

    For List-Unsubscribe and its like: mail readers look for the bare `<https...>` (RFC 2369 2).
    Raises ValueError for anything but a field name and printable ASCII that fits on a line.
    """
    if not _NAME.fullmatch(name) or not _PRINTABLE.fullmatch(value) or len(name) + 2 + len(value) > MAX_LINE:
        message = f"not a header field: {name}"
        raise ValueError(message)
    return f"{name}: {value}\r\n".encode("ascii")


def date(when: datetime) -> bytes:
    """Return the Date field, in UTC."""
    return exact("Date", format_datetime(when.astimezone(UTC).replace(microsecond=0)))


def _is_plain(value: str) -> bool:
    return value.isascii() and "=?" not in value


def _fold(start: str, words: list[str]) -> list[str]:
    lines = [start + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _phrase(display: str, room: int) -> bytes:
    if not _is_plain(display) or len(display) > MAX_PLAIN_NAME:
        return _encoded_words(display, room)
    if _ATOMS.fullmatch(display):
        return display.encode("ascii")
    return b'"' + display.replace("\\", "\\\\").replace('"', '\\"').encode("ascii") + b'"'


def _encoded_words(value: str, room: int) -> bytes:
    """Return base64 encoded words, whole characters in each, one a line (RFC 2047 2 and 5 (3))."""
    space = _word_bytes(room)
    whole = value.encode("utf-8", "replace")
    if len(whole) <= space:
        return _word(whole)
    words: list[bytes] = []
    word = b""
    for character in value:
        encoded = character.encode("utf-8", "replace")
        if len(word) + len(encoded) > space:
            words.append(word)
            word = b""
            space = _word_bytes(LINE - 1)
        word += encoded
    words.append(word)
    return b"\r\n ".join(map(_word, words))


def _word(part: bytes) -> bytes:
    return b"=?utf-8?B?" + binascii.b2a_base64(part, newline=False) + b"?="


def _word_bytes(room: int) -> int:
    return (min(room, LINE - 1) - WORD_OVERHEAD) // 4 * 3
