"""A proof shows one story to whoever has the link, until it ends, and records what they say to which revision."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from newsletter import database, proofs, stories
from newsletter.config import Settings
from newsletter.errors import InvalidContentError, StaleError, StateError
from newsletter.models import Letter, Proof, ProofAnswer, Story
from subscribers import tokens
from subscribers.errors import ExpiredError, TokenError
from tests.newsletter.newsroom import FAIR, NOTICE, Office, open_office


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return open_office(engine, settings, now)


def _made(session: Session, office: Office) -> tuple[Story, str]:
    story = stories.create(session, office.publication_id, FAIR, editor_id=None, now=office.now)
    token = proofs.make(session, story, valid_for=timedelta(days=2), editor_id=office.editor_id, now=office.now)
    return story, token


def _say(session: Session, office: Office, token: str, verdict: proofs.Verdict, comment: str = "") -> ProofAnswer:
    proof = proofs.find(session, token, now=office.now)
    return proofs.answer(
        session, office.settings, proof, revision=1, verdict=verdict, name="Sato", comment=comment, now=office.now
    )


def test_only_the_hash_is_kept_and_the_link_ends_at_its_time(office: Office) -> None:
    with database.writing(office.engine) as session:
        story, token = _made(session, office)

        assert session.scalars(select(Proof.token_hash)).one() == tokens.ticket_hash(token)
        assert proofs.find(session, token.upper(), now=office.now).story_id == story.id
        with pytest.raises(ExpiredError):
            proofs.find(session, token, now=office.now + timedelta(days=2))
        with pytest.raises(TokenError):
            proofs.find(session, token[:-1], now=office.now)


def test_an_ended_link_shows_nothing_any_more(office: Office) -> None:
    with database.writing(office.engine) as session:
        _, token = _made(session, office)

        proofs.end(session, proofs.find(session, token, now=office.now), editor_id=None, now=office.now)

        with pytest.raises(ExpiredError):
            proofs.find(session, token, now=office.now)


def test_an_answer_names_its_revision_and_is_mailed_to_who_made_the_link(office: Office) -> None:
    with database.writing(office.engine) as session:
        story, token = _made(session, office)
        _say(session, office, token, "ok")
        _say(session, office, token, "comment", "開場は10時です。")

        (line,) = proofs.of_story(session, story.id)
        letters = session.scalars(select(Letter).order_by(Letter.id)).all()

    assert [(one.revision, one.verdict, one.comment) for one in line.answers] == [
        (1, "ok", ""),
        (1, "comment", "開場は10時です。"),
    ]
    assert {letter.to_address for letter in letters} == {"editor@example.org"}
    assert "開場は10時です。" in letters[1].text


def test_words_that_changed_meanwhile_are_not_what_was_agreed_to(office: Office) -> None:
    with database.writing(office.engine) as session:
        story, token = _made(session, office)
        stories.save(session, story, NOTICE, base=1, editor_id=None, now=office.now)

        with pytest.raises(StaleError):
            _say(session, office, token, "ok")


@pytest.mark.parametrize("comment", ["", "  \n", "x" * (proofs.MAX_COMMENT + 1)])
def test_a_comment_has_words_and_an_end(office: Office, comment: str) -> None:
    with database.writing(office.engine) as session:
        _, token = _made(session, office)

        with pytest.raises(InvalidContentError):
            _say(session, office, token, "comment", comment)


def test_a_link_that_is_passed_around_does_not_fill_the_desk(office: Office) -> None:
    with database.writing(office.engine) as session:
        _, token = _made(session, office)
        for _ in range(proofs.MOST_ANSWERS):
            _say(session, office, token, "ok")

        with pytest.raises(StateError):
            _say(session, office, token, "ok")
