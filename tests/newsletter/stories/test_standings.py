"""How far each language is: whoever changes ready words makes the others out of date, whoever catches up does not."""

from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from newsletter import database, stories
from newsletter.content import Fair, FairText, Notice, Picture, Text
from newsletter.errors import InvalidContentError, StaleError
from newsletter.models import Story
from newsletter.rendering.views import AnyStory

BOTH = ("en", "ja")


class Writing:
    """One story that is saved again and again."""

    def __init__(self, engine: Engine, publication_id: int, now: datetime) -> None:
        self.engine, self.publication_id, self.now = engine, publication_id, now
        self.story_id = 0

    def save(self, content: AnyStory) -> None:
        with database.writing(self.engine) as session:
            if not self.story_id:
                made = stories.create(session, self.publication_id, content, editor_id=None, now=self.now)
                self.story_id = made.id
                return
            story = stories.get(session, self.story_id)
            stories.save(session, story, content, base=story.head, editor_id=None, now=self.now)

    def tell(self, **titles: str) -> None:
        self.save(Notice(texts={language: Text(title=title) for language, title in titles.items()}))

    def confirm(self, language: str, base: int) -> None:
        with database.writing(self.engine) as session:
            story = stories.get(session, self.story_id)
            stories.confirm(session, story, language, base=base, editor_id=None, now=self.now)

    def states(self, *languages: str) -> dict[str, str]:
        with database.reading(self.engine) as session:
            story = session.get_one(Story, self.story_id)
            found = stories.standing(session, story, languages or BOTH)
            return {language: one.state for language, one in found.items()}


@pytest.fixture
def writing(engine: Engine, publication_id: int, now: datetime) -> Writing:
    return Writing(engine, publication_id, now)


def test_words_written_together_are_ready_and_words_not_written_are_missing(writing: Writing) -> None:
    writing.tell(en="Fair", ja="見本市")

    assert writing.states("en", "ja", "th") == {"en": "ready", "ja": "ready", "th": "missing"}


def test_a_change_of_ready_words_makes_the_other_language_out_of_date(writing: Writing) -> None:
    writing.tell(en="Fair", ja="見本市")
    writing.tell(en="Great fair", ja="見本市")

    assert writing.states() == {"en": "ready", "ja": "out_of_date"}


def test_catching_up_does_not_send_the_first_language_back(writing: Writing) -> None:
    writing.tell(en="Fair", ja="見本市")
    writing.tell(en="Great fair", ja="見本市")
    writing.tell(en="Great fair", ja="大見本市")

    assert writing.states() == {"en": "ready", "ja": "ready"}


def test_a_translation_written_later_does_not_send_the_original_back(writing: Writing) -> None:
    writing.tell(ja="見本市")
    writing.tell(ja="見本市", en="Fair")

    assert writing.states() == {"en": "ready", "ja": "ready"}


def test_of_three_languages_one_that_catches_up_leaves_the_third_behind(writing: Writing) -> None:
    writing.tell(en="Fair", ja="見本市", th="งาน")
    writing.tell(en="Great fair", ja="見本市", th="งาน")
    writing.tell(en="Great fair", ja="大見本市", th="งาน")

    assert writing.states("en", "ja", "th") == {"en": "ready", "ja": "ready", "th": "out_of_date"}


def test_facts_that_change_alone_leave_all_words_ready(writing: Writing) -> None:
    texts = {"en": FairText(title="Fair"), "ja": FairText(title="見本市")}
    writing.save(Fair(texts=texts, starts=date(2026, 12, 1)))
    writing.save(Fair(texts=texts, starts=date(2026, 12, 2)))

    assert writing.states() == {"en": "ready", "ja": "ready"}


def test_the_words_of_a_picture_count_as_words_of_their_language(writing: Writing) -> None:
    texts = {"en": Text(title="Fair"), "ja": Text(title="見本市")}
    picture = Picture(hash="a", width=1, height=1, alt={"en": "A booth", "ja": "ブース"})
    writing.save(Notice(texts=texts, picture=picture))
    writing.save(Notice(texts=texts, picture=picture.model_copy(update={"alt": {"en": "A booth", "ja": "写真"}})))

    assert writing.states() == {"en": "out_of_date", "ja": "ready"}


def test_a_story_in_one_language_only_has_no_standing_in_the_others(writing: Writing) -> None:
    writing.save(Notice(texts={"ja": Text(title="お知らせ")}, only="ja"))

    assert writing.states() == {"ja": "ready"}


def test_still_right_brings_words_up_to_date_until_the_next_change(writing: Writing) -> None:
    writing.tell(en="Fair", ja="見本市")
    writing.tell(en="Great fair", ja="見本市")

    writing.confirm("ja", base=2)
    confirmed = writing.states()
    writing.tell(en="Greatest fair", ja="見本市")

    assert confirmed == {"en": "ready", "ja": "ready"}
    assert writing.states() == {"en": "ready", "ja": "out_of_date"}


def test_nobody_confirms_words_they_have_not_seen(writing: Writing) -> None:
    writing.tell(en="Fair", ja="見本市")
    writing.tell(en="Great fair", ja="見本市")

    with pytest.raises(StaleError):
        writing.confirm("ja", base=1)
    with pytest.raises(InvalidContentError, match="no words in th"):
        writing.confirm("th", base=2)


def test_owner_and_due_date_stand_beside_the_state_and_are_late_only_while_it_is_not_ready(
    writing: Writing, engine: Engine, now: datetime
) -> None:
    writing.tell(en="Fair")
    with database.writing(engine) as session:
        story = stories.get(session, writing.story_id)
        due = date(2026, 11, 20)
        stories.assign(session, story, "ja", owner_id=None, due=due, editor_id=None, now=now)
        behind = stories.standing(session, story, BOTH)["ja"]

    writing.tell(en="Fair", ja="見本市")
    with database.reading(engine) as session:
        ready = stories.standing(session, stories.get(session, writing.story_id), BOTH)["ja"]

    assert (behind.state, behind.due, behind.is_late(date(2026, 11, 24))) == ("missing", due, True)
    assert (ready.state, ready.is_late(date(2026, 11, 24))) == ("ready", False)
