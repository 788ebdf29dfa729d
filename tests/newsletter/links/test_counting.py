"""Clicks are kept by link, language and day, and are written together."""

import json
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from newsletter import database, links
from newsletter.config import Settings
from newsletter.links import Found, Tally
from newsletter.links.tally import Click
from newsletter.models import Edition, Link
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office

DAY, NEXT = date(2026, 12, 1), date(2026, 12, 2)
SLUG = "2026-12-abcdefgh"


@pytest.fixture
def office(any_engine: Engine, settings: Settings, now: datetime) -> Office:
    return offices.make(any_engine, settings, now, readers=0)


def keep(session: Session, office: Office, *targets: str) -> list[Link]:
    links.keep(session, office.issue_id, SLUG, [Found(target, None) for target in targets])
    return [link for link in session.query(Link).order_by(Link.number) if link.target in targets]


def test_clicks_add_up_by_link_and_language(office: Office) -> None:
    with database.writing(office.engine) as session:
        first, second, third = keep(session, office, "https://a.test/", "https://b.test/", "https://c.test/")
        edition = session.query(Edition).one()
        edition.links = json.dumps(links.codes(SLUG, [first.target, second.target]))
        session.flush()

        links.add(session, {(first.id, "en", DAY): 2, (second.id, "ja", DAY): 4})
        links.add(session, {(second.id, "ja", DAY): 1, (second.id, "en+ja", NEXT): 1})
        counted = links.clicks(session, office.issue_id)

    assert [(one.link.target, one.count, one.by_language) for one in counted] == [
        ("https://b.test/", 6, {"ja": 5, "en+ja": 1}),
        ("https://a.test/", 2, {"en": 2}),
    ]
    assert third.id not in {one.link.id for one in counted}


def test_a_link_that_went_out_keeps_its_address_and_its_number(office: Office) -> None:
    with database.writing(office.engine) as session:
        (before,) = keep(session, office, "https://a.test/")
        _, new = keep(session, office, "https://b.test/", "https://a.test/")

        assert links.find(session, before.code) is before
        assert (before.number, before.target) == (1, "https://a.test/")
        assert (new.number, new.target) == (2, "https://b.test/")
        assert links.find(session, "nonesuch") is None


def test_nothing_is_counted_twice_or_lost_by_readers_who_click_at_once() -> None:
    tally, written, alone = Tally(), Counter[Click](), threading.Lock()

    def write(counts: Mapping[Click, int]) -> None:
        assert alone.acquire(blocking=False), "two threads wrote at once"
        written.update(counts)
        alone.release()

    def read() -> None:
        for link in range(200):
            tally.add((link % 3, "en", DAY))
            tally.flush(write)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()

    assert written.total() == 8 * 200


def test_what_cannot_be_written_is_kept_for_the_next_time() -> None:
    tally, written = Tally(), Counter[Click]()

    def fail(_: Mapping[Click, int]) -> None:
        message = "busy"
        raise RuntimeError(message)

    tally.add((1, "en", DAY))
    with pytest.raises(RuntimeError):
        tally.flush(fail)
    tally.add((1, "en", DAY))
    tally.flush(written.update)

    assert written == {(1, "en", DAY): 2}
