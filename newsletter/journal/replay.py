"""Carry out again what people wished and what the journal kept of it; any number of times."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import erasure
from newsletter.journal.lines import PERSONAL, Line
from newsletter.keys import Keys
from subscribers import lifecycle, suppression, tokens
from subscribers.consent import Evidence
from subscribers.models import Publication, Subscriber, Subscription

_EVIDENCE = Evidence(method="journal", note="carried out again from the journal outside the database")
_Wish = tuple[int, bytes]
"""A publication and a hashed address."""


@dataclass(frozen=True)
class Replayed:
    """What became of the wishes; `back` counts people who had confirmed again since, and must ask once more."""

    carried_out: int
    back: int


def replay(session: Session, read: Iterable[Line], *, keys: Keys, now: datetime) -> Replayed:
    """Let people be unsubscribed, held and erased whose lines are read; return how many changed by it.

    Whoever confirmed again after leaving is left as the database has them.
    """
    wishes, back = _last_wishes(read)
    known = set(session.scalars(select(Publication.id)))
    wishes = {wish: events for wish, events in wishes.items() if wish[0] in known}
    people = _people(session, {address for _, address in wishes}, keys)
    again = _Again(session, keys, now)
    done = sum(again.carry_out(wish, people.get(wish[1]), line) for wish, read in wishes.items() for line in read)
    return Replayed(done, sum(suppression.reason(session, *wish) is not None for wish in back if wish[0] in known))


def _last_wishes(read: Iterable[Line]) -> tuple[dict[_Wish, list[Line]], set[_Wish]]:
    wishes: dict[_Wish, list[Line]] = {}
    back: set[_Wish] = set()
    for line in read:
        if line.event not in PERSONAL:
            continue
        wish = (int(line.of["publication"]), bytes.fromhex(line.of["address"]))
        if line.event == "lifted":
            wishes.pop(wish, None)
            back.add(wish)
        else:
            wishes.setdefault(wish, []).append(line)
            back.discard(wish)
    return wishes, back


def _people(session: Session, wanted: set[bytes], keys: Keys) -> dict[bytes, int]:
    """Return who has the addresses; every address is hashed, since none can be had from a hash."""
    if not wanted:
        return {}
    rows = session.execute(
        select(Subscriber.id, Subscriber.email_key).where(Subscriber.email_key.is_not(None)),
        execution_options={"yield_per": 5000},
    )
    hashed = ((tokens.address_hash(keys.suppression, str(email)), person) for person, email in rows)
    return {address: person for address, person in hashed if address in wanted}


@dataclass(frozen=True)
class _Again:
    session: Session
    keys: Keys
    now: datetime

    def carry_out(self, wish: _Wish, person: int | None, line: Line) -> bool:
        """Carry out one wish; return whether that changed anything."""
        publication_id, address = wish
        changed = suppression.reason(self.session, publication_id, address) is None
        if person is not None:
            mine = select(Subscription).where(
                Subscription.subscriber_id == person, Subscription.publication_id == publication_id
            )
            changed |= self._of(self.session.get_one(Subscriber, person), self.session.scalar(mine), line)
        suppression.suppress(self.session, publication_id, address, reason=line.event, now=line.at)
        return changed

    def _of(self, person: Subscriber, mine: Subscription | None, line: Line) -> bool:
        session, key, now = self.session, self.keys.suppression, self.now
        if line.event == "erased":
            return erasure.erase(session, person, keys=self.keys, evidence=_EVIDENCE, now=now)
        if mine is None:
            return False
        if line.event == "complained":
            return lifecycle.complain(session, mine, suppression_key=key, evidence=_EVIDENCE, now=now)
        if line.event == "bounced":
            return lifecycle.hold(session, mine, suppression_key=key, evidence=_EVIDENCE, reason="journal", now=now)
        return lifecycle.leave(session, mine, suppression_key=key, evidence=_EVIDENCE, now=now)
