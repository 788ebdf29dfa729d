"""A series makes one issue a day however often the clock ticks, skips with a note, and asks or goes by itself."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, select, update

from newsletter import approvals, database, issues, models, series, stories
from newsletter.config import Settings
from newsletter.content import Fair, IssueContent, StoryChoice
from newsletter.errors import NotAllowedError, StaleError, StateError
from newsletter.keys import Keys
from newsletter.models import Approval, Issue, Letter, Release, Series, SeriesRun, Story
from newsletter.series import picking, standing
from newsletter.series.rule import Picking
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office
from tests.newsletter.series import ground
from tests.newsletter.series.ground import DAY, RULE, SEND_AT

EVE = SEND_AT - timedelta(days=7)
"""When the issue is made."""
Tick = Callable[[datetime], int]


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(engine, settings, now)


@pytest.fixture
def tick(office: Office, keys: Keys) -> Tick:
    return ground.clock(office, keys)


def _begin(office: Office, *, rule: series.Rule = RULE, fairs: int = 2) -> int:
    with database.writing(office.engine) as session:
        newsroom.reader(session, office, 1, topics=["fairs"])
        newsroom.reader(session, office, 2, topics=["fairs"], language="ja")
        return ground.begin(session, office, rule=rule, fairs=fairs).id


def _agree(office: Office, series_id: int, until: date = date(2027, 6, 30)) -> None:
    with database.writing(office.engine) as session:
        one = series.get(session, series_id)
        shown = standing.seal(office.settings, one)
        standing.give(
            session, office.settings, one, shown=shown, until=until, editor_id=office.approver_id, now=office.now
        )


def _subjects(office: Office) -> list[str]:
    with database.reading(office.engine) as session:
        return list(session.scalars(select(Letter.subject).order_by(Letter.id)))


def test_an_issue_is_made_a_week_ahead_and_not_earlier(office: Office, tick: Tick) -> None:
    series_id = _begin(office, fairs=4)

    assert tick(EVE - timedelta(minutes=1)) == 0
    tick(EVE)

    with database.reading(office.engine) as session:
        issue = session.scalars(select(Issue)).one()
        content = issues.content(session, issue)
        assert (issue.series_id, content.send_at) == (series_id, SEND_AT)
        assert content.texts["en"].subject == "Fairs from December 2026 to January 2027: 3"
        assert content.texts["ja"].subject == "2026年12月から2027年1月のフェア（3件）"
        told = [stories.content(session, one.story_id).texts["en"].title for one in content.stories]
        assert told == ["Fair 1", "Fair 2", "Fair 3"]  # what comes first stands first; the fourth waits


def test_however_often_clocks_tick_at_once_a_day_has_one_issue(office: Office, tick: Tick) -> None:
    _begin(office)
    start = threading.Barrier(3)

    def at_once() -> None:
        start.wait()
        tick(EVE)

    threads = [threading.Thread(target=at_once) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tick(EVE + timedelta(minutes=1))

    with database.reading(office.engine) as session:
        assert len(session.scalars(select(Issue)).all()) == 1
        assert len(session.scalars(select(SeriesRun)).all()) == 1


def test_a_day_with_too_few_stories_is_skipped_with_a_note(office: Office, tick: Tick) -> None:
    _begin(office, fairs=1)

    tick(EVE)
    tick(EVE + timedelta(hours=1))

    assert ground.run_states(office) == [("skipped", "few")]
    assert _subjects(office) == ["Fair calendar: no issue this time"] * 2  # the editor and the approver, once
    with database.reading(office.engine) as session:
        assert session.scalars(select(Issue)).all() == []
        assert "stories in the pool that fit: 1;" in session.scalars(select(Letter.text)).first()  # type: ignore[operator] # there is one


def test_a_series_that_asks_is_scheduled_when_approved_and_never_before(office: Office, tick: Tick) -> None:
    _begin(office)
    tick(EVE)
    assert ground.run_states(office) == [("asked", "")]
    assert tick(EVE + timedelta(days=1)) == 0

    with database.writing(office.engine) as session:
        issue = session.scalars(select(Issue)).one()
        approvals.give(session, office.settings, issue, editor_id=office.approver_id, now=EVE)
    tick(EVE + timedelta(days=2))

    assert ground.run_states(office) == [("scheduled", "")]
    with database.reading(office.engine) as session:
        assert {one.due_at for one in session.scalars(select(Release))} == {SEND_AT}


def test_under_a_standing_approval_an_issue_goes_by_itself_and_the_record_names_who_agreed(
    office: Office, tick: Tick
) -> None:
    series_id = _begin(office, rule=RULE.model_copy(update={"approval": "standing"}))
    _agree(office, series_id)

    tick(EVE)

    assert ground.run_states(office) == [("scheduled", "")]
    with database.reading(office.engine) as session:
        issue = session.scalars(select(Issue)).one()
        assert issue.state == "scheduled"
        given = session.scalars(select(Approval).where(Approval.decision == "given")).one()
        assert (given.editor_id, given.frozen_hash) == (office.approver_id, issue.frozen_hash)
        assert f"of series {series_id}" in given.comment


@pytest.mark.parametrize("end", ["rule", "withdrawn", "until", "sender", "footer"])
def test_a_standing_approval_is_bounded_to_its_rule_its_sender_and_its_time(
    office: Office, keys: Keys, end: str
) -> None:
    rule = RULE.model_copy(update={"approval": "standing"})
    series_id = _begin(office, rule=rule)
    _agree(office, series_id, date(2026, 12, 6) if end == "until" else date(2027, 6, 30))
    settings = office.settings
    with database.writing(office.engine) as session:
        one = series.get(session, series_id)
        if end == "rule":
            wider = rule.model_copy(update={"picking": Picking()})
            series.save(session, settings, one, wider, base=1, editor_id=office.editor_id, now=office.now)
        elif end == "withdrawn":
            standing.withdraw(session, settings, one, editor_id=office.editor_id, now=office.now)
        elif end == "sender":
            sender = settings.publication.model_copy(update={"from_address": "other@example.org"})
            settings = settings.model_copy(update={"publication": sender})
        elif end == "footer":
            moved = settings.office.model_copy(update={"postal_address": "1 Other Street"})
            settings = settings.model_copy(update={"office": moved})

    ground.clock(Office(**(vars(office) | {"settings": settings})), keys)(EVE)

    assert ground.run_states(office) == [("asked", "no_standing")]


def test_a_standing_approval_is_given_by_whose_turn_it_is_for_what_was_shown(office: Office) -> None:
    series_id = _begin(office)
    with database.writing(office.engine) as session:
        one = series.get(session, series_id)
        shown = standing.seal(office.settings, one)
        give = partial(standing.give, session, office.settings, one, now=office.now)

        with pytest.raises(NotAllowedError):
            give(shown=shown, until=DAY, editor_id=office.editor_id)
        with pytest.raises(StaleError):
            give(shown="other", until=DAY, editor_id=office.approver_id)
        with pytest.raises(StateError):
            give(shown=shown, until=DAY + timedelta(days=900), editor_id=office.approver_id)
        assert not standing.in_force(session, office.settings, one, day=DAY)


def test_an_issue_that_the_checks_stop_waits_for_a_person(office: Office, tick: Tick) -> None:
    _begin(office)
    with database.writing(office.engine) as session:
        for story in session.scalars(select(Story)):
            wrong = ground.fair(1, texts={"en": {"title": "TBD: add a title"}, "ja": {"title": "題名"}})
            stories.save(session, story, wrong, base=1, editor_id=None, now=office.now)

    tick(EVE)

    assert ground.run_states(office) == [("handed_over", "findings")]
    assert "Fair calendar: an issue waits for you" in _subjects(office)
    with database.reading(office.engine) as session:
        assert session.scalars(select(Issue.state)).all() == ["draft"]


def test_an_issue_that_somebody_changes_is_theirs(office: Office, tick: Tick) -> None:
    _begin(office)
    tick(EVE)
    with database.writing(office.engine) as session:
        issue = session.scalars(select(Issue)).one()
        content = issues.content(session, issue).model_copy(update={"sections": ("fairs",)})
        issues.save(session, issue, content, base=issue.head, editor_id=office.editor_id, now=EVE)

    tick(EVE + timedelta(hours=1))

    assert ground.run_states(office)[0][0] == "handed_over"
    assert tick(SEND_AT) == 0
    with database.reading(office.engine) as session:
        assert session.scalars(select(Issue.state)).all() == ["draft"]


def test_what_nobody_approved_in_time_stays_where_it_is(office: Office, tick: Tick) -> None:
    _begin(office)
    tick(EVE)

    tick(SEND_AT)

    assert ground.run_states(office) == [("handed_over", "late")]
    assert "Fair calendar: an issue was not approved in time" in _subjects(office)
    with database.reading(office.engine) as session:
        assert session.scalars(select(Release)).all() == []


def test_a_day_missed_while_the_machine_was_off_is_told_and_not_made_up_for(office: Office, tick: Tick) -> None:
    _begin(office)

    tick(SEND_AT + timedelta(hours=1))

    assert ground.run_states(office) == [("missed", "missed")]
    with database.reading(office.engine) as session:
        assert session.scalars(select(Issue)).all() == []


def test_a_stopped_series_makes_nothing_and_one_started_again_makes_up_for_nothing(office: Office, tick: Tick) -> None:
    series_id = _begin(office)
    with database.writing(office.engine) as session:
        series.stop(session, series.get(session, series_id), editor_id=office.editor_id, now=office.now)

    assert tick(EVE) == 0
    with database.writing(office.engine) as session:
        late = SEND_AT + timedelta(days=1)
        series.start(session, series.get(session, series_id), editor_id=office.editor_id, now=late)
    assert tick(late) == 0


def test_two_editors_who_change_a_series_at_once_do_not_undo_each_other(office: Office) -> None:
    series_id = _begin(office)
    with database.writing(office.engine) as session:
        one = series.get(session, series_id)
        series.save(session, office.settings, one, RULE, base=1, editor_id=office.editor_id, now=office.now)
        with pytest.raises(StaleError):
            series.save(session, office.settings, one, RULE, base=1, editor_id=office.editor_id, now=office.now)


def test_a_killed_clock_leaves_an_issue_that_the_next_one_takes_further(office: Office, tick: Tick) -> None:
    _begin(office)
    with database.reading(office.engine) as session:
        (due,) = series.due(session, office.settings, office.publication_id, now=EVE)
    with database.writing(office.engine) as session:
        series.make(session, office.settings, due, now=EVE)
    # killed here: the draft stands, nobody was asked

    tick(EVE)

    assert ground.run_states(office) == [("asked", "")]


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, True),
        ({"status": "cancelled"}, False),
        ({"status": "postponed"}, False),
        ({"topic": "food"}, False),
        ({"starts": date(2026, 12, 1), "ends": date(2026, 12, 6)}, False),
        ({"starts": date(2026, 12, 1), "ends": DAY}, True),
        ({"starts": date(2027, 3, 1), "ends": None}, False),
        ({"starts": None, "ends": None}, False),
        ({"countries": ("TH", "SG")}, True),
        ({"countries": ("JP",)}, False),
    ],
)
def test_a_series_takes_what_fits_its_day(changes: dict[str, object], wanted: bool) -> None:  # noqa: FBT001 - a table
    one: Fair = ground.fair(1, **({"countries": ("TH",)} | changes))
    wish = Picking(kinds=("fair",), topics=("fairs",), countries=("TH",), within_days=60)

    assert picking.fits(one, wish, DAY) is wanted


def test_what_is_not_ready_in_every_language_stays_in_the_pool(office: Office) -> None:
    _begin(office)
    with database.writing(office.engine) as session:
        english = ground.fair(5, texts={"en": {"title": "Only English so far"}})
        only = ground.fair(6, only="en", texts={"en": {"title": "For readers of English"}})
        for content in (english, only):
            stories.create(session, office.publication_id, content, editor_id=None, now=office.now)

        found = picking.pick(session, office.settings, office.publication_id, RULE.picking, day=DAY)

    assert [titles["en"] for titles in found.titles] == ["Fair 1", "Fair 2", "For readers of English"]
    assert found.unready == 1


def test_a_calendar_tells_again_what_an_earlier_issue_told(office: Office) -> None:
    _begin(office)
    with database.writing(office.engine) as session:
        session.execute(update(Story).values(state="used"))
        again = RULE.picking.model_copy(update={"again": True})

        found = [
            len(picking.pick(session, office.settings, office.publication_id, one, day=DAY).choices)
            for one in (RULE.picking, again)
        ]

    assert found == [0, 2]


def test_a_series_of_words_or_topics_that_the_settings_do_not_have_is_refused(office: Office) -> None:
    with database.writing(office.engine) as session:
        mute = RULE.model_copy(update={"texts": {"en": RULE.texts["en"]}})
        strange = RULE.model_copy(update={"picking": Picking(topics=("weather",))})
        for rule, why in ((mute, "ja"), (strange, "weather")):
            with pytest.raises(Exception, match=why):
                series.create(session, office.settings, office.publication_id, rule, editor_id=None, now=office.now)
        assert session.scalars(select(Series)).all() == []


def test_a_calendar_of_what_was_told_before_goes_out_by_itself(office: Office, tick: Tick) -> None:
    again = RULE.picking.model_copy(update={"again": True})
    series_id = _begin(office, rule=RULE.model_copy(update={"approval": "standing", "picking": again}))
    _agree(office, series_id)
    with database.writing(office.engine) as session:
        fairs = session.scalars(select(Story)).all()
        chosen = tuple(StoryChoice(story_id=story.id, revision=1) for story in fairs)
        content = IssueContent(texts=newsroom.TEXTS, stories=chosen, send_at=newsroom.SEND_AT)
        told = issues.create(session, office.settings, office.publication_id, content, editor_id=None, now=office.now)
        told.state, told.frozen_revision = "closed", 1
        told.releases = [Release(language="en", state="released", due_at=office.now, released_at=office.now)]

    tick(EVE)

    assert ground.run_states(office) == [("scheduled", "")]
    with database.reading(office.engine) as session:
        assert {tick.editor_id for tick in session.scalars(select(models.Tick))} == {office.approver_id}
