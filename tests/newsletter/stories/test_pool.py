"""The pool: what waits, what is decided about it, and next year's fair."""

from datetime import date, datetime, time

import pytest
from sqlalchemy import Engine, select

from newsletter import database, stories
from newsletter.content import Opening
from newsletter.errors import StateError
from newsletter.models import Audit
from tests.newsletter.newsroom import FAIR, NOTICE, SEMINAR

BOTH = ("en", "ja")


def test_an_entry_holds_the_newest_words_and_their_standing(engine: Engine, publication_id: int, now: datetime) -> None:
    with database.writing(engine) as session:
        first = stories.create(session, publication_id, SEMINAR, editor_id=None, now=now)
        second = stories.create(session, publication_id, FAIR, state="proposed", editor_id=None, now=now)
        stories.save(session, first, NOTICE, base=1, editor_id=None, now=now)

        found = stories.entries(session, publication_id, BOTH)

    assert [entry.story.id for entry in found] == [second.id, first.id]
    assert found[1].content == NOTICE
    assert {language: one.state for language, one in found[0].standing.items()} == {"en": "ready", "ja": "ready"}


def test_a_page_of_entries_ends_and_goes_on(engine: Engine, publication_id: int, now: datetime) -> None:
    with database.writing(engine) as session:
        ids = [stories.create(session, publication_id, NOTICE, editor_id=None, now=now).id for _ in range(3)]

        newest = stories.entries(session, publication_id, BOTH, limit=2)
        older = stories.entries(session, publication_id, BOTH, limit=2, before=newest[-1].story.id)

    assert [entry.story.id for entry in (*newest, *older)] == ids[::-1]


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        ("proposed", ["accept", "decline"]),
        ("accepted", ["decline"]),
        ("declined", ["reopen"]),
        ("used", ["reopen"]),
    ],
)
def test_only_decisions_that_the_state_allows_are_taken(
    engine: Engine, publication_id: int, now: datetime, state: str, allowed: list[str]
) -> None:
    decisions = {"accept": stories.accept, "decline": stories.decline, "reopen": stories.reopen}
    with database.writing(engine) as session:
        story = stories.create(session, publication_id, NOTICE, state=state, editor_id=None, now=now)
        assert stories.possible(story) == allowed
        for name, decide in decisions.items():
            story.state = state
            session.flush()
            if name in allowed:
                decide(session, story, editor_id=None, now=now)
            else:
                with pytest.raises(StateError, match=f"is {state} by now"):
                    decide(session, story, editor_id=None, now=now)
        assert session.scalars(select(Audit.action).where(Audit.action.in_(decisions))).all() == allowed


def test_next_year_keeps_the_words_and_forgets_the_dates(engine: Engine, publication_id: int, now: datetime) -> None:
    opening = Opening(day=date(2026, 12, 17), opens=time(10), closes=time(20))
    fair = FAIR.model_copy(update={"status": "changed", "openings": (opening,), "zone": "Asia/Bangkok"})
    with database.writing(engine) as session:
        this = stories.create(session, publication_id, fair, state="used", editor_id=None, now=now)

        following = stories.next_year(session, this, editor_id=None, now=now)
        content = stories.content(session, following.id)
        standing = stories.standing(session, following, BOTH)

    assert (following.state, following.follows_id) == ("accepted", this.id)
    unknown = {"starts": None, "ends": None, "openings": (), "status": "planned"}
    assert content == fair.model_copy(update=unknown)
    assert {one.state for one in standing.values()} == {"out_of_date"}


def test_words_of_next_year_become_ready_one_by_one(engine: Engine, publication_id: int, now: datetime) -> None:
    with database.writing(engine) as session:
        this = stories.create(session, publication_id, FAIR, editor_id=None, now=now)
        following = stories.next_year(session, this, editor_id=None, now=now)
        content = stories.content(session, following.id)
        english = content.texts["en"].model_copy(update={"title": "FIT 2027"})

        written = content.model_copy(update={"texts": {**content.texts, "en": english}})
        stories.save(session, following, written, base=1, editor_id=None, now=now)
        half = stories.standing(session, following, BOTH)
        stories.confirm(session, following, "ja", base=2, editor_id=None, now=now)
        whole = stories.standing(session, following, BOTH)

    assert {language: one.state for language, one in half.items()} == {"en": "ready", "ja": "out_of_date"}
    assert {one.state for one in whole.values()} == {"ready"}


def test_a_fair_has_one_next_year_however_often_it_is_asked_for(
    engine: Engine, publication_id: int, now: datetime
) -> None:
    with database.writing(engine) as session:
        this = stories.create(session, publication_id, FAIR, editor_id=None, now=now)
        first = stories.next_year(session, this, editor_id=None, now=now)

        second = stories.next_year(session, this, editor_id=None, now=now)
        stories.decline(session, first, editor_id=None, now=now)
        third = stories.next_year(session, this, editor_id=None, now=now)

    assert second.id == first.id
    assert third.id != first.id


def test_what_is_no_fair_has_no_next_year(engine: Engine, publication_id: int, now: datetime) -> None:
    with database.writing(engine) as session:
        notice = stories.create(session, publication_id, NOTICE, editor_id=None, now=now)

        with pytest.raises(StateError, match="Only a fair"):
            stories.next_year(session, notice, editor_id=None, now=now)
