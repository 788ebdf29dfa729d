"""After a restore: who left stays away, and what was sent is not sent again."""

import pytest
from sqlalchemy import select, update

from jobs.tasks.deps import Deps
from jobs.tasks.publish import publish_due
from newsletter import database, issues, journal
from newsletter.delivery import closing
from newsletter.errors import StateError
from newsletter.models import Audit, Installation, Issue, Letter, Release, Series
from newsletter.restoring import Answer
from subscribers import consent, lifecycle, suppression, tokens
from subscribers.address import parse
from subscribers.noted import Note
from tests.newsletter import newsroom
from tests.newsletter.delivery import office as offices
from tests.newsletter.restoring.conftest import LATER, Ground


def publish(ground: Ground) -> int:
    """Let the clock release what is due at `LATER`."""
    office = ground.office
    deps = Deps(office.settings, ground.witness.keys, office.engine, office.publication_id, now=lambda: LATER)
    return publish_due(deps)


def release_by_hand(ground: Ground) -> None:
    """Release a part without asking the clock."""
    with database.writing(ground.engine) as session:
        release = session.scalars(select(Release).order_by(Release.id)).first()
        assert release is not None
        assert issues.release(session, ground.office.settings, release, now=release.due_at)


def test_who_left_complained_or_was_erased_stays_away(ground: Ground) -> None:
    ground.meanwhile(ground.wish("left", 0), ground.wish("complained", 1), ground.wish("erased", 2))
    assert ground.look() == "restored"

    done = ground.restore({1: "not-sent"})

    assert done.wishes == 3
    assert ground.states() == ["left", "left", "erased"]
    assert not ground.look()
    with database.reading(ground.engine) as session:
        assert lifecycle.find(session, ground.office.publication_id, parse("reader2@example.org")) is None
        assert consent.verify(session) is None
        reason = suppression.reason(
            session, ground.office.publication_id, tokens.address_hash(b"s" * 32, "reader1@example.org")
        )
    assert reason == "complained"


def test_who_confirmed_again_is_left_as_the_copy_has_them(ground: Ground) -> None:
    ground.meanwhile(ground.wish("left", 0), ground.wish("lifted", 0))
    ground.look()

    done = ground.restore({1: "not-sent"})

    assert (done.wishes, done.back) == (0, 0)
    assert ground.states()[0] == "active"


def test_somebody_whom_the_copy_does_not_know_stays_suppressed(ground: Ground) -> None:
    ground.meanwhile(ground.wish("left", 77))
    ground.look()

    ground.restore({1: "not-sent"})

    with database.reading(ground.engine) as session:
        hashed = tokens.address_hash(b"s" * 32, "reader77@example.org")
        assert suppression.reason(session, ground.office.publication_id, hashed) == "left"


def test_nothing_is_released_before_a_person_has_answered(ground: Ground) -> None:
    ground.meanwhile(ground.wish("left", 0))
    ground.look()

    assert publish(ground) == 0
    with pytest.raises(journal.HeldError):
        release_by_hand(ground)
    assert ground.deliveries() == []


def test_every_issue_in_question_wants_an_answer(ground: Ground) -> None:
    ground.meanwhile(*ground.released("en", "ja"))
    ground.look()

    with pytest.raises(StateError, match="whether it was sent: 1"):
        ground.restore({})

    assert ground.look() == "restored"


def test_an_issue_that_was_sent_is_closed_with_unknown_outcomes(ground: Ground) -> None:
    ground.meanwhile(*ground.released("en", "ja"), ground.wish("left", 0))
    ground.look()

    ground.restore({1: "sent"})

    assert ground.deliveries() == ["uncertain", "uncertain"]
    assert "planned" not in ground.posts()
    assert "in_doubt" in ground.posts()
    with database.writing(ground.engine) as session:
        built = closing.close_if_done(
            session, ground.office.settings, session.get_one(Issue, ground.issue_id), now=LATER
        )
    assert built is not None
    assert (built.enlisted, built.uncertain) == (2, 2)
    assert ground.issue().state == "closed"
    assert publish(ground) == 0


def test_an_issue_of_which_some_was_sent_stays_paused(ground: Ground) -> None:
    ground.meanwhile(*ground.released("en"))
    ground.look()

    ground.restore({1: "some"})

    issue = ground.issue()
    assert (issue.state, issue.paused_at is not None) == ("sending", True)
    assert {release.language: release.state for release in issue.releases} == {"en": "released", "ja": "planned"}
    assert set(ground.deliveries()) == {"uncertain"}


