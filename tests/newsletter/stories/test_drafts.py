"""Stories keep every saved state, and two editors who meet are merged or asked."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import Engine

from newsletter import database, stories
from newsletter.config import Settings
from newsletter.content import Notice, Text
from newsletter.errors import NotFoundError, StaleError
from newsletter.models import Story
from newsletter.revisions import ConflictError
from tests.conftest import prepare
from tests.newsletter.newsroom import FAIR


def _told(title: str, body: str = "") -> Notice:
    return Notice(texts={"en": Text(title=title, body=body)})


@pytest.fixture
def story(engine: Engine, publication_id: int, now: datetime) -> Story:
    with database.writing(engine) as session:
        return stories.create(session, publication_id, _told("first"), key="01-a", editor_id=None, now=now)


def test_every_saved_state_can_be_read_again(engine: Engine, story: Story, now: datetime) -> None:
    with database.writing(engine) as session:
        stories.save(session, stories.get(session, story.id), _told("second"), base=1, editor_id=None, now=now)

    with database.reading(engine) as session:
        assert stories.content(session, story.id).texts["en"].title == "second"
        assert stories.content(session, story.id, 1).texts["en"].title == "first"


def test_what_cannot_stand_in_a_mail_is_cleaned_away(engine: Engine, publication_id: int, now: datetime) -> None:
    body = '<p onclick="x()">Go <script>alert(1)</script><a href="javascript:x()">there</a></p>'

    with database.writing(engine) as session:
        kept = stories.create(session, publication_id, _told("a", body), editor_id=None, now=now)
        read = stories.content(session, kept.id).texts["en"].body

    assert read == "<p>Go <a>there</a></p>"


def test_two_editors_who_changed_different_fields_are_both_kept(engine: Engine, story: Story, now: datetime) -> None:
    with database.writing(engine) as session:
        stories.save(session, stories.get(session, story.id), _told("second"), base=1, editor_id=None, now=now)
        mine = _told("first", "<p>More.</p>")
        stories.save(session, stories.get(session, story.id), mine, base=1, editor_id=None, now=now)

    with database.reading(engine) as session:
        assert stories.content(session, story.id) == _told("second", "<p>More.</p>")
        assert stories.get(session, story.id).head == 3


def test_two_editors_who_changed_the_same_field_are_asked_and_nothing_is_lost(
    engine: Engine, story: Story, now: datetime
) -> None:
    with database.writing(engine) as session:
        stories.save(session, stories.get(session, story.id), _told("theirs"), base=1, editor_id=None, now=now)

    with pytest.raises(ConflictError) as told, database.writing(engine) as session:
        stories.save(session, stories.get(session, story.id), _told("mine"), base=1, editor_id=None, now=now)

    (conflict,) = told.value.conflicts
    assert (conflict.path, conflict.mine, conflict.theirs) == (("texts", "en", "title"), "mine", "theirs")
    with database.reading(engine) as session:
        assert stories.content(session, story.id).texts["en"].title == "theirs"


def test_a_base_that_never_was_is_refused(engine: Engine, story: Story, now: datetime) -> None:
    with pytest.raises(StaleError), database.writing(engine) as session:
        stories.save(session, stories.get(session, story.id), _told("lost"), base=7, editor_id=None, now=now)


def test_of_two_editors_who_save_at_once_one_is_told(any_engine: Engine, settings: Settings, now: datetime) -> None:
    publication_id = prepare(any_engine, settings, now)
    with database.writing(any_engine) as session:
        story_id = stories.create(session, publication_id, _told("first"), editor_id=None, now=now).id
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def save(name: str) -> None:
        start.wait()
        try:
            with database.writing(any_engine) as session:
                stories.save(session, stories.get(session, story_id), _told(name), base=1, editor_id=None, now=now)
        except StaleError:
            outcomes.append("stale")
        else:
            outcomes.append(name)

    threads = [threading.Thread(target=save, args=(f"editor {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    (winner,) = [name for name in outcomes if name != "stale"]
    assert len(outcomes) == 4
    with database.reading(any_engine) as session:
        assert stories.content(session, story_id).texts["en"].title == winner


def test_a_story_may_become_one_of_another_kind(engine: Engine, story: Story, now: datetime) -> None:
    with database.writing(engine) as session:
        stories.save(session, stories.get(session, story.id), FAIR, base=1, editor_id=None, now=now)

    with database.reading(engine) as session:
        assert stories.get(session, story.id).kind == "fair"
        assert stories.content(session, story.id).kind == "fair"


def test_the_pool_holds_what_waits_for_an_issue(engine: Engine, publication_id: int, story: Story) -> None:
    with database.writing(engine) as session:
        waiting = stories.pool(session, publication_id)
        stories.get(session, story.id).state = "used"
        session.flush()
        left = stories.pool(session, publication_id)

    assert [one.key for one in waiting] == ["01-a"]
    assert left == []


def test_a_story_that_is_not_there_is_named(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="no story 7"), database.reading(engine) as session:
        stories.content(session, 7)
