"""A correction pauses an issue and lets it go on; what a person stopped, only a person lets go on."""

from datetime import datetime

import pytest
from sqlalchemy import Engine

from newsletter import database, issues
from newsletter.config import Settings
from tests.newsletter import newsroom
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import AFTER, Ground

REASON = "The mail server refuses us."


@pytest.fixture
def ground(engine: Engine, settings: Settings, now: datetime) -> Ground:
    return lay.lay(newsroom.open_office(engine, settings, now))


def _pause(ground: Ground) -> None:
    with database.writing(ground.office.engine) as session:
        issue = issues.get(session, ground.issue_id)
        issues.pause(session, issue, REASON, now=AFTER, editor_id=ground.office.editor_id)


def _paused(ground: Ground) -> str | None:
    with database.reading(ground.office.engine) as session:
        return issues.get(session, ground.issue_id).paused_reason


def test_a_pause_from_before_the_correction_outlasts_it(ground: Ground) -> None:
    _pause(ground)
    correction_id = lay.approved(ground)

    lay.carry_out(ground, correction_id)

    assert _paused(ground) == REASON
    assert ground.states(ground.issue_id)[3] == ("queued", ("en", 2))


def test_whoever_holds_the_issue_during_a_correction_is_not_overruled_by_its_end(ground: Ground) -> None:
    correction_id = lay.approved(ground)
    assert _paused(ground) != REASON
    _pause(ground)

    lay.carry_out(ground, correction_id)

    assert _paused(ground) == REASON


def test_a_correction_does_not_take_the_place_of_a_persons_pause(ground: Ground) -> None:
    _pause(ground)

    lay.begin(ground)

    assert _paused(ground) == REASON
