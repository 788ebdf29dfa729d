"""After a power cut: what was claimed is uncertain, letters too, and nothing else has changed."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from newsletter import database
from newsletter.config import Settings
from newsletter.delivery import outbox, processes, recovery
from newsletter.delivery.outbox import DELIVERIES, LETTERS
from newsletter.models import Delivery
from tests.newsletter.delivery import office as offices

LEASE = timedelta(minutes=15)


@pytest.fixture
def boot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file in which the kernel names the boot; writing to it is a restart."""
    path = tmp_path / "boot_id"
    path.write_text("first\n")
    monkeypatch.setattr(processes, "_BOOT_ID", path)
    return path


@pytest.mark.parametrize("restarted", [True, False])
def test_only_rows_of_claims_of_another_boot_are_uncertain(
    any_engine: Engine,
    settings: Settings,
    now: datetime,
    boot: Path,
    restarted: bool,  # noqa: FBT001 - the case
) -> None:
    office = offices.make(any_engine, settings, now, readers=6)
    states = ("queued", "sent", "deferred", "refused")
    with database.writing(any_engine) as session:
        for number, state in enumerate(states, start=2):
            mine = Delivery.subscription_id == office.subscriptions[number]
            session.execute(update(Delivery).where(mine).values(state=state))
        offices.add_letter(session, now)
    gone = replace(processes.current(), pid=2**22 + 1)
    with any_engine.begin() as connection:
        rows = outbox.claim(
            connection, DELIVERIES, process=gone, lease=LEASE, limit=2, now=now, issue_id=office.issue_id
        )
        assert rows
        outbox.mark(connection, rows[:1], now=now)
        outbox.claim(connection, LETTERS, process=gone, lease=LEASE, limit=2, now=now, issue_id=None)
    if restarted:
        boot.write_text("second\n")

    with any_engine.begin() as connection:
        alone = any_engine.dialect.name == "sqlite"
        recovery.recover(connection, process=processes.current(), alone=alone, now=now)

    claimed = ["uncertain", "uncertain"] if restarted else ["uncertain", "queued"]
    assert office.states() == [*claimed, *states]
    assert [letter.state for letter in office.letters()] == ["uncertain" if restarted else "queued"]
    assert office.issue().state == "sending"
    assert office.deliveries()[0].reason == ("power_cut" if restarted else "interrupted")


@pytest.mark.parametrize("host", ["elsewhere", ""])
def test_a_restart_here_says_nothing_about_a_claim_of_another_machine(
    postgres_engine: Engine, settings: Settings, now: datetime, host: str
) -> None:
    office = offices.make(postgres_engine, settings, now, readers=1)
    me = processes.current()
    holder = replace(me, boot_id="theirs", host=host or me.host, nonce="z")
    with postgres_engine.begin() as connection:
        outbox.claim(connection, DELIVERIES, process=holder, lease=LEASE, limit=1, now=now, issue_id=office.issue_id)

    with postgres_engine.begin() as connection:
        recovery.recover(connection, process=processes.current(), alone=False, now=now)

    assert office.states() == ["claimed" if host else "uncertain"]
