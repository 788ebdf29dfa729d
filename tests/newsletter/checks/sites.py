"""A web server on this machine that answers as badly as is wanted."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Answer = bytes | Callable[[socket.socket], None]


@dataclass
class Site:
    """Answers each path as it is told, and keeps what it was asked."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    secured: ssl.SSLContext | None = None
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Begin to listen."""
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        """End all conversations."""
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def drip(self, connection: socket.socket) -> None:
        """Send a head that never ends, a few bytes at a time."""
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not self._ended.is_set():
            connection.sendall(b"x: y\r\n")
            time.sleep(0.02)

    def flood(self, connection: socket.socket) -> None:
        """Send a head that never ends, as fast as it is read."""
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not self._ended.is_set():
            connection.sendall(b"x: " + b"y" * 4_000 + b"\r\n")

    def endless(self, connection: socket.socket) -> None:
        """Send a body that never ends."""
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not self._ended.is_set():
            connection.sendall(b"y" * 65_536)

    def silent(self, connection: socket.socket) -> None:
        """Say nothing."""
        connection.settimeout(0.05)
        self._ended.wait(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, plain: socket.socket) -> None:
        with plain:
            try:
                connection = self.secured.wrap_socket(plain, server_side=True) if self.secured else plain
                head = connection.recv(65_536).decode("latin-1")
                path = head.split(" ")[1] if head.count(" ") > 1 else ""
                self.asked.append(path)
                self.heads.append(head)
                answer = self.answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                if callable(answer):
                    answer(connection)
                else:
                    connection.sendall(answer)
            except OSError:
                return


def status(code: int, location: str = "") -> bytes:
    """Return a short answer."""
    where = f"Location: {location}\r\n" if location else ""
    return f"HTTP/1.1 {code} Told\r\n{where}Content-Length: 0\r\n\r\n".encode()
