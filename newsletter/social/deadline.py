"""A hard end for one HTTP call, which the timeouts of `requests` (one for each read) do not give."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import ConnectTimeoutError


class Deadline:
    """The moment after which nothing may be sent and nothing is waited for."""

    def __init__(self, seconds: float) -> None:
        """Start the time."""
        self._end = time.monotonic() + seconds
        self._timer: threading.Timer | None = None

    def remaining(self) -> float:
        """Return the seconds left, never less than a moment."""
        return max(self._end - time.monotonic(), 0.001)

    def over(self) -> bool:
        """Return whether the time is up."""
        return time.monotonic() >= self._end

    def watch(self, connection: socket.socket) -> None:
        """Shut `connection` down when the time is up, so that whoever reads from it is woken."""
        self._timer = threading.Timer(self.remaining(), _shut, (connection,))
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Watch no longer."""
        if self._timer is not None:
            self._timer.cancel()


class Adapter(HTTPAdapter):
    """Give every connection the one deadline; a connection that is late is given up before it is used."""

    def __init__(self, deadline: Deadline) -> None:
        """Take the deadline of the one call this adapter is made for."""
        self._deadline = deadline
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the connection pool for `request` (the arguments are those of `requests`), watched."""
        pool = super().get_connection_with_tls_context(request, *args, **kwargs)
        if isinstance(pool, HTTPConnectionPool):
            pool.ConnectionCls = _watched(pool.ConnectionCls, self._deadline)
        return pool


@contextlib.contextmanager
def running(seconds: float) -> Iterator[Deadline]:
    """Give a deadline that ends with the block."""
    deadline = Deadline(seconds)
    try:
        yield deadline
    finally:
        deadline.stop()


def _watched(kind: Any, deadline: Deadline) -> Any:
    class Watched(kind):  # type: ignore[misc]  # the class is the pool's: plain or TLS
        def connect(self) -> None:
            super().connect()
            if deadline.over():
                self.close()
                raise ConnectTimeoutError(self, "the connection came after the deadline")
            deadline.watch(self.sock)

    return Watched


def _shut(connection: socket.socket) -> None:
    # Called on the base class: SSLSocket's own shutdown would drop the TLS layer under the reader.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
