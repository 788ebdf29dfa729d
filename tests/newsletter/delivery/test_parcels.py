"""What a claimed row becomes, however many issues one sender has sent."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter import database
from newsletter.config import Settings
from newsletter.delivery import outbox, parcels, processes
from newsletter.delivery.outbox import DELIVERIES
from newsletter.delivery.parcels import Parcels
from newsletter.delivery.stock import Stock
from newsletter.keys import Keys
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
