"""Files that nothing refers to are deleted; whatever a draft, its history or a frozen mail names is kept."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from jobs.tasks.deps import Deps
from jobs.tasks.unused import forget_unused
from newsletter import database, flyers, freezing, images, stories
from newsletter.config import Settings
from newsletter.content import Picture
from newsletter.keys import Keys
from newsletter.models import ArchivePage, Flyer, Image
from tests.newsletter import newsroom
from tests.newsletter.newsroom import NOTICE, Office

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
LONG = timedelta(days=91)


@pytest.fixture
def office(any_engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(any_engine, settings, now)


def _purge(office: Office, keys: Keys, *, after: timedelta = LONG) -> int:
    return forget_unused(
        Deps(office.settings, keys, office.engine, office.publication_id, now=lambda: office.now + after)
    )


def _image(name: str, office: Office) -> Image:
    return Image(hash=name * 64, media_type="image/png", width=1, height=1, content=b"x", created_at=office.now)


def test_an_upload_that_nobody_kept_goes_and_one_of_an_old_revision_stays(office: Office, keys: Keys) -> None:
    with database.writing(office.engine) as session:
        session.add_all([_image("a", office), _image("b", office)])
        flyers.keep(session, flyers.prepare(PDF, "a.pdf", now=office.now))
        picture = Picture(hash="a" * 64, width=1, height=1, alt={"en": "A booth"})
        shown = NOTICE.model_copy(update={"picture": picture})
        story = stories.create(session, office.publication_id, shown, editor_id=None, now=office.now)
        stories.save(session, story, NOTICE, base=1, editor_id=None, now=office.now)

    assert _purge(office, keys, after=timedelta(days=89)) == 0
    assert _purge(office, keys) == 2

    with database.reading(office.engine) as session:
        assert session.scalars(select(Image.hash)).all() == ["a" * 64]
        assert session.scalars(select(Flyer)).all() == []


def test_the_card_of_a_replaced_freezing_goes_and_the_one_in_use_stays(office: Office, keys: Keys) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office)
        freezing.freeze(session, office.settings, issue, now=office.now)
        used = set(session.scalars(select(ArchivePage.image_hash)))
        session.add(_image("c", office))

    assert _purge(office, keys) == 1

    with database.reading(office.engine) as session:
        assert set(session.scalars(select(Image.hash))) == used


def test_what_is_uploaded_again_at_that_moment_stays(office: Office, keys: Keys) -> None:
    with database.writing(office.engine) as session:
        session.add(_image("a", office))
        flyers.keep(session, flyers.prepare(PDF, "a.pdf", now=office.now))
    with database.writing(office.engine) as session:
        again = _image("a", office)
        again.created_at = office.now + LONG
        images.keep(session, again)
        flyers.keep(session, flyers.prepare(PDF, "b.pdf", now=office.now + LONG))

    assert _purge(office, keys, after=LONG + timedelta(hours=1)) == 0
