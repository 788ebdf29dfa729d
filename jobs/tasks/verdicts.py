"""Carry out what a letter was found to ask for: a change of the subscription, an answer, and a row, together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from jobs.tasks.deps import Deps
from newsletter import letters, urls
from subscribers import address as addresses
from subscribers import bits, guarded, lifecycle, suppression, tokens
from subscribers.consent import Evidence
from subscribers.errors import AddressError, ExpiredError, TokenError
from subscribers.lifecycle import Asked, Wish
from subscribers.mailbox.verdict import Verdict
from subscribers.models import ReceivedMail, Subscription

MOST_ASKS = 100
ASKS_WITHIN = timedelta(hours=1)
"""More wishes to subscribe than this in an hour are an attack on somebody's inbox: the rest wait for a person."""


@dataclass(frozen=True)
class Outcome:
    """What was done in the end, and about whom; `kind` and `action` are words of `verdict`."""

    kind: str
    action: str
    subscription: Subscription | None = None


def carry_out(session: Session, deps: Deps, verdict: Verdict, *, raw: bytes, digest: bytes) -> str:
    """Do what the verdict says, once for each `digest`; return the action, which tells where the letter belongs."""
    row = {"message_hash": digest, "kind": verdict.kind, "action": verdict.action, "received_at": deps.now()}
    if not guarded.insert(session, ReceivedMail, **row):
        return session.scalars(select(ReceivedMail.action).where(ReceivedMail.message_hash == digest)).one()
    outcome = _ACTIONS[verdict.action](_Case(session, deps, verdict, deps.now()))
    for_person = outcome.action in ("none", "quarantine")
    session.execute(
        update(ReceivedMail)
        .where(ReceivedMail.message_hash == digest)
        .values(
            kind=outcome.kind,
            action=outcome.action,
            subscription_id=outcome.subscription.id if outcome.subscription else None,
            raw=raw if for_person and outcome.kind in ("person", "challenge", "unreadable") else None,
            handled_at=None if for_person else deps.now(),
        )
    )
    return outcome.action


@dataclass(frozen=True)
class _Case:
    """One letter on its way to an outcome."""

    session: Session
    deps: Deps
    verdict: Verdict
    now: datetime

    @property
    def evidence(self) -> Evidence:
        method = {"bounce": "bounce", "complaint": "complaint"}.get(self.verdict.kind, "mail")
        verdict = self.verdict
        return Evidence(method=method, message_id=verdict.message_id, language=verdict.language, note=verdict.why)

    @property
    def by_address(self) -> Subscription | None:
        try:
            written_from = addresses.parse(self.verdict.address)
        except AddressError:
            return None
        return lifecycle.find(self.session, self.deps.publication_id, written_from)

    @property
    def by_unsubscribe_token(self) -> Subscription | None:
        number = tokens.read_unsubscribe(self.deps.keys.unsubscribe, self.verdict.token)
        return lifecycle.get(self.session, number) if number is not None else None

    @property
    def by_reported_token(self) -> Subscription | None:
        """Return who a machine reports about: the envelope's token names them, or the footer's in what came back."""
        number = tokens.read_bounce(self.deps.keys.unsubscribe, self.verdict.token)
        return lifecycle.get(self.session, number) if number is not None else self.by_unsubscribe_token

    def outcome(self, subscription: Subscription | None = None) -> Outcome:
        return Outcome(self.verdict.kind, self.verdict.action, subscription)

    def for_person(self) -> Outcome:
        return Outcome("person", "none", self.by_address)


def _ask(case: _Case) -> Outcome:
    if _is_flood(case):
        return case.for_person()
    asked = lifecycle.ask(
        case.session,
        case.deps.publication_id,
        _wish(case),
        suppression_key=case.deps.keys.suppression,
        evidence=case.evidence,
        valid_for=_valid_for(case),
        now=case.now,
    )
    _write(case, asked)
    return case.outcome(asked.subscription)


def _is_flood(case: _Case) -> bool:
    asked = select(func.count()).where(
        ReceivedMail.kind == "subscribe", ReceivedMail.received_at > case.now - ASKS_WITHIN
    )
    return case.session.scalars(asked).one() > MOST_ASKS


def _wish(case: _Case) -> Wish:
    publication = case.deps.settings.publication
    known = bits.load(case.session, case.deps.publication_id)
    offered = [topic.key for topic in publication.topics if topic.key in known.topics]
    named = [key for key in case.verdict.topics if key in offered]
    spoken = case.verdict.language in publication.languages
    return Wish(
        address=addresses.parse(case.verdict.address),
        name=case.verdict.name,
        language=case.verdict.language if spoken else publication.languages[0],
        country=None,
        topics=known.topic_mask(named or offered),
        interests=0,
    )


