"""Put issues on the shelf, as freezing and release do."""

from datetime import datetime

from sqlalchemy import Engine

from newsletter import database
from newsletter.archive import pages
from newsletter.config import Settings
from newsletter.models import ArchivePage, Image, Issue
from newsletter.rendering import environment
from tests.newsletter.archive import sample

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415478da63b8fbea2d0005360275f2b4f4d00000000049454e44ae426082"
)


def picture(engine: Engine, now: datetime) -> None:
    """Store the picture of the food story."""
    with database.writing(engine) as session:
        session.add(
            Image(hash=sample.PICTURE, media_type="image/png", width=1200, height=800, content=PIXEL, created_at=now)
        )


def issue(
    engine: Engine,
    settings: Settings,
    publication_id: int,
    *,
    number: int,
    published: dict[str, datetime | None],
    image: bool = False,
) -> str:
    """Store an issue with a page a language, public since the given time or not at all; return its slug."""
    slug = f"2026-11-{number:08}"
    with database.writing(engine) as session:
        row = Issue(
            publication_id=publication_id,
            number=number,
            slug=slug,
            state="closed",
            created_at=datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
        )
        session.add(row)
        session.flush()
        for language, at in published.items():
            page = pages.render(environment.create(), settings, sample.view(settings, language))
            session.add(
                ArchivePage(
                    issue_id=row.id,
                    language=language,
                    title=page.title,
                    description=page.description,
                    body=page.body,
                    image_hash=page.image_hash if image else None,
                    hash="0" * 64,
                    published_at=at,
                )
            )
    return slug
