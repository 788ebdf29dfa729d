"""What a mail server says: replies read from pieces."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsletter.delivery.errors import ProtocolError, RelayBusyError, RelayRefusedError

MAX_LINE = 4096  # RFC 5321 4.5.3.1.5 allows 512; real servers say more
MAX_LINES = 256
MAX_KEPT = 500
"""Characters of a reply that are stored."""

_POSITIVE = range(200, 300)
_TEMPORARY = range(400, 500)
_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?", re.DOTALL)
_ENHANCED = re.compile(r"([245])\.(\d{1,3})\.(\d{1,3})(?=\s|$)")
_ADDRESS = re.compile(r"[^\s<>\"]+@[^\s<>\"]+")
_CROWDED = re.compile(
    r"too many (?:\w+ ){0,3}(?:connections|sessions|clients)"
    r"|(?:connection|session|thread|concurrency)s? limit|concurrent connections",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, however many lines it had."""

    code: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return what was said, on one line and shortened for the record."""
        return _CONTROL.sub(" ", " ".join(self.lines)).strip()[:MAX_KEPT]

    @property
    def enhanced(self) -> str:
        """Return the enhanced status code ("5.1.1", RFC 3463), or an empty string."""
        found = _ENHANCED.match(self.lines[0])
        return found[0] if found else ""

    @property
    def positive(self) -> bool:
        """Return whether the server agreed (2xx)."""
        return self.code in _POSITIVE

    @property
    def temporary(self) -> bool:
        """Return whether it said "not now" (4xx)."""
        return self.code in _TEMPORARY


class Reader:
    """Put replies together from the bytes of a connection."""

    def __init__(self) -> None:
        self._rest = b""
        self._lines: list[str] = []
        self._code = 0

    @property
    def empty(self) -> bool:
        """Return whether no part of a reply is waiting for its end."""
        return not self._rest and not self._lines

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Yield the replies that `data` completes; raise ProtocolError at what is none, after those before it."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            reply = self._line(line.removesuffix(b"\r"))
            if reply:
                yield reply
        if len(self._rest) > MAX_LINE:
            raise ProtocolError("it sent a line that does not end")

    def _line(self, line: bytes) -> Reply | None:
        parsed = _parsed(line) if len(line) <= MAX_LINE else None
        if parsed is None or len(self._lines) >= MAX_LINES:
            raise ProtocolError("it sent something that is no SMTP reply")
        code, last, text = parsed
        if self._lines and code != self._code:
            raise ProtocolError("it changed the code in the middle of a reply")
        self._code = code
        self._lines.append(text)
        if not last:
            return None
        reply = Reply(code, tuple(self._lines))
        self._lines = []
        return reply


@lru_cache(maxsize=64)  # servers say the same for every message
def _parsed(line: bytes) -> tuple[int, bool, str] | None:
    """Return the code, whether it is the reply's last line, and the text."""
    found = _LINE.fullmatch(line)
    return found and (int(found[1]), found[2] != b"-", (found[3] or b"").decode("utf-8", "replace"))


def need(reply: Reply, complaint: str) -> None:
    """Raise RelayBusyError for "not now" and RelayRefusedError for "no", with `complaint` and what was said."""
    if reply.positive:
        return
    message = f"The mail server {complaint}: {reply.code} {reply.text}"
    if reply.temporary:
        raise RelayBusyError(message)
    raise RelayRefusedError(message)


def means_crowded(text: str) -> bool:
    """Return whether the server says that it has too many connections of ours."""
    return _CROWDED.search(text) is not None


def without_addresses(text: str) -> str:
    """Return what a server said as it may stand in a log."""
    return _ADDRESS.sub("(address)", text)
