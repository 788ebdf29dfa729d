"""An issue as files: each language's mail, page and post, as readers will get them."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.orm import Session

from newsletter import freezing
from newsletter.config import Settings
from newsletter.models import Issue


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


def _written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path
