"""An issue is closed when nothing is open, by one caller, with a sum that adds up and a letter to each editor."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from newsletter import database, words
from newsletter.config import Settings
from newsletter.delivery import closing, outbox, progress, report, resending
from newsletter.delivery.closing import Drafted
from newsletter.errors import StateError
from newsletter.models import Delivery, Editor, Issue, Release
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
    drafts = [drafted(office, settings) for _ in range(2)]  # two clocks look at once

    assert [close(office, one, now) for one in drafts] == [True, False]
    assert len(office.letters()) == 1


def test_what_opens_between_the_counting_and_the_closing_keeps_an_issue_open(
    office: Office, settings: Settings, now: datetime
) -> None:
    with database.writing(office.engine) as session:
        settle(session, {"state": "sent"}, {"state": "sent"}, REFUSED)
    counted = drafted(office, settings)
    with database.writing(office.engine) as session:
        settle(session, {"state": "sent"}, {"state": "sent"}, {"state": "queued"})

    assert not close(office, counted, now)
    assert office.issue().state == "sending"


def test_a_cancelled_issue_has_its_report_too_once_and_only_if_it_had_begun(
    office: Office, settings: Settings, now: datetime
) -> None:
    with database.writing(office.engine) as session:
        add_editor(session, now)
        settle(session, {"state": "sent"}, {"state": "cancelled"}, {"state": "cancelled"})
        session.get_one(Issue, office.issue_id).state = "cancelled"
        never = offices.add_issue(session, office.publication_id, now, number=2, state="cancelled")
        never.releases[0].released_at = None
        session.flush()
        assert closing.finished(session) == [office.issue_id]

    assert close(office, drafted(office, settings), now)
    issue = office.issue()
    assert (issue.state, issue.closed_at) == ("cancelled", now)
    assert "Not sent, because the issue was cancelled: 2 people." in office.letters()[0].text
    with database.reading(office.engine) as session:
        assert closing.finished(session) == []


def test_the_report_of_a_second_wave_keeps_the_first(office: Office, settings: Settings, now: datetime) -> None:
    with database.writing(office.engine) as session:
        settle(session, {"state": "sent"}, {"state": "sent"}, {"state": "refused", "reason": "mailbox_full"})
    close(office, drafted(office, settings), now)
    with database.writing(office.engine) as session:
        issue = session.get_one(Issue, office.issue_id)
        resending.again(session, issue, [office.deliveries()[2].id], now=now, editor_id=None)
        settle(session, *[{"state": "sent"}] * 3)
    close(office, drafted(office, settings), now + timedelta(hours=1))

    stored = json.loads(office.issue().report or "")
    assert (stored["sent"], stored["resent"]) == (3, {"refused": 1})
    assert [one["refused"] for one in stored["earlier"]] == [1]


def drafted(office: Office, settings: Settings) -> Drafted:
    with database.reading(office.engine) as session:
        found = closing.draft(session, settings, session.get_one(Issue, office.issue_id))
    assert found is not None
    return found


def close(office: Office, draft: Drafted, now: datetime) -> bool:
    with database.writing(office.engine) as session:
        return closing.close(session, session.get_one(Issue, office.issue_id), draft, now=now)


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
