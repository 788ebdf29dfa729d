"""One request to one address, bounded in bytes and in time; of the answer only its head is read."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

import httptools
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from newsletter.checks.links.targets import Target

MAX_HEAD_BYTES = 65_536
"""What an answer may take before its body begins; the body is never read."""
_READ_BYTES = 8_192
_FIRST_FINAL = 200
"""Below stand interim answers (100 Continue, 103 Early Hints)."""
_TRUSTED = ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


class NoAnswerError(Exception):
    """The server did not say anything that can be understood."""


@dataclass
class Head:
    """What stands before the body of an answer."""

    status: int = 0
    location: str = ""
    _parser: httptools.HttpResponseParser = field(init=False)

    def __post_init__(self) -> None:
        """Begin to listen."""
        self._parser = httptools.HttpResponseParser(self)

    @property
    def complete(self) -> bool:
        """Return whether the final answer's head was read."""
        return self.status >= _FIRST_FINAL

    def feed(self, data: bytes) -> None:
        """Take what has arrived; raise NoAnswerError for what is no HTTP."""
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            return
        except httptools.HttpParserError as error:
            if not self.complete:
                raise NoAnswerError from error

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep where a redirect leads; called by the parser."""
        if name.lower() == b"location" and not self.complete:
            self.location = _text(value)

    def on_headers_complete(self) -> None:
        """Keep the status; called by the parser."""
        if not self.complete:
            self.status = self._parser.get_status_code()


def ask(target: Target, address: IPv4Address | IPv6Address, *, agent: str, left: Callable[[], float]) -> Head:
    """Ask `address`, which `target.host` was resolved to, and return the head of the answer.

    `left` tells how many seconds remain; nothing here waits longer. Raises OSError (also
    ssl.SSLCertVerificationError), TimeoutError and NoAnswerError.
    """
    with socket.create_connection((str(address), target.port), timeout=_some(left())) as plain:
        plain.settimeout(_some(left()))
        if target.scheme == "http":
            return _exchange(plain, target, agent, left)
        with _TRUSTED.wrap_socket(plain, server_hostname=target.host) as secured:
            return _exchange(secured, target, agent, left)


def _exchange(connection: socket.socket, target: Target, agent: str, left: Callable[[], float]) -> Head:
    connection.settimeout(_some(left()))
    connection.sendall(_request(target, agent))
    head, read = Head(), 0
    while not head.complete:
        connection.settimeout(_some(left()))  # a server that sends a byte a second does not gain time by it
        data = connection.recv(_READ_BYTES)
        read += len(data)
        if not data or read > MAX_HEAD_BYTES:
            raise NoAnswerError
        head.feed(data)
    return head


def _request(target: Target, agent: str) -> bytes:
    lines = (
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.authority}",
        f"User-Agent: {agent}",
        "Accept: text/html,*/*;q=0.8",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


def _text(value: bytes) -> str:
    """Return a header's value; browsers read what is not ASCII in it as UTF-8."""
    return value.decode("utf-8", errors="replace")


def _some(seconds: float) -> float:
    """Return the seconds that are left, or raise TimeoutError: 0 would mean "do not wait", which is another thing."""
    if seconds <= 0:
        raise TimeoutError
    return seconds
