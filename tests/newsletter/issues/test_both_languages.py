"""One issue whose languages go out apart: readers of both get one copy, nobody is lost, and the report adds up."""

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from newsletter import database, issues
from newsletter.config import Settings
from newsletter.delivery import closing, report
from newsletter.models import Delivery, Edition, Issue, Release, Waiting
from subscribers import languages
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office

LATER = SEND_AT + timedelta(hours=1)
WISHES = ("en", "ja", "en+ja", "ja+en", "ja+en")


@pytest.fixture
def office(any_engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(any_engine, settings, now)


@pytest.fixture
def issue_id(office: Office) -> int:
    """Return an issue that goes out in Japanese at once and in English later on the same day."""
    with database.writing(office.engine) as session:
        for number, wish in enumerate(WISHES):
            own, *second = languages.of(wish)
            reader = newsroom.reader(session, office, number, language=own, topics=["fairs"])
            reader.subscriber.second_language = "".join(second)
        session.flush()
        issue = newsroom.approved(session, office)
        later = {"en": LATER}
        issues.schedule(session, issue, SEND_AT, later=later, now=office.now, editor_id=office.editor_id)
        return issue.id


def release(office: Office, language: str, at: datetime) -> bool:
    with database.writing(office.engine) as session:
        planned = session.scalars(select(Release).where(Release.language == language)).one()
        return issues.release(session, office.settings, planned, now=at)


def copies(office: Office) -> Counter[str]:
    with database.reading(office.engine) as session:
        held = select(Edition.language).join(Delivery, Delivery.edition_id == Edition.id)
        return Counter(session.scalars(held))


def test_readers_of_both_get_one_copy_with_the_later_language(office: Office, issue_id: int) -> None:
    assert release(office, "ja", SEND_AT)
    assert copies(office) == {"ja": 1}
    with database.reading(office.engine) as session:
        so_far = report.build(session, session.get_one(Issue, issue_id))
        assert (so_far.enlisted, so_far.waiting) == (1, 4)
        assert any("Waiting for a language that is not out: 4 people." in line for line in report.lines(so_far, "en"))

    assert release(office, "en", LATER)

    assert copies(office) == Counter(WISHES)
    with database.reading(office.engine) as session:
        built = report.build(session, session.get_one(Issue, issue_id))
        assert (built.enlisted, built.waiting, built.adds_up) == (5, 0, True)
        assert built.by_language == {wish: {"queued": count} for wish, count in Counter(WISHES).items()}


def test_an_issue_is_not_closed_while_somebody_waits(office: Office, issue_id: int) -> None:
    release(office, "ja", SEND_AT)
    with database.writing(office.engine) as session:
        session.execute(update(Delivery).values(state="sent"))
        issue = session.get_one(Issue, issue_id)

        assert closing.close_if_done(session, office.settings, issue, now=SEND_AT) is None

    release(office, "en", LATER)
    with database.writing(office.engine) as session:
        session.execute(update(Delivery).values(state="sent"))
        issue = session.get_one(Issue, issue_id)

        closed = closing.close_if_done(session, office.settings, issue, now=LATER)

    assert closed is not None
    assert (closed.sent, closed.waiting) == (5, 0)


def test_who_waited_for_a_language_that_was_cancelled_is_in_the_report(office: Office, issue_id: int) -> None:
    release(office, "ja", SEND_AT)
    with database.writing(office.engine) as session:
        issue = session.get_one(Issue, issue_id)
        issues.cancel(session, issue, now=LATER, editor_id=office.editor_id)

        assert report.build(session, issue).waiting == 4


def test_two_clocks_that_let_both_languages_out_at_once_enlist_everybody_once(office: Office, issue_id: int) -> None:
    start = threading.Barrier(4)
    won: list[str] = []

    def clock(language: str) -> None:
        start.wait()
        if release(office, language, LATER):
            won.append(language)

    clocks = [threading.Thread(target=clock, args=(language,)) for language in ("en", "ja") * 2]
    for one in clocks:
        one.start()
    for one in clocks:
        one.join()

    assert sorted(won) == ["en", "ja"]
    assert copies(office) == Counter(WISHES)
    with database.reading(office.engine) as session:
        assert sum(session.scalars(select(Release.enlisted))) == len(WISHES)
        assert session.scalars(select(Waiting.subscription_id)).all() == []
        assert issues.get(session, issue_id).state == "sending"
