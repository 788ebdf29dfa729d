"""An issue is closed when nothing is open, by one caller, with a sum that adds up and a letter to each editor."""

import json
from datetime import datetime

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from newsletter import database, words
from newsletter.config import Settings
from newsletter.delivery import closing, outbox, progress, report
from newsletter.errors import StateError
from newsletter.models import Delivery, Editor, Issue, Letter, Release
from subscribers import consent
from subscribers.consent import Evidence
from subscribers.models import Subscriber
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.office import Office

REFUSED = {"state": "refused", "reason": "unknown_user"}


def settle(session: Session, *outcomes: dict[str, str]) -> None:
    for delivery, outcome in zip(session.scalars(select(Delivery).order_by(Delivery.id)), outcomes, strict=True):
        for name, value in outcome.items():
            setattr(delivery, name, value)
    session.flush()


def add_editor(session: Session, now: datetime, language: str = "en") -> None:
    session.add(Editor(email=f"{language}@example.org", name="Ed", role="editor", language=language, created_at=now))
    session.flush()


def test_an_issue_with_open_deliveries_is_not_closed(office: Office, settings: Settings, now: datetime) -> None:
    for state in outbox.OPEN:
        with database.writing(office.engine) as session:
            settle(session, {"state": "sent"}, {"state": state}, {"state": "sent"})
            issue = session.get_one(Issue, office.issue_id)

            assert closing.close_if_done(session, settings, issue, now=now) is None
            assert issue.state == "sending"


@pytest.mark.parametrize("state", ["planned", "held"])
def test_an_issue_whose_other_language_is_still_to_come_is_not_closed(
    office: Office, settings: Settings, now: datetime, state: str
) -> None:
    with database.writing(office.engine) as session:
        settle(session, *[{"state": "sent"}] * 3)
        session.add(Release(issue_id=office.issue_id, language="ja", state=state, due_at=now))
        session.flush()

        assert closing.close_if_done(session, settings, session.get_one(Issue, office.issue_id), now=now) is None


def test_the_report_adds_up_is_kept_and_mailed_to_each_editor_in_their_language(
    office: Office, settings: Settings, now: datetime
) -> None:
    with database.writing(office.engine) as session:
        add_editor(session, now)
        add_editor(session, now, "ja")
        consent.append(
            session,
            publication_id=office.publication_id,
            subject="s",
            event="left",
            evidence=Evidence(),
            detail={},
            now=now,
        )
        consent.seal(session)
        settle(session, {"state": "sent"}, REFUSED, {"state": "uncertain", "reason": "no_answer"})

        built = closing.close_if_done(session, settings, session.get_one(Issue, office.issue_id), now=now)

    assert built is not None
    assert (built.enlisted, built.sent, built.refused, built.uncertain) == (3, 1, 1, 1)
    issue = office.issue()
    assert (issue.state, issue.closed_at) == ("closed", now)
    stored = json.loads(issue.report or "")
    assert stored["enlisted"] == 3
    assert stored["adds_up"] is True
    assert stored["ledger"]["line"] == 1
    assert stored["by_reason"] == {"no_answer": 1, "unknown_user": 1}
    english, japanese = office.letters()
    assert english.kind == japanese.kind == "report"
    assert "May have arrived: 1 person. We will not send again unless you say so." in english.text
    assert "届いたかもしれない方：1人" in japanese.text
    assert stored["ledger"]["hash"] in english.text.splitlines(), "the seal stands on a line of its own, to be compared"
    for letter in (english, japanese):
        assert "r1@example.org" not in letter.text + str(letter.html)


def test_an_issue_is_closed_once(office: Office, settings: Settings, now: datetime) -> None:
    with database.writing(office.engine) as session:
        add_editor(session, now)
        settle(session, *[{"state": "sent"}] * 3)
        closing.close_if_done(session, settings, session.get_one(Issue, office.issue_id), now=now)

    with database.writing(office.engine) as session:
        stale = session.get_one(Issue, office.issue_id)
        stale.state = "sending"
        session.expunge(stale)
        assert closing.close_if_done(session, settings, stale, now=now) is None
        assert len(session.scalars(select(Letter)).all()) == 1


def test_an_issue_that_lost_a_row_is_not_closed(office: Office, settings: Settings, now: datetime) -> None:
    with database.writing(office.engine) as session:
        settle(session, *[{"state": "sent"}] * 3)
        session.delete(session.scalars(select(Delivery)).first())
        session.flush()

        with pytest.raises(StateError, match="does not add up"):
            closing.close_if_done(session, settings, session.get_one(Issue, office.issue_id), now=now)

    assert office.issue().state == "sending"


def test_the_report_counts_by_language_and_domain_and_keeps_small_domains_together(
    any_engine: Engine, settings: Settings, now: datetime
) -> None:
    office = offices.make(any_engine, settings, now, readers=2)
    with database.writing(any_engine) as session:
        edition = offices.add_edition(session, office.issue_id, "ja", [1])
        for number in range(30):
            reader = offices.add_reader(session, office.publication_id, f"x@d{number}.test", now, language="ja")
            session.add(
                Delivery(
                    issue_id=office.issue_id,
                    edition_id=edition.id,
                    subscription_id=reader.id,
                    subscriber_id=reader.subscriber_id,
                    state="sent",
                )
            )

    with database.reading(any_engine) as session:
        built = report.build(session, session.get_one(Issue, office.issue_id))

    assert built.by_language == {"en": {"queued": 2}, "ja": {"sent": 30}}
    assert built.by_domain["example.org"] == {"queued": 2}
    assert built.by_domain[report.OTHER] == {"sent": 11}
    assert sum(sum(states.values()) for states in built.by_domain.values()) == 32
    assert built.open == 2


def test_progress_names_every_state(office: Office) -> None:
    with database.reading(office.engine) as session:
        counts = progress.count(session, office.issue_id)

    assert counts == dict.fromkeys((*outbox.OPEN, *outbox.FINAL), 0) | {"queued": 3}


def test_the_sentences_are_said_in_both_languages_and_name_every_state_and_reason() -> None:
    english, japanese = words.load("report", "en"), words.load("report", "ja")

    assert english.names() == japanese.names()
    for state in outbox.FINAL:
        assert state in english.names()
        assert f"part.{state}" in english.names()


def test_an_erased_reader_leaves_the_sum_as_it_was(office: Office) -> None:
    with database.writing(office.engine) as session:
        session.execute(update(Subscriber).where(Subscriber.id == 1).values(email=None, email_key=None))
        built = report.build(session, session.get_one(Issue, office.issue_id))

    assert built.adds_up
    assert built.by_domain[report.ERASED] == {"queued": 1}
