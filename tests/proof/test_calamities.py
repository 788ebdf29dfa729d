"""What else may befall a run and loses nobody: the mail server dies, the disk is full, the clock is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter import database
from newsletter.models import Claim
from tests.proof import ground, judge
from tests.proof.ground import CONNECTIONS, Relay, Zygote
from tests.proof.judge import Verdict
from tests.proof.newsroom import Newsroom

READERS = 250


@contextmanager
def _issue(folder: Path, zygote: Zygote, verdict: Verdict) -> Iterator[tuple[Newsroom, Relay]]:
    """Give an office that sends an issue; afterwards let that come to its end, and be judged."""
    with ground.ready(folder, zygote, readers=READERS) as (office, relay):
        office.send_an_issue()
        yield office, relay
        with zygote.victim({}, gently=True):
            ended = ground.wait_for(lambda: not office.waiting())
        judge.judge(office, relay.record, verdict)
    assert ended
    assert verdict.wrong == []
    assert (verdict.lost, verdict.doubled) == (0, 0)
    assert verdict.uncertain <= verdict.most_uncertain


@pytest.mark.proof
def test_a_mail_server_that_dies_consumes_nobody_and_is_used_again_by_itself(tmp_path: Path, zygote: Zygote) -> None:
    verdict = Verdict(most_uncertain=2 * CONNECTIONS)

    with _issue(tmp_path, zygote, verdict) as (office, relay), zygote.victim({}, gently=True):
        for copies in (20, 80):
            assert ground.wait_for(lambda: relay.taken >= copies)  # noqa: B023 - asked here
            relay.die()
            assert ground.wait_for(lambda: not office.on_wire())
            waiting = office.to_send()
            relay.revive()
        assert ground.wait_for(lambda: relay.taken >= 120)

    assert waiting > READERS // 3  # while it was away nobody's turn was used up
    assert verdict.uncertain > 0


@pytest.mark.proof
def test_a_full_disk_ends_the_sender_in_order(tmp_path: Path, zygote: Zygote) -> None:
    verdict = Verdict(most_uncertain=2 * CONNECTIONS)

    with _issue(tmp_path, zygote, verdict) as (office, _):
        with zygote.victim({}):
            assert ground.wait_for(lambda: office.on_wire() > 0)
        with zygote.victim({"room_pages": 1}, fails=True) as victim:
            assert ground.wait_for(lambda: victim.ended)


@pytest.mark.proof
def test_a_clock_that_is_set_forward_lets_claims_go_and_doubles_nothing(tmp_path: Path, zygote: Zygote) -> None:
    verdict = Verdict(most_uncertain=0)

    with _issue(tmp_path, zygote, verdict) as (office, relay), zygote.victim({}, gently=True):
        for copies in (20, 50, 80):
            assert ground.wait_for(lambda: relay.taken >= copies)  # noqa: B023 - asked here
            with database.writing(office.engine) as session:  # to a sender it is the same whether leases or clocks move
                session.execute(update(Claim).values(lease_until=datetime.now(UTC) - timedelta(hours=1)))
