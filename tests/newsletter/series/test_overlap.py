"""No story is told twice by issues that are made while others are still on their way."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from newsletter import database, issues, series, stories
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import Issue, Story
from newsletter.series import standing
from newsletter.series.rule import Picking, Rhythm
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office
from tests.newsletter.series import ground
from tests.newsletter.series.ground import RULE

WEEKLY = RULE.model_copy(
    update={
        "rhythm": Rhythm(every="week", weekday=0, begins=date(2026, 12, 1)),
        "lead_days": 10,  # the second issue is made while the first waits for its approval
        "picking": Picking(kinds=("fair",), least=1, most=3),
    }
)
FIRST, SECOND = datetime.fromisoformat("2026-11-27T02:00Z"), datetime.fromisoformat("2026-12-04T02:00Z")


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    office = newsroom.open_office(engine, settings, now)
    with database.writing(engine) as session:
        for number, language in enumerate(("en", "ja")):
            newsroom.reader(session, office, number, topics=["fairs"], language=language)
    return office


def _chosen(office: Office) -> list[list[int]]:
    with database.reading(office.engine) as session:
        made = session.scalars(select(Issue).order_by(Issue.id))
        return [[choice.story_id for choice in issues.content(session, issue).stories] for issue in made]


def test_a_story_that_waits_for_approval_is_not_taken_by_the_next_issue(office: Office, keys: Keys) -> None:
    with database.writing(office.engine) as session:
        ground.begin(session, office, rule=WEEKLY)
    tick = ground.clock(office, keys)

    tick(FIRST)
    tick(SECOND)

    assert ground.run_states(office) == [("asked", ""), ("skipped", "few")]
    assert _chosen(office) == [[2, 1]]


def test_two_series_that_are_due_at_once_do_not_take_the_same_story(office: Office, keys: Keys) -> None:
    with database.writing(office.engine) as session:
        ground.begin(session, office, rule=WEEKLY)
        ground.begin(session, office, rule=WEEKLY, fairs=0)
    tick = ground.clock(office, keys)

    tick(FIRST)
    tick(FIRST + timedelta(minutes=1))

    assert sorted(ground.run_states(office)) == [("asked", ""), ("skipped", "few")]
    assert _chosen(office) == [[2, 1]]


def test_a_fair_called_off_after_its_calendar_was_made_does_not_go_out_by_itself(office: Office, keys: Keys) -> None:
    calendar = WEEKLY.picking.model_copy(update={"again": True})
    with database.writing(office.engine) as session:
        made = ground.begin(
            session, office, rule=WEEKLY.model_copy(update={"approval": "standing", "picking": calendar})
        )
        told = {"shown": standing.seal(office.settings, made), "until": date(2027, 6, 30), "now": office.now}
        standing.give(session, office.settings, made, editor_id=office.approver_id, **told)  # type: ignore[arg-type]
    with database.reading(office.engine) as session:
        (due,) = series.due(session, office.settings, office.publication_id, now=FIRST)
    with database.writing(office.engine) as session:
        series.make(session, office.settings, due, now=FIRST)
    # the clock was killed here, and went on after a fair was called off
    with database.writing(office.engine) as session:
        story = session.get_one(Story, 1)
        off = stories.content(session, story.id).model_copy(update={"status": "cancelled"})
        stories.save(session, story, off, base=1, editor_id=office.editor_id, now=FIRST)

    ground.clock(office, keys)(FIRST)

    assert ground.run_states(office) == [("handed_over", "findings")]
