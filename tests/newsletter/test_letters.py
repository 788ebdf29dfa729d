"""Letters are queued with the right words, to the right person, as often as they should be."""

import json
import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from newsletter import database, erasure, letters, words
from newsletter.config import Settings
from newsletter.errors import TemplateError
from newsletter.keys import Keys
from newsletter.models import Letter
from subscribers import lifecycle, tokens
from subscribers.consent import Evidence
from tests.conftest import prepare
from tests.subscribers import people

DAY = timedelta(days=1)
TEMPLATES = ("confirmation", "already", "welcome", "offer", "unsubscribed", "help", "note")


def test_a_confirmation_letter_holds_the_link_and_nothing_that_was_typed(
    engine: Engine, settings: Settings, keys: Keys, publication_id: int, now: datetime
) -> None:
    with database.writing(engine) as session:
        asked = people.ask(session, publication_id, people.wish(language="ja"), now)
        assert asked.token is not None

        letter = letters.confirmation(session, settings, keys, asked.subscription, asked.token, now=now)

        assert letter is not None
        assert (letter.kind, letter.state, letter.language) == ("confirmation", "queued", "ja")
        assert (letter.to_address, letter.to_name) == ("taro@example.org", "")
        assert letter.html is not None
        for part in (letter.text, letter.html):
            assert f"{settings.web.base_url}/c/{asked.token}" in part
            assert "Yamada" not in part
        assert "購読" in letter.subject
        assert json.loads(letter.headers) == {"Reply-To": f"confirm+{asked.token}@example.org"}


def test_a_bounce_of_a_letter_names_its_subscription(
    engine: Engine, settings: Settings, keys: Keys, publication_id: int, now: datetime
) -> None:
    with database.writing(engine) as session:
        asked = people.ask(session, publication_id, people.wish(), now)
        assert asked.token is not None

        letter = letters.confirmation(session, settings, keys, asked.subscription, asked.token, now=now)

        assert letter is not None
        tag = re.fullmatch(r"bounce\+([a-z2-7]+)@example\.org", letter.envelope_sender)
        assert tag is not None
        assert tokens.read_bounce(keys.unsubscribe, tag[1]) == asked.subscription.id
        assert tokens.read_unsubscribe(keys.unsubscribe, tag[1]) is None


def test_a_reader_who_asks_again_is_told_so_once_a_day(
    any_engine: Engine, settings: Settings, keys: Keys, now: datetime
) -> None:
    publication_id = prepare(any_engine, settings, now)
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication_id, now)

        first = letters.already(session, settings, keys, subscription, now=now)
        second = letters.already(session, settings, keys, subscription, now=now + timedelta(hours=1))
        next_day = letters.already(session, settings, keys, subscription, now=now + DAY)

        assert first is not None
        assert second is None
        assert next_day is not None
        token = tokens.unsubscribe_token(keys.unsubscribe, subscription.id)
        assert f"/u/{token}/topics" in first.text
        assert len(session.scalars(select(Letter)).all()) == 2


def test_a_welcome_names_the_topics_and_is_written_once_a_confirmation(
    engine: Engine, settings: Settings, keys: Keys, publication_id: int, now: datetime
) -> None:
    with database.writing(engine) as session:
        subscription = people.reader(session, publication_id, now)

        letter = letters.welcome(session, settings, keys, subscription, now=now)
        again = letters.welcome(session, settings, keys, subscription, now=now + DAY)

        assert letter is not None
        assert again is None
        assert letter.to_name == "Taro Yamada"
        for topic in ("Travel fairs", "Japanese food"):
            assert topic in letter.text
        assert "Industry" not in letter.text


