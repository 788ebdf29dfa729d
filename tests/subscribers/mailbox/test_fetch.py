"""The mailbox is entered only where it is safe, and every failure is one sentence."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from subscribers.errors import MailboxError
from subscribers.mailbox import fetch
from subscribers.mailbox.fetch import Account

ACCOUNT = Account("127.0.0.1", 0, "tls", "info", "secret", "INBOX")


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[int]:
    """Return the port of a server whose certificate nobody vouches for."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_shake_hands, args=(server, context))
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_a_server_with_an_unknown_certificate_never_gets_the_password(stranger: int) -> None:
    with pytest.raises(MailboxError, match="certificate verify failed"), fetch.connect(replace(ACCOUNT, port=stranger)):
        pytest.fail("the certificate was believed")


def test_a_server_that_does_not_answer_is_one_sentence() -> None:
    with pytest.raises(MailboxError, match="cannot be read") as caught, fetch.connect(replace(ACCOUNT, port=1)):
        pytest.fail("there is no such server")

    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("greeting", [b"* BYE go away\r\n", b"nonsense\r\n", b"", b"* OK hello\r\n* BYE too busy\r\n"])
def test_a_server_that_hangs_up_is_one_sentence(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_greet, args=(server, greeting))
        thread.start()
        account = replace(ACCOUNT, port=server.getsockname()[1], security="plain")

        with pytest.raises(MailboxError, match="cannot be read"), fetch.connect(account):
            pytest.fail("there is no mailbox")
        thread.join()


def _shake_hands(server: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = server.accept()
    with connection:
        try:
            context.wrap_socket(connection, server_side=True).close()
        except (ssl.SSLError, ConnectionError):
            return  # the client turned away, as it should


def _greet(server: socket.socket, greeting: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        connection.sendall(greeting)
