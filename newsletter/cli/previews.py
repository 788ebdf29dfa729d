"""An issue as files: each language's mail, page and post, as readers will get them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from newsletter import freezing, previews
from newsletter.config import Settings
from newsletter.errors import NotFoundError
from newsletter.models import Edition, Issue
from newsletter.previews import Reader


def write(session: Session, settings: Settings, issue: Issue, folder: Path) -> Iterator[Path]:
    """Render the newest revision into `folder`, the full edition of each language; yield the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    frozen = freezing.render(session, settings, issue)
    full: dict[str, tuple[str, str]] = {}
    for edition in frozen.editions:
        full.setdefault(edition.language, (edition.html, edition.text))  # the full one comes first
    for language, (html, text) in full.items():
        yield _written(folder / f"mail.{language}.html", html)
        yield _written(folder / f"mail.{language}.txt", text)
    for page in frozen.pages:
        yield _written(folder / f"page.{page.language}.html", page.body)
    for post in frozen.posts:
        yield _written(folder / f"post.{post.language}.txt", post.text)


def write_copy(
    session: Session, settings: Settings, issue: Issue, email: str, folder: Path, *, now: datetime
) -> Iterator[Path]:
    """Write what one reader gets into `folder`, as a mail program opens it and in its parts; yield the paths written.

    Raises NotFoundError for an address that no reader has, and where the issue holds nothing for them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    reader = named(session, issue, email)
    copy = previews.copy(session, settings, issue, got(session, settings, issue, reader), reader, now=now)
    yield _written(folder / "reader.html", copy.html)
    yield _written(folder / "reader.txt", copy.text)
    message = folder / "reader.eml"
    message.write_bytes(copy.raw)
    yield message


def named(session: Session, issue: Issue, email: str) -> Reader:
    """Return the reader of an address; raise NotFoundError."""
    wanted = email.strip().casefold()
    found = [one for one in previews.find(session, issue.publication_id, wanted) if one.email.casefold() == wanted]
    if not found:
        message = f"There is no reader with the address {email}."
        raise NotFoundError(message)
    return found[0]


def got(session: Session, settings: Settings, issue: Issue, reader: Reader) -> Edition:
    """Return what a reader gets of an issue; raise NotFoundError where that is nothing."""
    picked = previews.fitting(session, settings, issue, reader)
    if picked.edition is None:
        message = f"Issue {issue.number} is not for that reader ({picked.reason})."
        raise NotFoundError(message)
    return picked.edition


def _written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path