def test_an_answer_is_automatic_and_names_the_letter_it_answers(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    with database.writing(engine) as session:
        letter = letters.answer(
            session, settings, language="en", to="x@example.org", template="help", now=now, message_id="<a@b.test>"
        )
        forged = letters.answer(
            session,
            settings,
            language="en",
            to="y@example.org",
            template="help",
            now=now,
            message_id="<a@b.test>\r\nBcc: <z@example.org>",
        )

        assert letter is not None
        assert forged is not None
        assert letter.envelope_sender == ""
        assert json.loads(letter.headers) == {
            "Auto-Submitted": "auto-replied",
            "In-Reply-To": "<a@b.test>",
            "References": "<a@b.test>",
        }
        assert json.loads(forged.headers) == {"Auto-Submitted": "auto-replied"}


def test_two_robots_that_answer_each_other_fall_silent(engine: Engine, settings: Settings, now: datetime) -> None:
    with database.writing(engine) as session:
        written = [
            letters.answer(
                session,
                settings,
                language="en",
                to="Robot@example.org",
                template="help",
                now=now + timedelta(hours=hour),
            )
            for hour in range(20 * 24)
        ]

    assert sum(letter is not None for letter in written) == letters.MOST_ANSWERS


def test_another_answer_on_the_same_day_is_not_held_back(engine: Engine, settings: Settings, now: datetime) -> None:
    with database.writing(engine) as session:
        letters.answer(session, settings, language="en", to="x@example.org", template="help", now=now)

        offer = letters.answer(
            session,
            settings,
            language="en",
            to="x@example.org",
            template="offer",
            now=now,
            unsubscribe_url="https://news.example.org/u/abc",
        )

        assert offer is not None
        assert "https://news.example.org/u/abc" in offer.text


def test_an_unknown_language_is_answered_in_the_first(engine: Engine, settings: Settings, now: datetime) -> None:
    with database.writing(engine) as session:
        letter = letters.answer(session, settings, language="fr", to="x@example.org", template="help", now=now)

        assert letter is not None
        assert letter.language == "en"


def test_what_people_write_stays_text(engine: Engine, settings: Settings, now: datetime) -> None:
    nasty = "<script>alert(1)</script> {{ 7*7 }} {title}"
    with database.writing(engine) as session:
        letter = letters.write(
            session,
            settings,
            "alarm",
            language="en",
            to="editor@example.org",
            now=now,
            template="note",
            heading=nasty,
            paragraphs=[nasty],
            url="",
            label="",
        )

        assert letter is not None
        assert letter.html is not None
        assert letter.subject == nasty
        assert "<script>" not in letter.html
        assert "49" not in letter.text
        assert nasty in letter.text


def test_a_letter_without_a_template_is_one_sentence(engine: Engine, settings: Settings, now: datetime) -> None:
    with database.writing(engine) as session, pytest.raises(TemplateError, match="nothing"):
        letters.write(session, settings, "x", language="en", to="x@example.org", now=now, template="nothing")


def test_a_letter_that_lacks_a_value_is_one_sentence(engine: Engine, settings: Settings, now: datetime) -> None:
    with database.writing(engine) as session, pytest.raises(TemplateError, match=r"letters/note\.txt\.j2, line"):
        letters.write(
            session, settings, "x", language="en", to="x@example.org", now=now, template="note", heading="Half"
        )


def test_a_letter_once_written_is_not_written_again(any_engine: Engine, settings: Settings, now: datetime) -> None:
    def write() -> Letter | None:
        return letters.write(
            session,
            settings,
            "report",
            language="en",
            to="editor@example.org",
            once="report:12",
            now=now,
            template="note",
            heading="Report",
            paragraphs=["All arrived."],
            url="https://x.test/",
            label="Open",
        )

    with database.writing(any_engine) as session:
        assert write() is not None
        assert write() is None


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_letter_has_words_in_every_language(name: str, settings: Settings) -> None:
    for language in settings.publication.languages:
        assert f"{name}.subject" in words.load("letters", language).names()


def test_the_languages_have_the_same_sentences() -> None:
    assert words.load("letters", "en").names() == words.load("letters", "ja").names()


def test_erasing_a_person_reaches_their_letters(
    any_engine: Engine, settings: Settings, keys: Keys, now: datetime
) -> None:
    publication_id = prepare(any_engine, settings, now)
    with database.writing(any_engine) as session:
        subscription = people.reader(session, publication_id, now)
        sent = letters.welcome(session, settings, keys, subscription, now=now)
        letters.answer(session, settings, language="en", to="Taro@Example.ORG", template="help", now=now)
        other = letters.answer(session, settings, language="en", to="other@example.org", template="help", now=now)
        assert sent is not None
        assert other is not None
        sent.state = "sent"

        done = erasure.erase(session, subscription.subscriber, keys=keys, evidence=Evidence(method="editor"), now=now)

        assert done
    with database.reading(any_engine) as session:
        rows = session.scalars(select(Letter).order_by(Letter.id)).all()
        assert [row.state for row in rows] == ["sent", "cancelled", "queued"]
        for row in rows[:2]:
            assert (row.to_address, row.to_name, row.text, row.html, row.once) == ("", "", "", None, None)
        assert rows[2].to_address == "other@example.org"


def test_an_erased_person_gets_no_letter(
    engine: Engine, settings: Settings, keys: Keys, publication_id: int, now: datetime
) -> None:
    with database.writing(engine) as session:
        subscription = people.reader(session, publication_id, now)
        erasure.erase(session, subscription.subscriber, keys=keys, evidence=Evidence(), now=now)
        assert lifecycle.get(session, subscription.id) is subscription

        with pytest.raises(ValueError, match="erased"):
            letters.welcome(session, settings, keys, subscription, now=now)
