"""Write the archive's files after a change, and run the office's own command, which carries them to its web server."""

import shlex
import subprocess
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from jobs.tasks.deps import Deps
from newsletter import archive, database, letters, urls, words
from newsletter.models import ArchiveState, Editor
from subscribers import guarded

RETRY = timedelta(minutes=10)
"""How long after an attempt that failed the next one is made."""
log = structlog.get_logger()


def refresh_archive(deps: Deps) -> int:
    """Export what has changed since the last time and run `archive.after_release`; return 1 where that was done.

    Two clocks do no harm: an attempt is taken by a guarded update. What fails is tried again, and told once a day.
    """
    wanted = deps.settings.archive
    if wanted.export_folder is None and not wanted.after_release:
        return 0
    version = _take(deps)
    if version is None:
        return 0
    try:
        _carry(deps)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.exception("archive not refreshed", version=version, error=type(error).__name__)
        _tell(deps)
        return 0
    with database.writing(deps.engine) as session:
        done = update(ArchiveState).where(ArchiveState.publication_id == deps.publication_id)
        guarded.write(session, done.values(exported=version, tried_at=None))
    return 1


def _take(deps: Deps) -> int | None:
    """Return the version to export, or None: nothing is new, or somebody else is at it."""
    now = deps.now()
    row = ArchiveState.publication_id == deps.publication_id
    due = row, ArchiveState.version > ArchiveState.exported
    free = or_(ArchiveState.tried_at.is_(None), ArchiveState.tried_at <= now - RETRY)
    with database.reading(deps.engine) as session:
        if session.scalar(select(ArchiveState.version).where(*due, free)) is None:
            return None
    with database.writing(deps.engine) as session:
        if not guarded.write(session, update(ArchiveState).where(*due, free).values(tried_at=now)):
            return None
        return archive.version(session, deps.publication_id)


def _carry(deps: Deps) -> None:
    """Write the files and run the command, outside any transaction."""
    wanted = deps.settings.archive
    folder = wanted.export_folder
    if folder is not None and deps.export is not None:
        deps.export(folder)
    if not wanted.after_release:
        return
    words_of_it = [part.replace("{folder}", str(folder or "")) for part in shlex.split(wanted.after_release)]
    subprocess.run(  # noqa: S603 - the operator's own command, from the settings, without a shell
        words_of_it, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=wanted.command_seconds
    )


def _tell(deps: Deps) -> None:
    now = deps.now()
    with database.writing(deps.engine) as session:
        for editor in session.scalars(select(Editor).where(Editor.disabled_at.is_(None)).order_by(Editor.id)).all():
            _write(deps, session, editor, now)


def _write(deps: Deps, session: Session, editor: Editor, now: datetime) -> None:
    say = words.load("newsroom", editor.language)
    letters.write(
        session,
        deps.settings,
        "alarm",
        language=editor.language,
        to=editor.email,
        to_name=editor.name,
        once=f"archive:{now:%Y%m%d}:{editor.id}",
        now=now,
        template="note",
        heading=say("archive.heading"),
        paragraphs=[say("archive.text")],
        url=urls.home(deps.settings, deps.settings.publication.languages[0]),
        label=say("archive.label"),
    )
