"""The letters: the next seat is asked once, reminded in time, and shown what changed in a second round."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from newsletter import database, issues
from newsletter.approvals import mailing, splicing, tickets
from newsletter.models import ApprovalTicket, Editor, Letter
from tests.newsletter import newsroom
from tests.newsletter.approvals import chain_office
from tests.newsletter.approvals.conftest import Asked
from tests.newsletter.newsroom import SEND_AT


def _letters(asked: Asked) -> list[Letter]:
    with database.reading(asked.office.engine) as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def test_one_seat_after_the_other_is_asked_and_nobody_twice(asked: Asked) -> None:
    first = chain_office.write_letters(asked.office)
    again = chain_office.write_letters(asked.office)
    chain_office.give(asked.office, asked.issue_id, "head")
    second = chain_office.write_letters(asked.office)

    assert [[name for name, _ in told] for told in (first, again, second)] == [["head"], [], ["director"]]
    with database.reading(asked.office.engine) as session:
        ticket = tickets.find(session, second[0][1], "decide", now=asked.office.now)
        assert (ticket.seat, ticket.issue_id) == (1, asked.issue_id)


def test_the_letter_holds_the_real_mail_and_the_post(asked: Asked) -> None:
    ((_, token),) = chain_office.write_letters(asked.office)

    (letter,) = _letters(asked)
    html = letter.html or ""
    assert (letter.kind, letter.subject) == ("approval", "Issue 1 awaits your approval")
    assert html.count(f"/desk/decide/{token}#approve") == html.count(f"/desk/decide/{token}?to=back#send-back") == 1
    assert "FIT" in html
    assert "FITフェア" in html
    assert "<!--mail-" not in html
    assert html.count("</body>") == 1
    assert not re.search("zq[0-9a-f]{16}", letter.text)  # no placeholder of a reader's own words is left
    with database.reading(asked.office.engine) as session:
        kept = session.scalars(select(ApprovalTicket)).one()
        assert token.encode() != kept.token_hash


def test_a_letter_stays_below_what_mail_programs_cut_off() -> None:
    mails = {"en": "x" * 60_000, "ja": "x" * 60_000}

    assert splicing.fitting(8_000, mails) == ["en"]
    assert splicing.fitting(8_000, {"en": "x" * 200_000}) == []


def test_a_deputy_is_asked_when_an_absence_begins(asked: Asked) -> None:
    chain_office.give(asked.office, asked.issue_id, "head")
    chain_office.write_letters(asked.office)
    with database.writing(asked.office.engine) as session:
        away = update(Editor).where(Editor.email == "director@example.org")
        session.execute(away.values(away_from=asked.office.now.date()))

    assert [name for name, _ in chain_office.write_letters(asked.office)] == ["deputy"]


def test_a_letter_composed_before_a_decision_is_not_sent_after_it(asked: Asked) -> None:
    with database.reading(asked.office.engine) as session:
        (composed,) = mailing.due(session, asked.office.settings, now=asked.office.now)
    chain_office.give(asked.office, asked.issue_id, "head")

    with database.writing(asked.office.engine) as session:
        assert not mailing.send(session, asked.office.settings, composed, now=asked.office.now)
        assert session.scalars(select(Letter)).all() == []


@pytest.mark.parametrize(
    ("before", "reminded"),
    [
        (timedelta(hours=25), []),
        (timedelta(hours=23), ["head"]),
        (timedelta(hours=1), ["head"]),  # the clock slept: one letter, not two
        (timedelta(0), []),  # too late: the issue is held instead
    ],
)
def test_who_has_not_decided_is_reminded(asked: Asked, before: timedelta, reminded: list[str]) -> None:
    chain_office.write_letters(asked.office)

    told = chain_office.write_letters(asked.office, now=SEND_AT - before)
    again = chain_office.write_letters(asked.office, now=SEND_AT - before)

    assert ([name for name, _ in told], again) == (reminded, [])
    if reminded:
        assert _letters(asked)[-1].subject == "Issue 1 still awaits your approval"


def test_both_reminders_come_each_once(asked: Asked) -> None:
    chain_office.write_letters(asked.office)

    for hours in (23, 20, 1.9, 1):
        chain_office.write_letters(asked.office, now=SEND_AT - timedelta(hours=hours))

    assert len(_letters(asked)) == 3


def test_who_is_asked_late_is_not_reminded_of_what_is_past(asked: Asked) -> None:
    late = SEND_AT - timedelta(hours=5)
    chain_office.write_letters(asked.office, now=late)

    assert chain_office.write_letters(asked.office, now=late + timedelta(hours=1)) == []
    assert len(chain_office.write_letters(asked.office, now=SEND_AT - timedelta(hours=1))) == 1


def test_a_second_round_shows_only_what_changed(asked: Asked) -> None:
    chain_office.write_letters(asked.office)
    _change_and_ask_again(asked, "News of the fairs")

    chain_office.write_letters(asked.office)

    letter = _letters(asked)[-1]
    assert letter.subject == "Issue 1 awaits your approval again"
    assert "News[+ of the fairs+]" in letter.text
    assert "<ins" in (letter.html or "")
    assert "20 December" not in letter.text
    assert len(letter.html or "") < 20_000


def test_a_seat_that_was_not_asked_in_the_round_before_gets_all_of_it(asked: Asked) -> None:
    chain_office.write_letters(asked.office)
    _change_and_ask_again(asked, "News of the fairs")
    chain_office.give(asked.office, asked.issue_id, "head")

    chain_office.write_letters(asked.office)

    letter = _letters(asked)[-1]
    assert (letter.to_address, letter.subject) == ("director@example.org", "Issue 1 awaits your approval")
    assert "Section head: Head approved on" in letter.text
    assert "20 December" in letter.text


def _change_and_ask_again(asked: Asked, subject: str) -> None:
    office, at = asked.office, asked.office.now + timedelta(minutes=5)
    with database.writing(office.engine) as session:
        issue = issues.get(session, asked.issue_id)
        content = issues.content(session, issue)
        texts = content.texts | {"en": content.texts["en"].model_copy(update={"subject": subject})}
        changed = content.model_copy(update={"texts": texts})
        issues.save(session, issue, changed, base=issue.head, editor_id=office.editor_id, now=at)
        newsroom.ask(session, office, issue, now=at)


def test_where_no_approval_is_required_nobody_is_asked(asked: Asked, now: datetime) -> None:
    alone = chain_office.with_approval(asked.office.settings, required=False)

    with database.reading(asked.office.engine) as session:
        assert mailing.due(session, alone, now=now) == []
