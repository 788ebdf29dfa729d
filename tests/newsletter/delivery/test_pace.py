"""No limit of the relay is exceeded, also across a restart; what is slow holds up nobody else."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from newsletter import database
from newsletter.config import GroupSettings, Settings, WarmupSettings
from newsletter.delivery import spending
from newsletter.delivery.outcomes import Accepted, Deferred
from newsletter.delivery.pace import Pace, is_too_fast
from newsletter.delivery.picking import Picker
from newsletter.delivery.replies import Reply
from newsletter.models import Delivery
from newsletter.pace.groups import Group
from subscribers.models import Subscriber
from tests.newsletter.delivery import office as offices
from tests.newsletter.delivery.conftest import Send
from tests.newsletter.delivery.office import Office
from tests.newsletter.delivery.relays import Server, serving

HOUR = timedelta(hours=1)
SLOW = GroupSettings(name="slow", domains=("slow.test",), messages_per_minute=1)


def paced(settings: Settings, moment: datetime, **relay: Any) -> Pace:
    """Return a pace whose clock is in seconds since `moment`."""
    limited = settings.model_copy(update={"relay": settings.relay.model_copy(update=relay)})
    return Pace(limited, moment=moment, now=0.0)


def test_no_limit_is_exceeded_over_a_day_whatever_is_restarted(settings: Settings, now: datetime) -> None:
    limits = {"messages_per_minute": 30, "messages_per_hour": 900, "messages_per_day": 10_000}
    sent: list[int] = []
    minutes: Counter[int] = Counter()
    begun = 0
    pace = paced(settings, now, **limits)
    for second in range(27 * 3600):
        if second % 10_007 == 10_006:  # killed: only what the database knows is left
            begun, moment = second, now + timedelta(seconds=second)
            known = [(min((minute + 1) * 60 - 0.001, moment.timestamp()), count) for minute, count in minutes.items()]
            pace = paced(settings, moment, **limits)
            pace.load(known)
        if second % 300 == 0:
            pace.look(now + timedelta(seconds=second))
        if pace.wait(second - begun) == 0:
            pace.took(second - begun)
            sent.append(second)
            minutes[int(now.timestamp() + second) // 60] += 1

    assert len(sent) > 9000
    for most, seconds in ((30, 60), (900, 3600), (10_000, 86_400)):
        assert all(later - first >= seconds for first, later in zip(sent, sent[most:], strict=False))


def test_letters_still_leave_when_an_issue_has_used_up_the_hour(settings: Settings, now: datetime) -> None:
    pace = paced(settings, now, messages_per_hour=100)

    while pace.wait(0.0) == 0:
        pace.took(0.0)

    assert pace.rests(0.0)
    assert pace.batch(0.0, 500, 900) == 0
    assert pace.wait(0.0, letter=True) == 0


def test_in_quiet_hours_letters_leave_and_issues_go_on_afterwards(settings: Settings, now: datetime) -> None:
    local = now.astimezone(settings.office.zone)
    pace = paced(settings, now, quiet_from=(local - HOUR).time(), quiet_until=(local + HOUR).time())

    issue, letter = pace.wait(0.0), pace.wait(0.0, letter=True)
    pace.look(now + HOUR)

    assert issue == pytest.approx(3600.0, abs=1.5)
    assert letter == 0
    assert pace.wait(3600.0) == 0


def test_a_day_of_the_warm_up_ends_with_its_last_message_and_the_next_goes_on_in_the_morning(
    settings: Settings, now: datetime
) -> None:
    pace = paced(settings, now, warmup=WarmupSettings(began=now.date(), days=(3, 5)))
    sent = 0
    while pace.wait(0.0) == 0:
        pace.took(0.0)
        sent += 1
    morning = datetime(2026, 11, 25, 9, 0, tzinfo=settings.office.zone).astimezone(UTC)
    early = (morning - HOUR - now).total_seconds()

    pace.look(morning - HOUR)
    still = pace.wait(early)
    pace.look(morning)

    assert (sent, still) == (3, 3600.0)
    assert pace.batch((morning - now).total_seconds(), 500, 900) == 5


@pytest.mark.parametrize(
    ("reply", "too_fast"),
    [
        (Reply(421, ("4.7.0 Try again later",)), True),
        (Reply(450, ("4.7.1 Too many messages",)), True),
        (Reply(451, ("4.7.1 Greylisted, come back",)), False),
        (Reply(452, ("4.2.2 Mailbox full",)), False),
        (Reply(550, ("5.7.1 Too many messages",)), False),
    ],
)
def test_greylisting_and_full_mailboxes_do_not_slow_a_provider_down(reply: Reply, *, too_fast: bool) -> None:
    assert is_too_fast(reply) is too_fast


def test_a_provider_that_complains_slows_its_group_and_no_other(settings: Settings, now: datetime) -> None:
    other = GroupSettings(name="other", domains=("other.test",))
    pace = paced(settings, now, group=(SLOW, other))

    pause = pace.heard("a@slow.test", Deferred(Reply(421, ("Too fast",))), 0.0)
    pace.heard("a@other.test", Accepted(Reply(250, ("Ok",))), 0.0)

    assert pause == 15.0
    waits = [group.wait(0.0) for group in (pace.groups.of("a@slow.test"), pace.groups.of("a@other.test")) if group]
    assert waits == [15.0, 0.0]


def _move(office: Office, numbers: range, domain: str) -> None:
    with database.writing(office.engine) as session:
        for number in numbers:
            new = {"email": f"r{number}@{domain}", "email_key": f"r{number}@{domain}"}
            session.execute(update(Subscriber).where(Subscriber.email == f"r{number}@example.org").values(new))


def test_a_group_at_its_limit_holds_up_nobody_else(engine: Engine, settings: Settings, send: Send) -> None:
    office = offices.make(engine, settings, datetime.now(UTC), readers=30)
    _move(office, range(20), "slow.test")  # all at the front of the queue
    with serving() as server:
        send(server.port, seconds=1.5, group=(SLOW,), delivery={"batch_size": 8, "lease_seconds": 60.0})

    reached = Counter(address.partition("@")[2] for address in server.addressees())
    assert reached == {"example.org": 10, "slow.test": 1}
    assert Counter(office.states()) == {"sent": 11, "queued": 19}


def test_the_days_messages_are_counted_across_restarts(engine: Engine, settings: Settings, send: Send) -> None:
    office = offices.make(engine, settings, datetime.now(UTC), readers=12)
    with serving() as server:
        for _ in range(3):
            send(server.port, messages_per_day=7)

    assert len(server.taken) == 7
    assert Counter(office.states()) == {"sent": 7, "queued": 5}
    with database.reading(engine) as session:
        assert sum(count for _, count in spending.read(session.connection(), now=datetime.now(UTC))) == 7


def test_nothing_of_an_issue_is_sent_in_quiet_hours_but_letters_are(
    office: Office, settings: Settings, send: Send
) -> None:
    local = datetime.now(settings.office.zone)
    with database.writing(office.engine) as session:
        offices.add_letter(session, datetime.now(UTC))
    with serving() as server:
        send(server.port, quiet_from=(local - HOUR).time(), quiet_until=(local + HOUR).time())

    assert server.addressees() == ["guest@example.org"]
    assert office.states() == ["queued"] * 3


def test_what_is_not_sent_before_its_lease_is_nearly_over_is_given_back(
    office: Office, send: Send, server: Server
) -> None:
    _move(office, range(3), "slow.test")

    send(server.port, seconds=1.5, drain=False, group=(SLOW,), delivery={"lease_seconds": 0.6})

    with database.reading(office.engine) as session:
        rows = session.query(Delivery).all()
    assert Counter(row.state for row in rows) == {"sent": 1, "queued": 2}
    assert len(server.taken) == 1


def test_the_queue_is_walked_past_what_a_full_group_leaves_behind(engine: Engine, settings: Settings) -> None:
    office = offices.make(engine, settings, datetime.now(UTC), readers=10)
    _move(office, range(6), "slow.test")
    slow = Group(SLOW)
    picker = Picker(lambda email: slow if email.endswith("slow.test") else None)
    with database.reading(engine) as session:
        ids = [picker.pick(session.connection(), office.issue_id, limit=3, room=lambda _: 1) for _ in range(3)]

    assert [len(picked) for picked in ids] == [3, 2, 3]
    assert len(set(ids[0]) | set(ids[1])) == 5