def _valid_for(case: _Case) -> timedelta:
    return timedelta(hours=case.deps.settings.approval.confirm_hours)


def _write(case: _Case, asked: Asked) -> None:
    settings, keys = case.deps.settings, case.deps.keys
    if asked.letter == "confirmation" and asked.token:
        letters.confirmation(case.session, settings, keys, asked.subscription, asked.token, now=case.now)
    elif asked.letter == "already":
        letters.already(case.session, settings, keys, asked.subscription, now=case.now)


def _leave(case: _Case) -> Outcome:
    subscription = case.by_unsubscribe_token if case.verdict.token else case.by_address
    if subscription is None:
        return _offer(case)
    email = subscription.subscriber.email
    left = lifecycle.leave(
        case.session,
        subscription,
        suppression_key=case.deps.keys.suppression,
        evidence=case.evidence,
        now=case.now,
    )
    if left and email and case.verdict.answerable:
        _answer(case, email, "unsubscribed", subscription)
    return case.outcome(subscription)


def _offer(case: _Case) -> Outcome:
    """Answer a wish to leave that anybody may have written with a link that only the reader gets."""
    subscription = case.by_address
    if not case.verdict.answerable or _has_complained(case):
        return case.outcome(subscription)
    if subscription is None:
        _answer(case, case.verdict.address, "help", None)
    elif subscription.state in lifecycle.LIVE:
        link = urls.unsubscribe(
            case.deps.settings, tokens.unsubscribe_token(case.deps.keys.unsubscribe, subscription.id)
        )
        _answer(case, case.verdict.address, "offer", subscription, unsubscribe_url=link)
    else:
        _answer(case, case.verdict.address, "unsubscribed", subscription)
    return case.outcome(subscription)


def _has_complained(case: _Case) -> bool:
    key = addresses.parse(case.verdict.address).key
    hashed = tokens.address_hash(case.deps.keys.suppression, key)
    return suppression.reason(case.session, case.deps.publication_id, hashed) == "complained"


def _answer(case: _Case, to: str, template: str, subscription: Subscription | None, **values: str) -> None:
    language = case.verdict.language or (subscription.subscriber.language if subscription else "")
    letters.answer(
        case.session,
        case.deps.settings,
        language=language,
        to=to,
        template=template,
        now=case.now,
        message_id=case.verdict.message_id,
        subscription_id=subscription.id if subscription else None,
        **values,
    )


def _confirm(case: _Case) -> Outcome:
    settings, keys = case.deps.settings, case.deps.keys
    try:
        confirmed = lifecycle.confirm(
            case.session,
            case.verdict.token,
            suppression_key=keys.suppression,
            evidence=case.evidence,
            now=case.now,
        )
    except ExpiredError:
        asked = lifecycle.ask_again(
            case.session, case.verdict.token, valid_for=_valid_for(case), now=case.now, evidence=case.evidence
        )
        _write(case, asked)
        return case.outcome(asked.subscription)
    except TokenError:
        return case.for_person()
    if not confirmed.again:
        letters.welcome(case.session, settings, keys, confirmed.subscription, now=case.now)
    return case.outcome(confirmed.subscription)


def _hold(case: _Case) -> Outcome:
    subscription = case.by_reported_token
    if subscription is None:  # forged, or about another newsletter: only our own token holds anybody
        return Outcome(case.verdict.kind, "note")
    lifecycle.hold(
        case.session,
        subscription,
        suppression_key=case.deps.keys.suppression,
        evidence=case.evidence,
        reason=case.verdict.why,
        now=case.now,
    )
    return case.outcome(subscription)


def _complain(case: _Case) -> Outcome:
    subscription = case.by_reported_token
    if subscription is None:
        return Outcome(case.verdict.kind, "note")
    lifecycle.complain(
        case.session,
        subscription,
        suppression_key=case.deps.keys.suppression,
        evidence=case.evidence,
        now=case.now,
    )
    return case.outcome(subscription)


def _note(case: _Case) -> Outcome:
    return case.outcome(case.by_reported_token)


def _leave_alone(case: _Case) -> Outcome:
    return case.outcome(case.by_address)


_ACTIONS: dict[str, Callable[[_Case], Outcome]] = {
    "ask": _ask,
    "leave": _leave,
    "offer": _offer,
    "confirm": _confirm,
    "hold": _hold,
    "complain": _complain,
    "note": _note,
    "none": _leave_alone,
    "quarantine": _leave_alone,
}
