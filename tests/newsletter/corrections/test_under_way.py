"""A correction in the middle of real sending, with the sender killed under it: judged by what arrived."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine, func, select

from newsletter import corrections, database, issues
from newsletter.config import Settings
from newsletter.corrections import Step
from newsletter.delivery.outbox import OPEN
from newsletter.models import Delivery, Edition
from subscribers.models import Subscriber
from tests.conftest import ROOT
from tests.newsletter import newsroom
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import Ground
from tests.newsletter.delivery.relays import Received, Server, serving
from tests.newsletter.newsroom import SEND_AT

READERS = 24
OLD, NEW = "Sunday 20 December", "Saturday 19 December"


@pytest.fixture
def ground(engine: Engine, settings: Settings, now: datetime) -> Ground:
    office = newsroom.open_office(engine, settings, now)
    with database.writing(engine) as session:
        for number in range(READERS):
            newsroom.reader(session, office, number, topics=["fairs"] if number % 5 else ["industry"])
        issue = newsroom.scheduled(session, office)
        for release in issue.releases:
            assert issues.release(session, settings, release, now=SEND_AT)
        content = issues.content(session, issue)
        fair, _, notice = (choice.story_id for choice in content.stories)
    return Ground(office, issue.id, fair, notice)


@contextmanager
def sender(ground: Ground, server: Server, *, per_second: float = 0) -> Iterator[subprocess.Popen[bytes]]:
    """Run `newsletter work` as a process of its own."""
    told = {
        "NEWSLETTER_DATA_FOLDER": str(ground.office.settings.data_folder),
        "NEWSLETTER_RELAY__PORT": str(server.port),
        "NEWSLETTER_RELAY__CONNECTIONS": "2",
        "NEWSLETTER_RELAY__MESSAGES_PER_SECOND": str(per_second),
        "NEWSLETTER_DELIVERY__BATCH_SIZE": "10",
    }
    command = [sys.executable, "-m", "newsletter", "--config", str(ROOT / "config.toml"), "work"]
    process = subprocess.Popen(command, env=os.environ | told, stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _until(what: Callable[[], bool], seconds: float = 60) -> None:
    patience = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < patience, "it did not happen in time"
        time.sleep(0.02)


def _open(ground: Ground) -> int:
    with database.reading(ground.office.engine) as session:
        return session.scalar(select(func.count()).where(Delivery.state.in_(OPEN))) or 0


def _texts(server: Server) -> dict[str, list[str]]:
    """Return the plain text of each mail by whom it reached."""
    found: dict[str, list[str]] = {}
    for one in list(server.taken):
        found.setdefault(one.recipients[0], []).append(_text(one))
    return found


def _text(received: Received) -> str:
    message = message_from_bytes(received.data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return f"{message['Subject']}\n{body.get_content() if body else ''}".replace("\u00a0", " ")


def _outcomes(ground: Ground) -> dict[str, tuple[str, int, bool]]:
    """Return of each reader what became of the issue, of which revision, and whether the fair was in it."""
    with database.reading(ground.office.engine) as session:
        rows = session.execute(
            select(Subscriber.email, Delivery.state, Edition.revision, Edition.stories)
            .join(Delivery, Delivery.subscriber_id == Subscriber.id)
            .join(Edition, Edition.id == Delivery.edition_id)
            .where(Delivery.issue_id == ground.issue_id)
        )
        return {email or "": (state, revision, str(ground.fair) in stories) for email, state, revision, stories in rows}


@pytest.mark.slow
def test_a_sender_killed_half_way_leaves_everybody_with_the_right_words_once(ground: Ground) -> None:
    with serving() as server:
        with sender(ground, server, per_second=20):
            _until(lambda: len(server.taken) >= 6)
        # killed with kill -9, with a claim open and messages under way
        correction_id = lay.approved(ground)
        step = Step.MOVED
        while step is Step.MOVED:
            step = lay.advance(ground, correction_id)
        assert step is Step.WAITS  # the dead sender's claim

        with sender(ground, server):  # takes over what the dead one left
            _until(lambda: lay.advance(ground, correction_id) is Step.DONE)
            _until(lambda: _open(ground) == 0)

    outcomes, texts = _outcomes(ground), _texts(server)
    assert Counter(state for state, _, _ in outcomes.values()).keys() <= {"sent", "uncertain"}
    for email, (state, revision, held) in outcomes.items():
        mails = texts.get(email, [])
        told = [text for text in mails if text.startswith("Correction")]
        whole = [text for text in mails if not text.startswith("Correction")]
        assert len(whole) == 1 if state == "sent" else len(whole) <= 1
        assert len(told) == (1 if held and revision == 1 else 0)
        assert all(NEW in text and OLD not in text for text in told)
        if held:
            assert all((NEW if revision == 2 else OLD) in text for text in whole)
    assert {revision for _, revision, _ in outcomes.values()} == {1, 2}
    with database.reading(ground.office.engine) as session:
        assert corrections.get(session, correction_id).state == "applied"
