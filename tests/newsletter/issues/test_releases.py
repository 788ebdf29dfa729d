"""A release has one winner, comes in time or asks, and lets out page, deliveries and posts together."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from newsletter import database, issues
from newsletter.config import Settings
from newsletter.errors import StateError
from newsletter.models import ArchivePage, Delivery, Edition, Issue, Letter, Post, Release, Story
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office

READERS = 12


@pytest.fixture
def office(any_engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(any_engine, settings, now)


@pytest.fixture
def issue_id(office: Office) -> int:
    with database.writing(office.engine) as session:
        for number in range(READERS):
            newsroom.reader(session, office, number, topics=["fairs"] if number % 2 else ["industry"])
        newsroom.reader(session, office, 99, language="ja", topics=["fairs"])
        return newsroom.scheduled(session, office).id


def _release(office: Office, language: str, at: datetime) -> bool:
    with database.writing(office.engine) as session:
        release = session.scalars(select(Release).where(Release.language == language)).one()
        return issues.release(session, office.settings, release, now=at)


def test_page_deliveries_and_posts_go_out_together(office: Office, issue_id: int) -> None:
    assert _release(office, "en", SEND_AT)

    with database.reading(office.engine) as session:
        public = {page.language: page.published_at for page in session.scalars(select(ArchivePage))}
        assert public == {"en": SEND_AT, "ja": None}
        assert set(session.scalars(select(Delivery.state))) == {"queued"}
        assert len(session.scalars(select(Delivery)).all()) == READERS
        posts = {post.language: post.state for post in session.scalars(select(Post))}
        assert posts == {"en": "by_hand", "ja": "frozen"}
        assert issues.get(session, issue_id).state == "sending"
        assert set(session.scalars(select(Story.state))) == {"used"}
        release = session.scalars(select(Release).where(Release.language == "en")).one()
        assert (release.state, release.released_at) == ("released", SEND_AT)
        assert [left.language for left in issues.due(session, SEND_AT)] == ["ja"]


def test_every_reader_gets_the_edition_of_their_choice(office: Office, issue_id: int) -> None:
    _release(office, "en", SEND_AT)

    with database.reading(office.engine) as session:
        content = issues.content(session, issues.get(session, issue_id))
        fair, seminar, notice = (choice.story_id for choice in content.stories)
        held = session.scalars(select(Edition.stories).join(Delivery, Delivery.edition_id == Edition.id)).all()
        assert held.count(f"[{fair}, {notice}]") == READERS // 2
        assert held.count(f"[{seminar}, {notice}]") == READERS // 2


@pytest.mark.usefixtures("issue_id")
def test_of_clocks_that_tick_at_once_one_releases(office: Office) -> None:
    won: list[bool] = []
    start = threading.Barrier(4)

    def tick() -> None:
        start.wait()
        won.append(_release(office, "en", SEND_AT))

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(won) == [False, False, False, True]
    with database.reading(office.engine) as session:
        assert len(session.scalars(select(Delivery)).all()) == READERS


def test_whoever_cancels_at_the_same_moment_wins_or_stops_everything(office: Office, issue_id: int) -> None:
    start = threading.Barrier(2)

    def cancel() -> None:
        start.wait()
        with database.writing(office.engine) as session:
            issues.cancel(session, issues.get(session, issue_id), now=SEND_AT, editor_id=None)

    def tick() -> None:
        start.wait()
        _release(office, "en", SEND_AT)

    threads = [threading.Thread(target=one) for one in (cancel, tick)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading(office.engine) as session:
        assert issues.get(session, issue_id).state == "cancelled"
        assert set(session.scalars(select(Delivery.state))) <= {"cancelled"}
        assert set(session.scalars(select(Post.state))) == {"cancelled"}
        assert issues.due(session, SEND_AT) == []


@pytest.mark.parametrize("values", [{"paused_at": SEND_AT}, {"state": "cancelled"}, {"state": "draft"}])
def test_a_release_read_before_a_pause_or_a_change_does_not_go_out(
    office: Office, issue_id: int, values: dict[str, object]
) -> None:
    with database.writing(office.engine) as session:
        session.execute(update(Issue).where(Issue.id == issue_id).values(**values))

    assert not _release(office, "en", SEND_AT)

    with database.reading(office.engine) as session:
        assert session.scalars(select(Delivery)).all() == []
        assert set(session.scalars(select(ArchivePage.published_at))) == {None}


def test_nothing_goes_out_before_its_time(office: Office, issue_id: int) -> None:
    assert not _release(office, "en", SEND_AT - timedelta(seconds=1))

    with database.reading(office.engine) as session:
        assert session.scalars(select(Release.state)).all() == ["planned", "planned"]
        assert issue_id in session.scalars(select(Issue.id)).all()


def test_what_is_too_late_waits_for_a_person_who_is_asked_once(office: Office, issue_id: int) -> None:
    late = SEND_AT + timedelta(hours=2, seconds=1)

    assert not _release(office, "en", late)
    assert not _release(office, "ja", late)

    with database.reading(office.engine) as session:
        assert set(session.scalars(select(Release.state))) == {"held"}
        assert session.scalars(select(Delivery)).all() == []
        letters = session.scalars(select(Letter).where(Letter.kind == "alarm")).all()
        assert sorted(letter.to_address for letter in letters) == ["approver@example.org", "editor@example.org"]
        assert "Tue 1 Dec 2026, 10:00" in letters[0].text
        assert f"/desk/issues/{issue_id}" in letters[0].text
        assert issues.due(session, late) == []


def test_two_hours_late_is_not_too_late(office: Office, issue_id: int) -> None:
    assert _release(office, "en", SEND_AT + timedelta(hours=2))

    with database.reading(office.engine) as session:
        assert issues.get(session, issue_id).state == "sending"


def test_a_person_may_let_it_go_out_after_all_even_the_next_day(office: Office, issue_id: int) -> None:
    next_day = SEND_AT + timedelta(days=1)
    _release(office, "en", next_day)

    with database.writing(office.engine) as session:
        release = session.scalars(select(Release).where(Release.language == "en")).one()
        issues.send_held(session, release, now=next_day, editor_id=office.editor_id, as_printed=True)

    assert _release(office, "en", next_day + timedelta(seconds=5))
    with database.reading(office.engine) as session:
        assert issues.get(session, issue_id).state == "sending"
        assert len(session.scalars(select(Delivery)).all()) == READERS


def test_only_what_waits_for_a_decision_is_decided(office: Office, issue_id: int) -> None:
    with database.writing(office.engine) as session:
        release = session.scalars(select(Release).where(Release.language == "en", Release.issue_id == issue_id)).one()

        with pytest.raises(StateError, match="not waiting for a decision"):
            issues.send_held(session, release, now=SEND_AT, editor_id=office.editor_id)


def test_readers_for_whom_the_issue_holds_nothing_are_counted(office: Office) -> None:
    with database.writing(office.engine) as session:
        newsroom.reader(session, office, 1, topics=["food"])
        newsroom.reader(session, office, 2, topics=["fairs"])
        issue = newsroom.draft(session, office, (newsroom.FAIR,))
        newsroom.approve(session, office, issue)
        issues.schedule(session, issue, SEND_AT, now=office.now, editor_id=None)

    assert _release(office, "en", SEND_AT)

    with database.reading(office.engine) as session:
        release = session.scalars(select(Release).where(Release.language == "en")).one()
        assert release.nothing_for == 1
        assert len(session.scalars(select(Delivery)).all()) == 1
