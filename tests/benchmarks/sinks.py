"""Mail servers that forget everything: our lean one in C, and smtp-sink of Debian's postfix."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measures import SkippedError
from tests.conftest import ROOT

SOURCE = Path(__file__).with_name("sink.c")
SBIN = "/usr/sbin"
PATIENCE_SECONDS = 5.0
NANO = 1_000_000_000


@dataclass(frozen=True)
class Counted:
    """What the lean sink has seen."""

    messages: int
    bytes: int
    first: float  # seconds since 1970; 0: no mail yet


def compiler() -> str:
    """Return the C compiler; raise SkippedError where there is none."""
    found = shutil.which("cc")
    if found is None:
        raise SkippedError("There is no C compiler (cc), so nothing was measured against the lean sink.")
    return found


def tool(name: str) -> str:
    """Return a tool of postfix; raise SkippedError where it is not installed."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:{SBIN}")
    if found is None:
        message = f"{name} of Debian's postfix package is not installed, so nothing was measured with it."
        raise SkippedError(message)
    return found


@contextmanager
def lean(folder: Path, address: str = "127.0.0.1", *, within: Sequence[str] = ()) -> Iterator[int]:
    """Compile and run the lean sink at an address, perhaps `within` a network namespace; give its port."""
    binary = folder / "sink"
    if not binary.exists():
        subprocess.run([compiler(), "-O2", "-o", binary, SOURCE], check=True)
    process = subprocess.Popen([*within, binary, address], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        _end(process)


@contextmanager
def python(*certificate: Path) -> Iterator[int]:
    """Run the sink in Python, with TLS where it is given a certificate and its key; give its port."""
    command = [sys.executable, "-m", "tests.benchmarks.python_sink", *map(str, certificate)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        _end(process)


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Run smtp-sink; give its port."""
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [tool("smtp-sink"), "-4", *user, "-m", "400", f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        _end(process)


def counted(port: int) -> Counted:
    """Ask the lean sink what it has seen."""
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rwb") as wire:
        wire.readline()
        wire.write(b"STAT\r\n")
        wire.flush()
        _, messages, size, first = wire.readline().split()
    return Counted(int(messages), int(size), int(first) / NANO)


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _wait_for(port: int) -> None:
    patience = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.02)
        else:
            return


def _end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
