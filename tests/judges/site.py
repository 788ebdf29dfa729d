"""The sample office with its issues published, one fair postponed and one issue corrected, behind a real server."""

import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import uvicorn
from lxml import html
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import newsletter.sandbox
from newsletter import archive, config, database, folder, freezing, issues, publications, stories
from newsletter import keys as key_file
from newsletter.config import Settings
from newsletter.content import Fair
from newsletter.models import ArchivePage, Issue, Story
from newsletter.sandbox import dates
from newsletter.web import app as web_app
from newsletter.web.context import Context
from tests.conftest import ROOT

SAMPLES = Path(newsletter.sandbox.__path__[0]) / "office"
START_SECONDS = 20
NOTES = {"en": "The fair has been postponed.", "ja": "フェアは延期になりました。"}
_UNREAD = ("/desk", "/static/", "/i/", "/l/")
"""Paths that are no page for readers."""


@dataclass(frozen=True)
class Site:
    """A running server."""

    url: str
    settings: Settings

    def pages(self) -> list[str]:
        """Return the addresses of all pages that links lead to from the front pages, each once, nearest first."""
        waiting = [f"{self.url}/{language}/" for language in self.settings.publication.languages]
        found: dict[str, None] = {}
        while waiting:
            address = waiting.pop(0)
            if address in found:
                continue
            with urllib.request.urlopen(address) as answer:
                if answer.headers.get_content_type() != "text/html":
                    continue
                tree = html.fromstring(answer.read())
            found[address] = None
            waiting += filter(None, (self._inside(address, link) for link in tree.xpath("//a/@href")))
        return [*found, *(f"{self.url}/{each}/search?q=a" for each in self.settings.publication.languages)]

    def _inside(self, page: str, link: str) -> str:
        address = urlsplit(urljoin(page, link))
        ours = address.geturl().startswith(f"{self.url}/") and not address.path.startswith(_UNREAD)
        return address._replace(fragment="", query="").geturl() if ours else ""


@contextmanager
def opened(data: Path) -> Iterator[Site]:
    """Serve the sample office from `data`, on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        settings = config.load(ROOT / "config.toml", data_folder=data)
        settings = settings.model_copy(update={"web": settings.web.model_copy(update={"base_url": url})})
        engine = database.connect(settings.database)
        database.upgrade(engine)
        now = datetime.now(UTC)
        with database.writing(engine) as session:
            publication_id = publications.sync(session, settings.publication, now=now).id
        fill(engine, settings, publication_id, now)
        context = Context(settings, key_file.load(data), engine, publication_id)
        server = uvicorn.Server(uvicorn.Config(web_app.create(context), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        yield Site(url, settings)
        server.should_exit = True
        thread.join(START_SECONDS)
        engine.dispose()


def fill(engine: Engine, settings: Settings, publication_id: int, now: datetime) -> None:
    """Publish both sample issues; then postpone a fair of the first, and say so."""
    with database.writing(engine) as session:
        for weeks, name in ((4, "issue"), (1, "next")):
            at = now - timedelta(weeks=weeks)
            redate = dates.moving(SAMPLES / name, at.astimezone(settings.office.zone))
            issue = folder.load(session, settings, publication_id, SAMPLES / name, editor_id=None, now=at, dates=redate)
            publish(session, settings, issue, at)
        postpone(session, settings, session.scalars(select(Issue).order_by(Issue.id)).first(), now)


def publish(session: Session, settings: Settings, issue: Issue, at: datetime) -> None:
    """Freeze an issue and make it public in every language it speaks."""
    freezing.freeze(session, settings, issue, now=at)
    for language in issues.content(session, issue).texts:
        archive.publish(session, settings, issue, language, now=at)


def postpone(session: Session, settings: Settings, issue: Issue | None, now: datetime) -> None:
    """Postpone the first fair of an issue, as a correction does."""
    fair = session.scalars(select(Story).where(Story.kind == "fair").order_by(Story.id)).first()
    if issue is None or fair is None:
        message = "the sample holds no fair"
        raise LookupError(message)
    content = stories.content(session, fair.id)
    if isinstance(content, Fair):
        later = content.model_copy(update={"status": "postponed"})
        stories.save(session, fair, later, base=fair.head, editor_id=None, now=now)
    held = issues.content(session, issue)
    chosen = tuple(
        choice.model_copy(update={"revision": fair.head}) if choice.story_id == fair.id else choice
        for choice in held.stories
    )
    corrected = held.model_copy(update={"stories": chosen})
    issues.save(session, issue, corrected, base=issue.head, editor_id=None, now=now)
    freezing.freeze(session, settings, issue, now=now)
    session.query(ArchivePage).filter_by(issue_id=issue.id).update({"published_at": now - timedelta(weeks=4)})
    for language, said in NOTES.items():
        archive.note(session, issue, language, said, now=now)
        archive.publish(session, settings, issue, language, now=now)
