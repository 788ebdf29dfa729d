"""A send time is set, moved, taken back; an issue is paused, resumed and cancelled."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from newsletter import database, issues
from newsletter.config import Settings
from newsletter.delivery import closing
from newsletter.errors import StateError
from newsletter.models import ArchivePage, Delivery, Edition, Issue, Post, Release
from tests.newsletter import newsroom
from tests.newsletter.newsroom import SEND_AT, Office

THURSDAY = SEND_AT + timedelta(days=2)


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(engine, settings, now)


def _schedule(office: Office, issue_id: int, at: datetime, now: datetime | None = None) -> None:
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        issues.schedule(session, issue, at, now=now or office.now, editor_id=office.editor_id)


@pytest.fixture
def issue_id(office: Office) -> int:
    with database.writing(office.engine) as session:
        return newsroom.approved(session, office).id


def _due(office: Office, at: datetime) -> list[str]:
    with database.reading(office.engine) as session:
        return [release.language for release in issues.due(session, at)]


def test_every_language_is_due_at_the_send_time_and_not_before(office: Office, issue_id: int) -> None:
    _schedule(office, issue_id, SEND_AT)

    assert _due(office, SEND_AT - timedelta(seconds=1)) == []
    assert _due(office, SEND_AT) == ["en", "ja"]


def test_the_send_time_can_be_moved_within_its_day(office: Office, issue_id: int) -> None:
    _schedule(office, issue_id, SEND_AT)
    _schedule(office, issue_id, SEND_AT + timedelta(hours=3))

    assert _due(office, SEND_AT) == []
    assert _due(office, SEND_AT + timedelta(hours=3)) == ["en", "ja"]


def test_a_send_time_in_the_past_is_refused(office: Office, issue_id: int) -> None:
    with pytest.raises(StateError, match="has passed"):
        _schedule(office, issue_id, SEND_AT, now=SEND_AT + timedelta(minutes=2))

    assert _due(office, SEND_AT) == []


def test_now_is_not_the_past(office: Office, issue_id: int) -> None:
    _schedule(office, issue_id, SEND_AT, now=SEND_AT + timedelta(seconds=3))

    assert _due(office, SEND_AT) == ["en", "ja"]


@pytest.mark.parametrize("days", [-1, 1])
def test_another_day_than_the_one_printed_needs_a_new_approval(office: Office, issue_id: int, days: int) -> None:
    with pytest.raises(StateError, match="date of another day"):
        _schedule(office, issue_id, SEND_AT + timedelta(days=days))

    with database.reading(office.engine) as session:
        assert issues.get(session, issue_id).state == "approved"


def test_the_printed_day_ends_at_midnight_in_the_office(office: Office, issue_id: int) -> None:
    midnight = datetime.fromisoformat("2026-12-02T00:00:00+08:00")

    with pytest.raises(StateError):
        _schedule(office, issue_id, midnight)
    _schedule(office, issue_id, midnight - timedelta(minutes=1))


def test_only_what_is_approved_can_be_scheduled(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue_id = newsroom.draft(session, office).id

    with pytest.raises(StateError, match="is draft and cannot be scheduled"):
        _schedule(office, issue_id, SEND_AT)


def test_taking_the_send_time_back_keeps_the_approval(office: Office, issue_id: int) -> None:
    _schedule(office, issue_id, SEND_AT)

    with database.writing(office.engine) as session:
        issues.unschedule(session, issues.get(session, issue_id), now=office.now, editor_id=None)

    assert _due(office, SEND_AT) == []
    _schedule(office, issue_id, SEND_AT)
    assert _due(office, SEND_AT) == ["en", "ja"]


def test_a_paused_issue_is_not_due_until_it_goes_on(office: Office, issue_id: int) -> None:
    _schedule(office, issue_id, SEND_AT)

    with database.writing(office.engine) as session:
        issues.pause(session, issues.get(session, issue_id), "A wrong date.", now=office.now, editor_id=None)
    paused = _due(office, SEND_AT)
    with database.writing(office.engine) as session:
        issues.pause(session, issues.get(session, issue_id), "Too late.", now=SEND_AT, editor_id=None)
        reason = issues.get(session, issue_id).paused_reason
        issues.resume(session, issues.get(session, issue_id), now=office.now, editor_id=None)

    assert paused == []
    assert reason == "A wrong date."
    assert _due(office, SEND_AT) == ["en", "ja"]


def test_cancelling_stops_deliveries_posts_and_releases(office: Office, issue_id: int) -> None:
    _schedule(office, issue_id, SEND_AT)
    states = {}
    with database.writing(office.engine) as session:
        edition = session.scalars(select(Edition)).first()
        assert edition is not None
        for number, state in enumerate(("queued", "deferred", "on_wire", "sent")):
            reader = newsroom.reader(session, office, number)
            states[reader.id] = state
            session.add(
                Delivery(
                    issue_id=issue_id,
                    edition_id=edition.id,
                    subscription_id=reader.id,
                    subscriber_id=reader.subscriber_id,
                    state=state,
                )
            )
        session.execute(update(Issue).values(state="sending"))

    with database.writing(office.engine) as session:
        issues.cancel(session, issues.get(session, issue_id), now=SEND_AT, editor_id=office.editor_id)

    with database.reading(office.engine) as session:
        found = {states[row.subscription_id]: row.state for row in session.scalars(select(Delivery))}
        assert found == {"queued": "cancelled", "deferred": "cancelled", "on_wire": "on_wire", "sent": "sent"}
        assert set(session.scalars(select(Post.state))) == {"cancelled"}
        assert set(session.scalars(select(Release.state))) == {"cancelled"}
        assert issues.get(session, issue_id).state == "cancelled"
    assert _due(office, SEND_AT) == []


def test_what_is_over_cannot_be_cancelled_or_paused(office: Office, issue_id: int) -> None:
    with database.writing(office.engine) as session:
        session.execute(update(Issue).values(state="closed"))

    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        with pytest.raises(StateError, match="cannot be cancelled"):
            issues.cancel(session, issue, now=SEND_AT, editor_id=None)
        with pytest.raises(StateError, match="cannot be paused"):
            issues.pause(session, issue, "", now=SEND_AT, editor_id=None)
        with pytest.raises(StateError, match="taken off the schedule"):
            issues.unschedule(session, issue, now=SEND_AT, editor_id=None)


def _in_two_steps(session: Session, office: Office) -> Issue:
    """Return an approved issue, in Japanese on Tuesday and in English on Thursday."""
    issue = newsroom.draft(session, office)
    content = issues.content(session, issue).model_copy(update={"later": {"en": THURSDAY}})
    issues.save(session, issue, content, base=1, editor_id=None, now=office.now)
    newsroom.approve(session, office, issue)
    return issue


def test_each_language_goes_out_at_its_own_time_on_its_own_printed_day(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = _in_two_steps(session, office)
        printed = {page.language: page.body for page in session.scalars(select(ArchivePage))}
        issues.schedule(session, issue, SEND_AT, now=office.now, editor_id=None)  # the later time is the issue's wish
        issue_id = issue.id

    assert "Thu 3 Dec 2026" in printed["en"]
    assert "2026年12月1日（火）" in printed["ja"]
    with database.writing(office.engine) as session:
        assert [(one.language, one.due_at) for one in issues.due(session, THURSDAY)] == [
            ("ja", SEND_AT),
            ("en", THURSDAY),
        ]
        first = issues.due(session, SEND_AT)[0]
        assert issues.release(session, office.settings, first, now=SEND_AT)

    with database.writing(office.engine) as session:
        public = {page.language: page.published_at is not None for page in session.scalars(select(ArchivePage))}
        assert public == {"ja": True, "en": False}
        assert issues.get(session, issue_id).state == "sending"
        assert closing.close_if_done(session, office.settings, issues.get(session, issue_id), now=SEND_AT) is None


def test_a_story_of_one_language_reaches_nobody_else_and_is_not_asked_for_words(office: Office) -> None:
    english = newsroom.NOTICE.model_copy(update={"only": "en", "texts": {"en": newsroom.NOTICE.texts["en"]}})
    with database.writing(office.engine) as session:
        newsroom.reader(session, office, 1)
        newsroom.reader(session, office, 2, language="ja")
        issue = newsroom.draft(session, office, (english, newsroom.FAIR))
        newsroom.approve(session, office, issue)
        issues.schedule(session, issue, SEND_AT, now=office.now, editor_id=None)
        views = {language: issues.view(session, office.settings, issue, language) for language in ("en", "ja")}
        for one in issues.due(session, SEND_AT):
            issues.release(session, office.settings, one, now=SEND_AT)
        reached = session.scalars(select(Delivery.subscriber_id)).all()
        nothing = dict(session.execute(select(Release.language, Release.nothing_for)).all())

    assert [len(view.stories) for view in views.values()] == [2, 1]
    assert (list(reached), nothing) == ([1], {"en": 0, "ja": 1})


@pytest.mark.parametrize(
    ("at", "later", "sentence"),
    [
        (SEND_AT, {"en": SEND_AT}, "another day printed in it .en."),
        (THURSDAY, {}, "another day printed in it .ja."),
        (SEND_AT, {"fr": THURSDAY}, "no words in fr"),
        (SEND_AT, {"en": SEND_AT - timedelta(days=9)}, "has passed"),
    ],
)
def test_no_language_can_be_scheduled_against_what_is_printed_in_it(
    office: Office, at: datetime, later: dict[str, datetime], sentence: str
) -> None:
    with database.writing(office.engine) as session:
        issue_id = _in_two_steps(session, office).id

    with pytest.raises(StateError, match=sentence), database.writing(office.engine) as session:
        issues.schedule(session, issues.get(session, issue_id), at, later=later, now=office.now, editor_id=None)

    with database.reading(office.engine) as session:
        assert issues.get(session, issue_id).state == "approved"


def test_sections_stand_in_the_order_of_the_issue(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office)
        content = issues.content(session, issue).model_copy(update={"sections": ("", "industry")})
        issues.save(session, issue, content, base=1, editor_id=None, now=office.now)

        view = issues.view(session, office.settings, issue, "en")

    assert [section.key for section in view.sections] == ["", "industry", "fairs"]


def test_a_mail_links_to_the_other_language_only_where_its_page_is_open_by_then(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = _in_two_steps(session, office)
        views = {one: issues.view(session, office.settings, issue, one) for one in ("en", "ja")}
        content = issues.content(session, issue)
        alone = content.model_copy(update={"texts": {"ja": content.texts["ja"]}, "later": {}})
        issues.save(session, issue, alone, base=2, editor_id=None, now=office.now)
        only = issues.view(session, office.settings, issue, "ja")

    assert {language: list(view.other_pages) for language, view in views.items()} == {"en": ["ja"], "ja": []}
    assert only.other_pages == {}
