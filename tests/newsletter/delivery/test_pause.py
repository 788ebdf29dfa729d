"""An issue pauses by itself at a share of failures, sooner where the fault is ours, and not for greylisting."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from newsletter.config import Settings
from newsletter.delivery import pause, retry, whys
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
    assert whys.told(said[-1], "en").startswith("5 of the last 25 messages were refused.")
    assert whys.told(said[-1], "ja").startswith("最近の25通のうち5通")


def test_failures_under_the_share_do_not_pause(settings: Settings) -> None:
    watching = watch(settings)

    said = [watching.note(Refused(None, "disabled") if n % 25 == 0 else OK) for n in range(2000)]

    assert not any(said)


def test_our_own_fault_pauses_sooner(settings: Settings) -> None:
    watching = watch(settings)

    said = [watching.note(Refused(None, "policy") if n % 33 == 0 else OK) for n in range(200)]

    sentence = next(one for one in said if one)
    assert "because of us (policy of the receiving server)" in whys.told(sentence, "en")
    assert "受信側の方針" in whys.told(sentence, "ja")
    assert "Nobody was taken off the list" in whys.told(sentence, "en")


@pytest.mark.parametrize(("reason", "pauses"), [("policy", True), ("unknown_user", False)])
def test_the_window_and_the_shares_are_settings(settings: Settings, reason: str, *, pauses: bool) -> None:
    changes = {"pause_window": 20, "pause_ours_percent": 50, "pause_ours": 3, "pause_share_percent": 90}
    watching = Watch(settings.delivery.model_copy(update=changes))

    said = [watching.note(outcome) for outcome in [OK] * 30 + [Refused(None, reason)] * 3]

    assert bool(said[-1]) is pauses


def test_a_person_s_own_words_and_a_server_s_are_told_as_they_are() -> None:
    assert whys.told('{"not": "ours"}', "ja") == '{"not": "ours"}'
    assert whys.told("Wait for Tan.", "ja") == "Wait for Tan."
    assert whys.told(None, "en") == ""
    quoted = whys.written("pause.sender_refused", quote="550 5.7.1 no")
    assert whys.told(quoted, "en") == "The mail server refuses our sender address. It says: “550 5.7.1 no”"
    assert "「550 5.7.1 no」" in whys.told(quoted, "ja")
    assert whys.told(whys.written("pause.of_a_newer_version", quote="550 no"), "en") == "550 no"


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
