"""Who may take which seat, and whose turn it is."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from newsletter import database
from newsletter.approvals import chain
from newsletter.approvals.chain import Seat
from newsletter.config import Settings
from newsletter.models import Approval, Editor
from tests.newsletter.approvals import chain_office
from tests.newsletter.newsroom import Office

HASH, OTHER = "a" * 64, "b" * 64


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return chain_office.open_office(engine, settings, now)


def _line(decision: str, *, seat: int | None = None, editor: int = 1, frozen: str = HASH) -> Approval:
    return Approval(decision=decision, seat=seat, editor_id=editor, frozen_hash=frozen)


def _editor(session: Session, name: str) -> Editor:
    return session.query(Editor).filter(Editor.email == f"{name}@example.org").one()


def _set(office: Office, name: str, **values: object) -> None:
    with database.writing(office.engine) as session:
        session.execute(update(Editor).where(Editor.email == f"{name}@example.org").values(values))


def _sitting(office: Office, name: str, seat: Seat, *, barred: tuple[str, ...] = ()) -> str:
    with database.reading(office.engine) as session:
        ids = [_editor(session, one).id for one in barred]
        editor = _editor(session, name)
        found = chain.may_sit(session, office.settings, editor, seat, now=office.now, barred=ids)
    return "" if found is None else "deputy" if found.deputy else "own"


def _asked(office: Office, seat: Seat) -> list[str]:
    with database.reading(office.engine) as session:
        return [one.name for one in chain.sitters(session, office.settings, seat, now=office.now)]


def test_without_a_chain_any_one_approver_is_enough(settings: Settings) -> None:
    (seat,) = chain.seats(settings)

    assert seat.is_open
    assert chain.next_seat([_line("asked")], [seat], HASH) is seat
    assert chain.next_seat([_line("asked"), _line("given")], [seat], HASH) is None


def test_seats_come_one_after_the_other(office: Office) -> None:
    head, director = chain.seats(office.settings)
    said = [_line("asked"), _line("given", seat=0)]

    assert chain.next_seat(said[:1], (head, director), HASH) == head
    assert chain.next_seat(said, (head, director), HASH) == director
    assert chain.next_seat([*said, _line("given", seat=1)], (head, director), HASH) is None


def test_a_word_given_in_one_seat_counts_in_no_other_when_the_settings_move_them(office: Office) -> None:
    head, director = chain.seats(office.settings)
    said = Approval(decision="given", seat=0, editor_id=1, frozen_hash=HASH, seat_title=json.dumps(head.title))
    auditor = Seat(0, {"en": "Auditor"}, ("auditor@example.org",))

    assert chain.next_seat([said], [head, director], HASH) is director
    assert chain.next_seat([said], [auditor, replace(head, number=1)], HASH) is auditor


@pytest.mark.parametrize("ending", ["asked", "refused", "voided"])
def test_after_a_new_beginning_every_seat_agrees_again(office: Office, ending: str) -> None:
    seats = chain.seats(office.settings)
    said = [_line("asked"), _line("given", seat=0), _line(ending)]

    assert chain.next_seat(said, seats, HASH) == seats[0]


def test_a_missed_send_time_takes_no_consent_back(office: Office) -> None:
    seats = chain.seats(office.settings)

    assert chain.next_seat([_line("asked"), _line("given", seat=0), _line("missed")], seats, HASH) == seats[1]


def test_consent_to_something_else_does_not_count(office: Office) -> None:
    seats = chain.seats(office.settings)

    assert chain.next_seat([_line("asked"), _line("given", seat=0, frozen=OTHER)], seats, HASH) == seats[0]


def test_whoever_asked_or_has_agreed_does_not_agree_again(office: Office) -> None:
    said = [_line("asked", editor=7), _line("given", seat=0, editor=8)]
    own = chain_office.with_approval(office.settings, own_issues=True)

    assert chain.barred(office.settings, said, HASH) == {7, 8}
    assert chain.barred(own, said, HASH) == {8}


def test_a_seat_is_taken_by_those_it_names_whatever_their_role(office: Office) -> None:
    head, director = chain.seats(office.settings)

    assert _sitting(office, "head", head) == "own"
    assert _sitting(office, "head", director) == ""
    assert _sitting(office, "approver", head) == ""


@pytest.mark.parametrize(
    ("first", "last", "sits"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), "deputy"),  # today, both days included
        (date(2026, 11, 20), None, "deputy"),
        (date(2026, 11, 25), None, ""),
        (date(2026, 11, 1), date(2026, 11, 23), ""),
        (None, None, ""),
    ],
)
def test_a_deputy_sits_only_on_days_of_absence(
    office: Office, first: date | None, last: date | None, sits: str
) -> None:
    _set(office, "director", away_from=first, away_until=last)

    assert _sitting(office, "deputy", chain.seats(office.settings)[1]) == sits


def test_days_of_absence_are_those_of_the_offices_calendar(office: Office) -> None:
    _set(office, "director", away_from=date(2026, 11, 25), away_until=date(2026, 11, 25))
    in_singapore_it_is_the_25th = datetime.combine(date(2026, 11, 24), office.now.timetz()) + timedelta(hours=15)

    assert _sitting(chain_office.later(office, in_singapore_it_is_the_25th), "deputy", chain.seats(office.settings)[1])


def test_a_deputy_stands_in_for_who_has_left_or_asked_themselves(office: Office) -> None:
    director = chain.seats(office.settings)[1]

    assert _sitting(office, "deputy", director, barred=("director",)) == "deputy"
    assert _sitting(office, "director", director, barred=("director",)) == ""
    _set(office, "director", disabled_at=office.now)
    assert _sitting(office, "deputy", director) == "deputy"
    assert _sitting(office, "director", director) == ""


def test_who_is_away_may_still_decide_but_is_not_asked(office: Office) -> None:
    director = chain.seats(office.settings)[1]
    before = _asked(office, director)
    _set(office, "director", away_from=office.now.date())

    assert (before, _asked(office, director)) == (["Director"], ["Deputy"])
    assert _sitting(office, "director", director) == "own"
    _set(office, "deputy", away_from=office.now.date())
    assert _asked(office, director) == ["Director", "Deputy"]


def test_in_an_office_without_a_chain_absent_approvers_are_not_asked(office: Office) -> None:
    seat = Seat(0, {})
    with database.writing(office.engine) as session:
        session.add(Editor(email="b@example.org", name="B", role="admin", created_at=office.now))
    _set(office, "approver", away_from=office.now.date())

    assert _asked(office, seat) == ["B"]
