"""Who holds a claim: this process, on this boot of this machine."""

import os
import secrets
import socket
import time
from dataclasses import dataclass
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Process:
    """One run of the sender."""

    boot_id: str
    host: str
    pid: int
    nonce: str  # tells this run from an earlier one that had the same number

    @property
    def holder(self) -> str:
        """Return the name that stands in a claim."""
        return f"{self.host}:{self.pid}:{self.nonce}"


def current() -> Process:
    """Return this process."""
    return Process(boot_id=boot_id(), host=socket.gethostname()[:80], pid=os.getpid(), nonce=secrets.token_hex(8))


def boot_id() -> str:
    """Return what names this boot of the machine.

    Where the kernel keeps no id, the moment of the boot serves; a clock that is set makes it
    look like another boot, which errs on the side of asking a person.
    """
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return f"booted-{round((time.time() - time.monotonic()) / 10)}"


def is_gone(holder: str, host: str) -> bool:
    """Return whether the process named in a claim ran on this host and runs no more."""
    its_host, pid, _ = holder.rsplit(":", 2)
    if its_host != host:
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
