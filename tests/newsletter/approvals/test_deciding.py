"""The seats agree one after the other, nobody twice and nobody for what they asked for; one word decides once."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import Engine, select, update

from newsletter import approvals, database, issues
from newsletter.approvals.errors import SeatError
from newsletter.config import Settings
from newsletter.errors import NotAllowedError, StaleError, StateError
from newsletter.models import Approval, Editor, Issue, Letter, Post
from tests.newsletter import newsroom
from tests.newsletter.approvals import chain_office
from tests.newsletter.approvals.conftest import Asked
from tests.newsletter.newsroom import Office


def _state(asked: Asked) -> str:
    with database.reading(asked.office.engine) as session:
        return issues.get(session, asked.issue_id).state


def _lines(asked: Asked) -> list[Approval]:
    with database.reading(asked.office.engine) as session:
        return approvals.history(session, issues.get(session, asked.issue_id))


def _refuse(asked: Asked, name: str, comment: str = "Please mend the venue.") -> None:
    office, editor_id = asked.office, chain_office.person(asked.office, name)
    with database.writing(office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        approvals.refuse(session, office.settings, issue, editor_id=editor_id, comment=comment, now=office.now)


def test_an_issue_is_approved_when_the_last_seat_agrees(asked: Asked) -> None:
    chain_office.give(asked.office, asked.issue_id, "head", comment="Well done.")
    half_way = _state(asked)
    chain_office.give(asked.office, asked.issue_id, "director")

    assert (half_way, _state(asked)) == ("asked", "approved")
    _, head, director = _lines(asked)
    assert (head.seat, json.loads(head.seat_title)["ja"], head.comment) == (0, "係長", "Well done.")
    assert (director.seat, director.deputy, director.frozen_hash) == (1, False, head.frozen_hash)


def test_the_editor_who_asked_is_told_that_the_approval_is_complete(asked: Asked) -> None:
    chain_office.give(asked.office, asked.issue_id, "head")
    chain_office.give(asked.office, asked.issue_id, "director")

    with database.reading(asked.office.engine) as session:
        (letter,) = session.scalars(select(Letter)).all()
    assert (letter.to_address, letter.subject) == ("editor@example.org", "Issue 1 is approved")
    assert "Director agreed" in letter.text


@pytest.mark.parametrize(
    ("name", "reason"), [("director", "turn"), ("deputy", "stranger"), ("approver", "stranger"), ("editor", "stranger")]
)
def test_nobody_decides_out_of_turn(asked: Asked, name: str, reason: str) -> None:
    with pytest.raises(SeatError) as caught:
        chain_office.give(asked.office, asked.issue_id, name)

    assert (caught.value.reason, _state(asked), len(_lines(asked))) == (reason, "asked", 1)


def test_nobody_agrees_in_two_seats(asked: Asked) -> None:
    both = chain_office.DIRECTOR.model_copy(update={"editors": ("head@example.org", "director@example.org")})
    settings = chain_office.with_approval(asked.office.settings, seats=(chain_office.HEAD, both))
    office = replace(asked.office, settings=settings)
    chain_office.give(office, asked.issue_id, "head")

    with pytest.raises(SeatError, match="twice"):
        chain_office.give(office, asked.issue_id, "head")

    assert _state(asked) == "asked"


def test_whoever_asked_does_not_agree_unless_the_settings_allow_it(asked: Asked) -> None:
    seat = chain_office.HEAD.model_copy(update={"editors": ("editor@example.org",)})
    strict = replace(asked.office, settings=chain_office.with_approval(asked.office.settings, seats=(seat,)))
    loose = replace(
        asked.office, settings=chain_office.with_approval(asked.office.settings, seats=(seat,), own_issues=True)
    )

    with pytest.raises(SeatError, match="asked"):
        chain_office.give(strict, asked.issue_id, "editor")
    chain_office.give(loose, asked.issue_id, "editor")

    assert _state(asked) == "approved"


def test_a_deputy_agrees_in_the_name_of_who_is_away(asked: Asked) -> None:
    chain_office.give(asked.office, asked.issue_id, "head")
    with database.writing(asked.office.engine) as session:
        away = update(Editor).where(Editor.email == "director@example.org")
        session.execute(away.values(away_from=asked.office.now.date()))

    chain_office.give(asked.office, asked.issue_id, "deputy")

    line = _lines(asked)[-1]
    assert (_state(asked), line.deputy, line.instead_of) == ("approved", True, "Director")


def test_a_disabled_editor_decides_nothing(asked: Asked) -> None:
    with database.writing(asked.office.engine) as session:
        gone = update(Editor).where(Editor.email == "head@example.org")
        session.execute(gone.values(disabled_at=asked.office.now))

    with pytest.raises(NotAllowedError):
        chain_office.give(asked.office, asked.issue_id, "head")
    with pytest.raises(NotAllowedError):
        _refuse(asked, "head")


def test_something_else_than_was_shown_is_not_approved(asked: Asked) -> None:
    with pytest.raises(StaleError):
        chain_office.give(asked.office, asked.issue_id, "head", shown="0" * 64)

    assert _state(asked) == "asked"


def test_a_link_for_one_seat_does_not_fill_another(asked: Asked) -> None:
    with pytest.raises(StateError):
        chain_office.give(asked.office, asked.issue_id, "head", number=1)


def test_what_was_altered_in_the_database_is_not_approved(asked: Asked) -> None:
    with database.writing(asked.office.engine) as session:
        session.execute(update(Post).values(text="Something nobody saw"))

    with pytest.raises(StateError, match="has changed since it was frozen"):
        chain_office.give(asked.office, asked.issue_id, "head")


def test_everybody_with_a_seat_may_send_it_back_also_after_agreeing(asked: Asked) -> None:
    chain_office.give(asked.office, asked.issue_id, "head")

    _refuse(asked, "head", "I overlooked a date.")

    line = _lines(asked)[-1]
    assert (_state(asked), line.decision, line.seat, line.comment) == ("draft", "refused", 0, "I overlooked a date.")
    with database.reading(asked.office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        letter = session.scalars(select(Letter)).one()
    assert (issue.frozen_hash, issue.frozen_revision) == (None, None)
    assert "I overlooked a date." in letter.text


def test_an_editor_without_a_seat_sends_nothing_back(asked: Asked) -> None:
    with pytest.raises(SeatError):
        _refuse(asked, "editor")


def test_the_question_can_be_taken_back(asked: Asked) -> None:
    office = asked.office
    with database.writing(office.engine) as session:
        approvals.take_back(session, issues.get(session, asked.issue_id), editor_id=office.editor_id, now=office.now)

    assert (_state(asked), _lines(asked)[-1].decision) == ("draft", "voided")
    with pytest.raises(StateError):
        chain_office.give(office, asked.issue_id, "head")


def test_a_chain_made_shorter_meanwhile_leaves_the_decision_to_a_new_question(asked: Asked) -> None:
    chain_office.give(asked.office, asked.issue_id, "head")
    shorter = replace(
        asked.office, settings=chain_office.with_approval(asked.office.settings, seats=(chain_office.HEAD,))
    )

    with pytest.raises(StateError, match="chain has changed"):
        chain_office.give(shorter, asked.issue_id, "director")


@pytest.mark.parametrize("second", ["head", "other"])
def test_of_two_who_take_one_seat_at_once_one_does(
    any_engine: Engine, settings: Settings, now: datetime, second: str
) -> None:
    office = _office_with_two_heads(any_engine, settings, now)
    with database.writing(any_engine) as session:
        issue = newsroom.draft(session, office)
        newsroom.ask(session, office, issue)
        issue_id = issue.id

    outcomes = _at_once([partial(chain_office.give, office, issue_id, name) for name in ("head", second)])

    assert sorted(outcomes) == ["done", "refused"]
    with database.reading(any_engine) as session:
        assert session.scalars(select(Approval.seat).where(Approval.decision == "given")).all() == [0]
        assert session.scalars(select(Issue.state)).one() == "asked"


def _office_with_two_heads(engine: Engine, settings: Settings, now: datetime) -> Office:
    office = chain_office.open_office(engine, settings, now)
    with database.writing(engine) as session:
        session.add(Editor(email="other@example.org", name="Other", role="editor", created_at=now))
    heads = chain_office.HEAD.model_copy(update={"editors": ("head@example.org", "other@example.org")})
    return replace(office, settings=chain_office.with_approval(settings, seats=(heads, chain_office.DIRECTOR)))


def _at_once(acts: list[Callable[[], None]]) -> list[str]:
    outcomes: list[str] = []
    start = threading.Barrier(len(acts))

    def act(one: Callable[[], None]) -> None:
        start.wait()
        try:
            one()
        except (StateError, NotAllowedError):
            outcomes.append("refused")
        else:
            outcomes.append("done")

    threads = [threading.Thread(target=act, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
