"""An issue pauses by itself at a share of failures, sooner where the fault is ours, and not for greylisting."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from newsletter.config import Settings
from newsletter.delivery import pause, retry
from newsletter.delivery.outcomes import Accepted, Deferred, Refused, Unclear
from newsletter.delivery.pause import Watch
from newsletter.delivery.replies import Reply
from tests.newsletter.delivery import office as offices

OK = Accepted(Reply(250, ("ok",)))


def watch(settings: Settings) -> Watch:
    return Watch(settings.delivery)


def test_a_few_failures_do_not_pause(settings: Settings) -> None:
    watching = watch(settings)

    assert not any(watching.note(Refused(None, "unknown_user")) for _ in range(4))


def test_failures_over_the_share_pause_and_say_so(settings: Settings) -> None:
    watching = watch(settings)
    said = [watching.note(OK) for _ in range(20)] + [watching.note(Refused(None, "unknown_user")) for _ in range(5)]

    assert said[:-1] == [None] * 24
    assert said[-1] is not None
    assert said[-1].startswith("5 of the last 25 messages were refused.")


def test_failures_under_the_share_do_not_pause(settings: Settings) -> None:
    watching = watch(settings)

    said = [watching.note(Refused(None, "disabled") if n % 25 == 0 else OK) for n in range(2000)]

    assert not any(said)


def test_our_own_fault_pauses_sooner(settings: Settings) -> None:
    watching = watch(settings)

    said = [watching.note(Refused(None, "policy") if n % 33 == 0 else OK) for n in range(200)]

    sentence = next(one for one in said if one)
    assert "because of us" in sentence
    assert "Nobody was taken off the list" in sentence


def test_greylisting_and_missing_answers_are_no_failures(settings: Settings) -> None:
    watching = watch(settings)

    assert not any(watching.note(Deferred(Reply(451, ("later",)))) for _ in range(300))
    assert not any(watching.note(Unclear("lost")) for _ in range(300))


def test_after_a_pause_counting_begins_anew(settings: Settings) -> None:
    watching = watch(settings)
    assert any(watching.note(Refused(None, "unknown_user")) for _ in range(5))

    assert watching.note(Refused(None, "unknown_user")) is None


def test_one_pause_wins(any_engine: Engine, settings: Settings, now: datetime) -> None:
    office = offices.make(any_engine, settings, now)
    with any_engine.begin() as connection:
        assert pause.apply(connection, office.issue_id, "first", now=now)
        assert not pause.apply(connection, office.issue_id, "second", now=now)

    issue = office.issue()
    assert (issue.paused_at, issue.paused_reason) == (now, "first")


def test_retries_wait_longer_and_end(now: datetime) -> None:
    waits = (timedelta(minutes=5), timedelta(hours=2))

    assert retry.next_attempt(1, waits, now) == now + timedelta(minutes=5)
    assert retry.next_attempt(2, waits, now) == now + timedelta(hours=2)
    assert retry.next_attempt(3, waits, now) is None
