"""`newsletter backup`: a consistent copy of the database and the settings, while everything runs."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url

from newsletter import keys
from newsletter.cli import output
from newsletter.cli.state import State
from newsletter.errors import SettingsError, StateError
from newsletter.journal import files
from newsletter.message.dkim import keyfiles


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Where the copy goes.", metavar="DIR")],
    *,
    keys_to: Annotated[
        Path | None, typer.Option(help="Also copy the secrets, to another place than DIR.", metavar="DIR")
    ] = None,
) -> None:
    """Copy the database and the settings file into DIR, with the time in their names. The secrets go elsewhere."""
    state: State = context.obj
    stamp = f"{state.now():%Y%m%dT%H%M%SZ}"
    if keys_to is not None and folder.resolve() in (keys_to.resolve(), *keys_to.resolve().parents):
        message = "The secrets must not lie with the copy of the database: whoever finds one must not have both."
        raise SettingsError(message)
    url = make_url(state.settings.database)
    if url.get_backend_name() != "sqlite":
        plain = url.set(drivername="postgresql", password=None).render_as_string()
        message = f"PostgreSQL copies itself: pg_dump --format=custom --file=newsletter-{stamp}.dump {plain}"
        raise StateError(message)
    _ = state.engine  # the newest schema, and errors in sentences
    copy = folder / f"newsletter-{stamp}.sqlite"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    copy_database(Path(str(url.database)), copy)
    shutil.copyfile(state.path, folder / f"config-{stamp}.toml")
    output.say(f"Copied to {copy}.")
    output.say("The journal is not in it and must not be: it is what a restored copy is compared with.")
    _copy_keys(state.settings.data_folder / keys.FILE, keys_to, stamp)


def copy_database(source: Path, target: Path) -> None:
    """Write a whole copy of a database that may be in use; it appears under its name when it is on the disk.

    Raises StateError where the copy is not sound.
    """
    draft = target.with_name(f".{target.name}.part")
    os.close(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(draft)) as here:
        there.backup(here)
        here.execute("PRAGMA journal_mode=DELETE")
        sound = here.execute("PRAGMA quick_check").fetchone()[0]
    if sound != "ok":
        draft.unlink()
        message = f"The copy is not sound: {sound}. The database itself may be damaged; run newsletter doctor."
        raise StateError(message)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(target)
    files.sync_folder(target.parent)


def _copy_keys(source: Path, folder: Path | None, stamp: str) -> None:
    if folder is None:
        output.say(f"Keep a copy of {source} in another place; without it nobody can tell who must not be mailed.")
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"keys-{stamp}.json"
    target.touch(mode=0o600)
    shutil.copyfile(source, target)
    signing = sorted((source.parent / keyfiles.FOLDER).glob(f"*{keyfiles.ENDING}"))
    for key in signing:
        beside = folder / f"dkim-{key.name.removesuffix(keyfiles.ENDING)}-{stamp}.pem"
        beside.touch(mode=0o600)
        shutil.copyfile(key, beside)
    output.say(f"The secrets are in {target}" + (f", with {len(signing)} signing keys beside it." if signing else "."))
