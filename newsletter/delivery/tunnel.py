"""TLS in memory: what goes in and out as bytes, so that it is known exactly where an encrypted message ends.

asyncio's own TLS keeps a buffer of its own in front of the transport's, and tells of neither exactly.
"""

import ssl
from typing import Any

from newsletter.delivery.errors import ProtocolError

MOST_READ = 65_536


class Tunnel:
    """The client's side of one TLS connection."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        """Prepare to speak to `host`, whose certificate must bear that name."""
        self._coming, self._going = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._coming, self._going, server_hostname=host)
        self.ready = False
        self.ended = False  # the other side has said that it closes

    @property
    def version(self) -> str:
        """Return the protocol that was agreed on ("TLSv1.3"), or an empty string."""
        return self._tls.version() or ""

    @property
    def cipher(self) -> str:
        """Return the cipher that was agreed on, or an empty string."""
        agreed = self._tls.cipher()
        return agreed[0] if agreed else ""

    @property
    def certificate(self) -> dict[str, Any]:
        """Return the server's verified certificate as `ssl.SSLSocket.getpeercert` gives it."""
        return self._tls.getpeercert() or {}

    def shake(self, data: bytes = b"") -> bool:
        """Take a step of the handshake; return whether it is done. Raises ssl.SSLError.

        What must go out, also after an error, is left for `outgoing`.
        """
        self._coming.write(data)
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        self.ready = True
        return True

    def unwrapped(self, data: bytes = b"") -> bytes:
        """Return what the server said in these bytes; raise ProtocolError where they are not sound."""
        self._coming.write(data)
        said = []
        try:
            while piece := self._tls.read(MOST_READ):
                said.append(piece)
            self.ended = True
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            message = f"its TLS is broken: {error.reason or error}"
            raise ProtocolError(message) from error
        return b"".join(said)

    def wrapped(self, *pieces: bytes, tail: bytes = b"") -> tuple[bytes, int]:
        """Return the bytes that carry `pieces` and `tail`, and how many of them come after the last of the pieces."""
        try:
            for piece in pieces:
                self._write(piece)
            before = self._going.pending
            self._write(tail)
        except ssl.SSLError as error:
            message = f"its TLS is broken: {error.reason or error}"
            raise ProtocolError(message) from error
        after = self._going.pending - before
        return self._going.read(), after

    def outgoing(self) -> bytes:
        """Return what TLS itself has to say: its handshake, alerts and keys."""
        return self._going.read()

    def _write(self, piece: bytes) -> None:
        rest = memoryview(piece)
        while rest:
            rest = rest[self._tls.write(rest) :]
