"""An office on a SQLite file in the real schema: many readers, and an issue of a newsletter's usual size."""

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from newsletter import config, database, publications
from newsletter import keys as key_file
from newsletter.choosing import Choice
from newsletter.config import Settings
from newsletter.delivery import enlisting
from newsletter.message import fields, segments
from newsletter.message.segments import Recipient
from newsletter.models import Edition, Issue
from subscribers import bits
from tests.conftest import ROOT
from tests.newsletter.delivery import office as offices

WIRE_BYTES = 57_700
"""What the messages of `facts/performance.md` had, so that numbers can be compared."""
CONNECTIONS = 20
TOPICS = ("fairs", "food")
_PARAGRAPH = (
    '<p style="margin:0 0 12px;font:16px/1.5 Helvetica,Arial,sans-serif;color:#1d2433">{words}</p>\n'
    '<table role="presentation" width="100%"><tr><td style="padding:8px 12px">{words}</td></tr></table>\n'
)
_WORDS = (
    "Story {number}: a fair in Fukuoka (福岡) from 12 to 14 March, a café of Hokkaidō's dairies, seminars for cities."
)
_READERS = """
INSERT INTO subscriber (subject, email, email_key, name, language, created_at)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
SELECT hex(randomblob(16)), 'reader' || i || '@example.org', 'reader' || i || '@example.org',
  CASE i % 4 WHEN 0 THEN 'Reader ' || i WHEN 1 THEN '山田 太郎' WHEN 2 THEN 'Jörg Müller' ELSE 'O''Hara, "Al"' END,
  'en', ? FROM n
"""


@dataclass(frozen=True)
class Ground:
    """A database to begin with; runs work on copies of it."""

    folder: Path
    readers: int
    publication_id: int
    issue_id: int
    choices: tuple[Choice, ...]

    @property
    def settings(self) -> Settings:
        """Return the sample office's settings with this database."""
        return config.load(ROOT / "config.toml", data_folder=self.folder)

    def copy(self, folder: Path) -> Path:
        """Return a folder with a copy, in place of what was there."""
        shutil.rmtree(folder, ignore_errors=True)
        return shutil.copytree(self.folder, folder)


def environment(data_folder: Path, port: int, *, mark_sync: str = "NORMAL") -> dict[str, str]:
    """Return the environment of a program of ours that sends from `data_folder` to `port`."""
    given = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return given | {
        "PYTHONPYCACHEPREFIX": str(data_folder.parent / "bytecode"),  # compiled once for all runs
        "NEWSLETTER_DATA_FOLDER": str(data_folder),
        "NEWSLETTER_RELAY__PORT": str(port),
        "NEWSLETTER_RELAY__CONNECTIONS": str(CONNECTIONS),
        "NEWSLETTER_DELIVERY__MARK_SYNC": mark_sync,
        "NEWSLETTER_LOG__LEVEL": "error",
    }


def make(folder: Path, *, readers: int, enlisted: bool = True) -> Ground:
    """Make an office whose issue goes to `readers` people in four editions; `enlisted`: their deliveries are queued."""
    settings = config.load(ROOT / "config.toml", data_folder=folder)
    key_file.load(folder)
    engine = database.connect(settings.database)
    database.upgrade(engine)
    now = datetime.now(UTC)
    with database.writing(engine) as session:
        publication_id = publications.sync(session, settings.publication, now=now).id
        known = bits.load(session, publication_id)
        first, second = (known.topic_mask([topic]) for topic in TOPICS)
        issue = offices.add_issue(session, publication_id, now)
        for stories in ([1, 2, 3], [1, 3], [2, 3], [3]):
            edition = offices.add_edition(session, issue.id, "en", stories)
            _fill(edition, settings, issue, now)
        issue_id = issue.id
    add_readers(engine, publication_id, readers, now)
    ground = Ground(
        folder, readers, publication_id, issue_id, (Choice(1, first, 0), Choice(2, second, 0), Choice(3, 0, 0))
    )
    if enlisted:
        enlist(ground, engine)
    engine.dispose()
    return ground


def enlist(ground: Ground, engine: Engine) -> int:
    """Enlist the issue's audience as its release does; return how many."""
    with database.writing(engine) as session:
        return enlisting.enlist(
            session,
            issue_id=ground.issue_id,
            language="en",
            choices=lambda _: ground.choices,
            publication_id=ground.publication_id,
            now=datetime.now(UTC),
        ).enlisted


def add_readers(engine: Engine, publication_id: int, readers: int, now: datetime) -> None:
    """Add active readers in bulk: half of their names are not ASCII, and their topics differ."""
    moment = now.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
    with engine.begin() as connection:
        connection.exec_driver_sql(_READERS, (readers, moment))
        connection.exec_driver_sql(
            "INSERT INTO subscription (publication_id, subscriber_id, state, state_at, topics, interests, source)"
            " SELECT ?, p.id, 'active', ?, p.id % 16, 0, '' FROM subscriber p",
            (publication_id, moment),
        )


def wire_bytes(edition: Edition, settings: Settings, issue: Issue, now: datetime) -> int:
    """Return the length of an edition's message to somebody."""
    compiled = segments.compile(edition, settings, issue, keys=(b"k" * 32,), date=now)
    return len(compiled.build(Recipient(1, 1, "reader1@example.org", "Reader 1", "en")))


def _fill(edition: Edition, settings: Settings, issue: Issue, now: datetime) -> None:
    """Write stories until the message is as long as it should be."""
    placeholders = fields.placeholders()
    links = "{name} {unsubscribe_url} {topics_url} {unsubscribe_address}".format(**placeholders)
    html, text, number = [f"<html><body><p>{links}</p>\n"], [f"{links}\n"], 0
    edition.fields = json.dumps(placeholders)
    while True:
        number += 2
        for words in (_WORDS.format(number=number - 1), _WORDS.format(number=number)):
            html.append(_PARAGRAPH.format(words=words))
        text.append(f"{words}\n")
        edition.html, edition.text = "".join(html) + "</body></html>\n", "".join(text)
        if wire_bytes(edition, settings, issue, now) >= WIRE_BYTES:
            break
    edition.hash = hashlib.sha256((edition.html + edition.stories).encode()).hexdigest()
