"""When an issue leaves is foretold from its readers and what is planned; and a send time is taken back whole."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from newsletter import database, issues
from newsletter.config import Settings
from newsletter.errors import StateError
from newsletter.issues import departure, foretelling
from newsletter.models import Delivery, Issue, Release
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office


@pytest.fixture
def office(any_engine: Engine, settings: Settings, now: datetime) -> Office:
    """Return an office without readers, in each kind of database."""
    return newsroom.open_office(any_engine, settings, now)


@pytest.fixture
def issue_id(office: Office) -> int:
    """Return a scheduled issue that ten people get."""
    with database.writing(office.engine) as session:
        for number in range(6, 12):
            newsroom.reader(session, office, number, language="ja")
        for number in range(2, 6):
            newsroom.reader(session, office, number)
        return newsroom.scheduled(session, office).id


def limited(office: Office, **relay: object) -> Settings:
    """Return the office's settings with other limits of its mail server."""
    settings = office.settings
    return settings.model_copy(update={"relay": settings.relay.model_copy(update=relay)})


def test_the_end_is_foretold_from_todays_readers(office: Office, issue_id: int) -> None:
    settings = limited(office, messages_per_minute=2)
    with database.reading(office.engine) as session:
        span = departure.planned(session, settings, issues.get(session, issue_id), now=office.now)

    assert span is not None
    assert (span.begin, span.end, span.people) == (SEND_AT, SEND_AT + timedelta(minutes=5), 10)
    assert foretelling.sentences(span, office.settings.office.zone, "ja")[0].startswith("メールは10:00に送り始め")


def test_a_language_that_goes_out_later_is_counted_later(office: Office, issue_id: int) -> None:
    later = SEND_AT + timedelta(hours=2)
    with database.reading(office.engine) as session:
        starts = {"en": SEND_AT, "ja": later}
        span = departure.of(session, office.settings, issues.get(session, issue_id), starts, now=office.now)

    assert span is not None
    assert span.begin == SEND_AT
    assert later < span.end < later + timedelta(minutes=1)


def test_a_draft_has_no_end(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.approved(session, office)

        assert departure.planned(session, office.settings, issue, now=office.now) is None


def test_what_is_nearly_now_is_moved_to_the_full_minute_that_leaves_time_to_take_it_back() -> None:
    earliest = SEND_AT + timedelta(seconds=20)

    moved = issues.not_before({"en": SEND_AT, "ja": SEND_AT + timedelta(hours=1)}, earliest)

    assert moved == {"en": SEND_AT + timedelta(minutes=1), "ja": SEND_AT + timedelta(hours=1)}


def test_taking_back_and_releasing_at_the_same_moment_have_one_winner(office: Office, issue_id: int) -> None:
    start = threading.Barrier(2)
    done: dict[str, bool] = {}

    def release() -> None:
        start.wait()
        with database.writing(office.engine) as session:
            due = issues.due(session, SEND_AT)
            out = [issues.release(session, office.settings, one, now=SEND_AT) for one in due]
            done["released"] = any(out)

    def take_back() -> None:
        start.wait()
        with database.writing(office.engine) as session:
            try:
                issues.unschedule(session, issues.get(session, issue_id), now=SEND_AT, editor_id=None)
            except StateError:
                done["taken"] = False
            else:
                done["taken"] = True

    threads = [threading.Thread(target=act) for act in (release, take_back)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert done["released"] is not done["taken"]
    with database.reading(office.engine) as session:
        enlisted = len(session.scalars(select(Delivery)).all())
        releases = set(session.scalars(select(Release.state)))
        state = session.get_one(Issue, issue_id).state
    assert (state, releases) == (("approved", {"cancelled"}) if done["taken"] else ("sending", {"released"}))
    assert enlisted == (0 if done["taken"] else 10)
