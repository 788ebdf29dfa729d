"""What a claimed row becomes, however many issues one sender has sent."""

import email
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy import select

from newsletter import database
from newsletter.config import Settings
from newsletter.delivery import outbox, parcels, processes
from newsletter.delivery.outbox import DELIVERIES
from newsletter.delivery.parcels import Parcels
from newsletter.delivery.stock import Stock
from newsletter.keys import Keys
from newsletter.models import Edition, Release
from tests.newsletter.delivery.office import Office


def test_an_edition_stays_while_a_row_waits_for_it(
    office: Office, settings: Settings, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels, "MOST_EDITIONS", 0)
    making, stock = Parcels(settings, keys), Stock()
    with database.writing(office.engine) as session:
        lease = timedelta(minutes=5)
        rows = outbox.claim(
            session.connection(),
            DELIVERIES,
            process=processes.current(),
            lease=lease,
            limit=1,
            now=datetime.now(UTC),
        )
        assert rows
        making.prepare(session, rows, waiting=stock.editions)
        stock.add(rows)

        making.prepare(session, [], waiting=stock.editions)

    assert making.make(rows[0]).recipient == rows[0].email


def test_an_edition_in_two_languages_is_dated_when_the_later_one_went_out(
    office: Office, settings: Settings, keys: Keys, now: datetime
) -> None:
    later = now + timedelta(days=3)
    with database.writing(office.engine) as session:
        session.add(Release(issue_id=office.issue_id, language="ja", state="released", due_at=later, released_at=later))
        edition = session.scalars(select(Edition)).one()
        edition.language = "en+ja"
        session.flush()
        rows = outbox.claim(
            session.connection(),
            DELIVERIES,
            process=processes.current(),
            lease=timedelta(minutes=5),
            limit=1,
            now=datetime.now(UTC),
        )
        assert rows
        making = Parcels(settings, keys)
        making.prepare(session, rows)

    message = email.message_from_bytes(making.make(rows[0]).data)

    assert parsedate_to_datetime(str(message["Date"])) == later