def test_an_issue_that_was_not_sent_waits_for_a_person(ground: Ground) -> None:
    ground.meanwhile(ground.wish("left", 0))
    ground.look()
    assert [question.number for question in ground.find().questions] == [1]

    ground.restore({1: "not-sent"})

    assert {release.state for release in ground.issue().releases} == {"held"}
    assert publish(ground) == 0


def test_an_issue_under_way_in_the_copy_is_in_question_too(ground: Ground) -> None:
    assert publish(ground) > 0
    ground.meanwhile(ground.wish("left", 0))
    ground.look()

    ground.restore({1: "sent"})

    assert set(ground.deliveries()) <= {"uncertain", "withdrawn"}
    assert "planned" not in ground.posts()


def test_an_issue_that_the_copy_knows_as_a_draft_is_closed(ground: Ground) -> None:
    with database.writing(ground.engine) as session:
        issues.unschedule(session, session.get_one(Issue, ground.issue_id), now=LATER, editor_id=None)
        session.get_one(Issue, ground.issue_id).state = "draft"
    ground.meanwhile(*ground.released("en", "ja"))
    ground.look()

    ground.restore({1: "sent"})

    assert ground.issue().state == "closed"


def test_an_issue_that_the_copy_does_not_know_is_named(ground: Ground) -> None:
    ground.meanwhile(*ground.released("en", issue=99, number=7))
    ground.look()

    assert ground.find().gone == (7,)
    ground.restore({1: "not-sent"})
    assert not ground.look()


def test_a_release_that_never_committed_raises_no_question(ground: Ground) -> None:
    head = ground.witness.journal.head()
    assert head is not None
    settled = Note("settled", LATER, {"void": f"[{head.number + 1}]"})
    ground.meanwhile(*ground.released("en", issue=99, number=7), settled, ground.wish("left", 0))
    ground.look()

    assert ground.find().gone == ()


def test_letters_and_series_of_the_copy_do_nothing_by_themselves(ground: Ground) -> None:
    with database.writing(ground.engine) as session:
        offices.add_letter(session, ground.office.now, to_address="guest@example.org")
        session.add(
            Series(
                publication_id=ground.office.publication_id,
                state="running",
                rule="{}",
                created_at=ground.office.now,
            )
        )
    ground.meanwhile(ground.wish("left", 0))
    ground.look()

    done = ground.restore({1: "not-sent"})

    assert (done.letters >= 1, done.series) == (True, 1)
    with database.reading(ground.engine) as session:
        assert not session.scalars(select(Letter.id).where(Letter.state == "queued")).all()


def test_a_letter_written_during_the_hold_is_still_sent(ground: Ground) -> None:
    ground.meanwhile(ground.wish("left", 0))
    ground.look(now=ground.office.now)
    with database.writing(ground.engine) as session:
        offices.add_letter(session, LATER, to_address="guest@example.org")

    ground.restore({1: "not-sent"})

    with database.reading(ground.engine) as session:
        assert session.scalars(select(Letter.state).where(Letter.to_address == "guest@example.org")).all() == ["queued"]


def test_a_second_restore_of_the_same_copy_asks_again(ground: Ground) -> None:
    with database.reading(ground.engine) as session:
        before = session.scalars(select(Installation.sequence)).one()
    ground.meanwhile(ground.wish("left", 0), *ground.released("en", "ja"))
    ground.look()
    ground.restore({1: "sent"})
    with ground.engine.begin() as connection:
        connection.execute(update(Installation).values(sequence=before))

    assert ground.look() == "restored"
    assert ground.find().questions[0].released_at is not None


def test_a_new_reader_gets_no_number_that_a_lost_reader_had(ground: Ground) -> None:
    ground.meanwhile(ground.wish("left", 0))
    ground.look()
    ground.restore({1: "not-sent"})

    with database.writing(ground.engine) as session:
        new = newsroom.reader(session, ground.office, 50)

    assert new.id > max(ground.readers) + 50_000


@pytest.mark.parametrize("answer", ["sent", "not-sent"])
def test_without_the_journal_everything_that_was_due_is_asked(ground: Ground, answer: Answer) -> None:
    for path in ground.witness.folder.glob("*"):
        path.unlink()
    assert ground.look() == "no_journal"
    assert [question.number for question in ground.find(with_journal=False).questions] == [1]

    ground.restore({1: answer}, with_journal=False)

    assert not ground.look()
    assert publish(ground) == 0
    with database.reading(ground.engine) as session:
        assert f"restore.{answer}" in set(session.scalars(select(Audit.action)))
