"""Where an installation lives, so that a copy of it elsewhere is known for one.

The place is the machine (for PostgreSQL the database itself, which many machines may share) and the
file `instance` beside the journal: a copied folder has another file, by its number in the file
system, whatever it says. A clone of a whole disk cannot be told apart, which `docs/operators.md` says.
"""

import hashlib
import os
import secrets
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from newsletter.journal import files

FILE = "instance"
_MACHINE_ID = Path("/etc/machine-id")  # machine-id(5): unique, confidential, absent or shared in some containers


def of(session: Session, folder: Path, machine_file: Path = _MACHINE_ID) -> str:
    """Return what names this place; empty where the `instance` file is missing. Raises OSError."""
    try:
        path = folder / FILE
        own = f"{path.read_text(encoding='ascii').strip()[:32]}:{path.stat().st_ino}"
    except FileNotFoundError:
        return ""
    return f"{_machine(session, machine_file)}:{own}"


def settle(session: Session, folder: Path, machine_file: Path = _MACHINE_ID) -> str:
    """Make this the installation's place, and return what names it. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f"{FILE}.{os.getpid()}"
    with draft.open("w", encoding="ascii") as file:
        file.write(secrets.token_hex(16) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / FILE)
    files.sync_folder(folder)
    return of(session, folder, machine_file)


def _machine(session: Session, machine_file: Path) -> str:
    if session.get_bind().dialect.name == "postgresql":
        database = "SELECT (SELECT system_identifier FROM pg_control_system()), oid FROM pg_database"
        row = session.execute(text(f"{database} WHERE datname = current_database()")).one()
        return f"{row[0]}.{row[1]}"
    try:
        machine = machine_file.read_text(encoding="ascii").strip()
    except OSError:
        machine = ""
    # machine-id(5) asks that the id itself be shown nowhere.
    return hashlib.sha256(f"newsletter {machine}".encode()).hexdigest()[:32]
