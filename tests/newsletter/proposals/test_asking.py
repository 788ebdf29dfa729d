"""A proposal reaches the editors once its address is proved, and never fills anybody's inbox."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from newsletter import database, erasure, proposals, stories
from newsletter.config import Settings
from newsletter.errors import StateError
from newsletter.keys import Keys
from newsletter.models import Letter, Proposal, Story
from newsletter.proposals import Wish
from newsletter.rendering.views import AnyStory
from subscribers import suppression, tokens
from subscribers.errors import ExpiredError, TokenError
from tests.newsletter.newsroom import Office, open_office, reader
from tests.newsletter.proposals.test_wishes import WISH


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return open_office(engine, settings, now)


class Form:
    """The public form of an office."""

    def __init__(self, office: Office, keys: Keys) -> None:
        self.office, self.keys = office, keys

    def ask(self, wish: Wish = WISH, *, now: datetime | None = None) -> bool:
        one = self.office
        with database.writing(one.engine) as session:
            asked = proposals.ask(session, one.settings, self.keys, one.publication_id, wish, now=now or one.now)
            return asked is not None

    def letters(self, to: str = WISH.email) -> list[Letter]:
        with database.reading(self.office.engine) as session:
            return list(session.scalars(select(Letter).where(Letter.to_address == to).order_by(Letter.id)))

    def token(self) -> str:
        return next(line for line in self.letters()[-1].text.splitlines() if "/propose/" in line).rpartition("/")[2]

    def land(self, *, now: datetime | None = None) -> bool:
        token = self.token()
        with database.writing(self.office.engine) as session:
            proposal = proposals.find(session, token, now=now or self.office.now)
            return proposals.land(session, self.office.settings, proposal, now=now or self.office.now)


@pytest.fixture
def form(office: Office, keys: Keys) -> Form:
    return Form(office, keys)


def _stories(session: Session) -> list[Story]:
    return list(session.scalars(select(Story)))


def test_nothing_reaches_the_pool_before_the_mailed_link_is_used(form: Form, office: Office) -> None:
    assert form.ask()

    with database.reading(office.engine) as session:
        assert _stories(session) == []
    assert form.letters("editor@example.org") == []


def test_the_letter_holds_nothing_that_was_typed(form: Form) -> None:
    form.ask()

    (letter,) = form.letters()
    for typed in (WISH.organisation, WISH.name, WISH.title, "Apples", WISH.url):
        assert typed not in letter.text + letter.subject + (letter.html or "") + letter.to_name


def test_the_link_makes_a_proposed_story_and_tells_each_editor_once(form: Form, office: Office) -> None:
    form.ask()

    first, second = form.land(), form.land()

    assert (first, second) == (True, False)
    with database.reading(office.engine) as session:
        (story,) = _stories(session)
        assert (story.state, story.kind) == ("proposed", "fair")
        assert stories.content(session, story.id).texts["en"].title == WISH.title
        proposer = proposals.of_story(session, story.id)
        assert proposer is not None
        assert (proposer.organisation, proposer.wish) == (WISH.organisation, "")
    (told,) = form.letters("editor@example.org")
    assert WISH.organisation in told.subject


def test_only_the_hash_of_the_link_is_kept(form: Form, office: Office) -> None:
    form.ask()

    token = form.token()

    with database.reading(office.engine) as session:
        assert session.scalars(select(Proposal.token_hash)).one() == tokens.ticket_hash(token)


def test_a_link_ends_and_a_made_up_one_never_began(form: Form, office: Office) -> None:
    form.ask()

    with pytest.raises(ExpiredError):
        form.land(now=office.now + timedelta(days=3))
    with pytest.raises(TokenError), database.reading(office.engine) as session:
        proposals.find(session, "x" * 26, now=office.now)


def test_a_stranger_cannot_fill_an_inbox_and_tomorrow_is_another_day(form: Form, office: Office) -> None:
    asked = [form.ask(replace(WISH, email=email)) for email in ("a@b.test", "A@b.test", "a@B.test", "a@b.test")]
    later = form.ask(replace(WISH, email="a@b.test"), now=office.now + timedelta(hours=25))

    assert asked == [True, True, True, False]
    assert later


def test_who_complained_is_not_written_to_and_who_only_left_is(form: Form, office: Office, keys: Keys) -> None:
    with database.writing(office.engine) as session:
        for email, reason in (("angry@b.test", "complained"), ("gone@b.test", "left")):
            hashed = tokens.address_hash(keys.suppression, email)
            suppression.suppress(session, office.publication_id, hashed, reason=reason, now=office.now)

    assert not form.ask(replace(WISH, email="angry@b.test"))
    assert form.ask(replace(WISH, email="gone@b.test"))


def test_what_nobody_confirms_is_deleted_and_what_landed_stays(form: Form, office: Office) -> None:
    form.ask()
    form.land()
    form.ask(replace(WISH, email="b@b.test"))

    with database.writing(office.engine) as session:
        deleted = proposals.purge(session, before=office.now + timedelta(seconds=1))
        left = session.scalars(select(Proposal.email)).all()

    assert (deleted, left) == (1, [WISH.email])


def test_the_decision_is_mailed_to_the_proposers_in_the_editors_words(form: Form, office: Office) -> None:
    form.ask(replace(WISH, language="ja"))
    form.land()

    with database.writing(office.engine) as session:
        (story,) = _stories(session)
        proposals.accept(session, office.settings, story, editor_id=office.editor_id, now=office.now)
        proposals.decline(session, office.settings, story, "日程が\n合いません。", editor_id=None, now=office.now)

    _, accepted, declined = form.letters()
    assert "掲載いたします" in accepted.subject
    assert "日程が" in declined.text
    assert declined.to_name == WISH.name
    with database.writing(office.engine) as session, pytest.raises(StateError):
        proposals.decline(session, office.settings, _stories(session)[0], editor_id=None, now=office.now)


def test_declining_without_a_word_writes_no_letter(form: Form, office: Office) -> None:
    form.ask()
    form.land()

    with database.writing(office.engine) as session:
        proposals.decline(session, office.settings, _stories(session)[0], " ", editor_id=None, now=office.now)

    assert len(form.letters()) == 1


def test_an_editor_writes_down_and_forgets_whom_a_story_is_told_for(office: Office) -> None:
    with database.writing(office.engine) as session:
        story = stories.create(session, office.publication_id, _content(), editor_id=None, now=office.now)
        known = {"organisation": "Yuzu  Village", "name": "Abe", "language": "ja", "editor_id": None}
        proposals.note(session, story, email="abe@yuzu.test", now=office.now, **known)  # type: ignore[arg-type] # one dict of mixed types
        proposals.note(session, story, email="abe@new.test", now=office.now, **known)  # type: ignore[arg-type] # the same
        noted = proposals.of_story(session, story.id)
        assert noted is not None
        assert (noted.organisation, noted.email, noted.state) == ("Yuzu Village", "abe@new.test", "noted")

        proposals.forget(session, story, editor_id=None, now=office.now)
        assert proposals.of_story(session, story.id) is None


def _content() -> AnyStory:
    return proposals.wishes.content(WISH)


def test_who_is_erased_as_a_reader_is_forgotten_as_a_proposer_too(form: Form, office: Office) -> None:
    form.ask(replace(WISH, email="Reader1@example.org"))

    with database.writing(office.engine) as session:
        person = reader(session, office, 1).subscriber
        erasure.forget(session, person)
        left = session.execute(select(Proposal.email, Proposal.name, Proposal.token_hash)).all()

    assert left == [("", "", None)]
