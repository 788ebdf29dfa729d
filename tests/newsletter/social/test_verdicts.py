"""Every row of the error table: what becomes of the post, and the sentence for the editor."""

from datetime import datetime, timedelta

import pytest

from newsletter import words
from newsletter.social import sentences, verdicts
from newsletter.social.answers import Failure, Refused, Unclear, Unsent

NO_ANSWER = [Unclear("no_answer"), Unclear("no_json", status=502), Unclear("server_error", status=500, code=2)]
DOUBT = [(1, 99), (1, 0), (2, 0), (506, 1455006), (100, 1363047), (1609010, 0), (100, 1366051), (99999, 0), (368, 7)]
PERSON = [
    (3, 0),
    (10, 0),
    (100, 0),
    (100, 33),
    (104, 0),
    (190, 459),
    (190, 464),
    (190, 492),
    (200, 0),
    (283, 0),
    (299, 0),
    (368, 4854002),
    (368, 1346003),
    (368, 1404102),
    (368, 1404112),
    (1404078, 0),
    (100, 1609008),
    (100, 2061006),
    (1349125, 0),
    (324, 2069019),
    (100, 1366046),
    (2500, 0),
    (3001, 1504028),
]
TOKEN = [(102, 0), (190, 0), (190, 458), (190, 460), (190, 463), (190, 467)]
THROTTLED = [(4, 0), (4, 2207051), (17, 0), (32, 0), (341, 0), (613, 1996), (80001, 0)]


@pytest.mark.parametrize("answer", NO_ANSWER + [Refused(code, subcode) for code, subcode in DOUBT])
def test_what_may_have_made_a_post_leaves_it_in_doubt(answer: Failure, now: datetime) -> None:
    verdict = verdicts.judge(answer, repeats=0, now=now)

    assert (verdict.state, verdict.due_at) == ("in_doubt", now)


@pytest.mark.parametrize(("code", "subcode"), PERSON)
def test_a_refusal_that_only_a_person_can_mend_fails_the_post(code: int, subcode: int, now: datetime) -> None:
    verdict = verdicts.judge(Refused(code, subcode), repeats=0, now=now)

    assert (verdict.state, verdict.due_at, verdict.whole_page) == ("failed", None, False)


@pytest.mark.parametrize(
    ("code", "message", "reason"),
    [
        (100, "API calls from the server require an appsecret_proof argument", "app_secret"),
        (100, "Invalid appsecret_proof provided in the API argument", "app_secret"),
        (100, "(#100) The specified scheduled publish time was invalid", "bad_time"),
        (100, "Name parameter too long", "bad_format"),
        (190, "X must be granted before impersonating a user's page.", "not_the_page"),
    ],
)
def test_the_message_tells_apart_what_the_number_does_not(code: int, message: str, reason: str, now: datetime) -> None:
    verdict = verdicts.judge(Refused(code, message=message), repeats=0, now=now)

    assert (verdict.state, verdict.reason) == ("failed", reason)


@pytest.mark.parametrize(("code", "subcode"), TOKEN)
def test_a_dead_token_keeps_the_post_and_stops_the_page(code: int, subcode: int, now: datetime) -> None:
    verdict = verdicts.judge(Refused(code, subcode), repeats=0, now=now)

    assert (verdict.state, verdict.whole_page) == ("waiting", True)
    assert verdict.due_at == now + timedelta(hours=1)


@pytest.mark.parametrize(("code", "subcode"), THROTTLED)
def test_a_throttle_waits_longer_each_time(code: int, subcode: int, now: datetime) -> None:
    waits = [verdicts.judge(Refused(code, subcode), repeats=repeats, now=now) for repeats in range(6)]

    assert [verdict.due_at for verdict in waits] == [now + timedelta(hours=hours) for hours in (1, 2, 4, 8, 8, 8)]
    assert all(verdict.state == "waiting" and verdict.whole_page for verdict in waits)


def test_a_throttle_waits_as_long_as_facebook_says_if_that_is_longer(now: datetime) -> None:
    verdict = verdicts.judge(Refused(80001, wait=timedelta(minutes=300)), repeats=0, now=now)

    assert verdict.due_at == now + timedelta(minutes=300)


def test_the_spam_guard_is_left_alone_for_a_day(now: datetime) -> None:
    verdict = verdicts.judge(Refused(368, 1390008), repeats=0, now=now)

    assert (verdict.state, verdict.due_at) == ("waiting", now + timedelta(hours=24))


def test_what_was_said_to_be_posted_before_asks_a_person(now: datetime) -> None:
    assert verdicts.judge(Refused(368, 1404082), repeats=0, now=now).state == "needs_person"


def test_what_was_never_sent_is_tried_four_times_more(now: datetime) -> None:
    verdict = [verdicts.judge(Unsent(), repeats=repeats, now=now) for repeats in range(5)]

    assert [one.due_at for one in verdict[:4]] == [now + timedelta(minutes=minutes) for minutes in (1, 5, 15, 60)]
    assert verdict[4].state == "failed"


def test_a_link_that_cannot_be_read_is_tried_once_more(now: datetime) -> None:
    first, second = (verdicts.judge(Refused(100, 1609005), repeats=repeats, now=now) for repeats in (0, 1))

    assert (first.state, first.due_at) == ("waiting", now + timedelta(minutes=10))
    assert second.state == "failed"


def test_a_post_id_with_490_in_it_is_no_dead_token(now: datetime) -> None:
    verdict = verdicts.judge(Refused(100, message="Object with ID '490_190' does not exist"), repeats=0, now=now)

    assert verdict.reason == "invalid"


@pytest.mark.parametrize("failure", [Refused(1), Refused(368, 1404082), Refused(100, 1609005), Unclear("no_answer")])
def test_a_read_that_fails_before_sending_puts_nothing_in_doubt(failure: Failure) -> None:
    assert verdicts.as_unsent(failure) == Unsent()


def test_every_reason_has_its_sentence_in_both_languages() -> None:
    fixed = (verdicts.UNKNOWN, verdicts.NO_ANSWER, verdicts.UNCLEAR_ANSWER, verdicts.UNREACHABLE, verdicts.NO_TOKEN)
    reasons = {line.reason for line in (*verdicts.TABLE, *fixed)}

    said = [sentences.english(reason) for reason in reasons]

    assert all(sentence.endswith(".") for sentence in said)
    assert words.load("social", "en").names() == words.load("social", "ja").names()
    assert {f"reasons.{reason}" for reason in reasons} <= words.load("social", "ja").names()
