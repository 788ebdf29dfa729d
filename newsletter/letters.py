"""Letters: one mail to one address outside any issue, written into the outbox in the caller's transaction."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from newsletter import urls, words
from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.models import Letter
from newsletter.rendering import environment, filling, inlining, plain
from subscribers import bits, guarded, tickets, tokens
from subscribers.models import Subscription

ANSWER_EVERY = timedelta(hours=24)
ANSWERS_WITHIN = timedelta(days=30)
MOST_ANSWERS = 3
"""The same answer goes to an address once a day and three times a month, so that two robots fall silent."""


@dataclass(frozen=True)
class Written:
    """What a letter says, not yet queued: rendering is slow and needs no transaction."""

    language: str
    subject: str
    text: str
    html: str


_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")


def write(
    session: Session,
    settings: Settings,
    kind: str,
    *,
    language: str,
    to: str,
    to_name: str = "",
    subscription_id: int | None = None,
    envelope_sender: str = "",
    once: str | None = None,
    headers: Mapping[str, str] | None = None,
    now: datetime,
    template: str,
    **values: Any,
) -> Letter | None:
    """Queue one letter rendered from mail/letters/TEMPLATE; return it, or None where `once` was written before.

    The subject is the sentence `TEMPLATE.subject` of the words "letters". Templates have the names of
    `environment.frame`, `subject`, `values`, and `words`, which knows title, office and the values.
    It leaves when the transaction commits. `headers` are fields beside those every letter has; without an
    `envelope_sender` the sender is <>, and nobody hears of a bounce. Raises TemplateError.
    """
    return queue(
        session,
        kind,
        compose(settings, template, language=language, **values),
        to=to,
        to_name=to_name,
        subscription_id=subscription_id,
        envelope_sender=envelope_sender,
        once=once,
        headers=headers,
        now=now,
    )


def compose(settings: Settings, template: str, *, language: str, **values: Any) -> Written:
    """Return what a letter says, for `queue`; templates see what `write` says. Raises TemplateError."""
    spoken = _spoken(settings, language)
    return Written(spoken, *_render(settings, spoken, template, values))


def queue(
    session: Session,
    kind: str,
    written: Written,
    *,
    to: str,
    to_name: str = "",
    subscription_id: int | None = None,
    envelope_sender: str = "",
    once: str | None = None,
    headers: Mapping[str, str] | None = None,
    now: datetime,
) -> Letter | None:
    """Queue a letter composed before; return it, or None where `once` was written before."""
    row: dict[str, Any] = {
        "kind": kind,
        "subscription_id": subscription_id,
        "to_address": to,
        "to_name": to_name,
        "envelope_sender": envelope_sender,
        "language": written.language,
        "subject": written.subject,
        "text": written.text,
        "html": written.html,
        "headers": json.dumps(dict(headers or {})),
        "created_at": now,
        "once": once,
        "state": "queued",
    }
    if once is not None:
        first = guarded.insert(session, Letter, **row)
        return session.scalars(select(Letter).where(Letter.once == once)).one() if first else None
    letter = Letter(**row)
    session.add(letter)
    session.flush()
    return letter


def confirmation(
    session: Session, settings: Settings, keys: Keys, subscription: Subscription, token: str, *, now: datetime
) -> Letter | None:
    """Queue the letter that asks whether it was really them, in the language of the wish.

    It holds nothing that was typed into a form, not even a name: strangers can have it sent to anybody.
    A reply to it reaches confirm+TOKEN@..., so that confirming works by mail alone.
    """
    return write(
        session,
        settings,
        "confirmation",
        language=tickets.language(session, token),
        to=_address(subscription),
        subscription_id=subscription.id,
        envelope_sender=_bounces(settings, keys, subscription),
        headers={"Reply-To": _confirm_address(settings, token)},
        now=now,
        template="confirmation",
        confirm_url=urls.confirm(settings, token),
        hours=round(settings.approval.confirm_hours),
    )


def already(
    session: Session, settings: Settings, keys: Keys, subscription: Subscription, *, now: datetime
) -> Letter | None:
    """Queue the letter to a reader who asked again; return None where they had one today."""
    return write(
        session,
        settings,
        "answer",
        language=subscription.subscriber.language,
        to=_address(subscription),
        subscription_id=subscription.id,
        envelope_sender=_bounces(settings, keys, subscription),
        once=f"already:{subscription.id}:{now:%Y-%m-%d}",
        now=now,
        template="already",
        **_links(settings, keys, subscription),
    )


def welcome(
    session: Session, settings: Settings, keys: Keys, subscription: Subscription, *, now: datetime
) -> Letter | None:
    """Queue the first letter after a confirmation; return None where this confirmation had one."""
    language = _spoken(settings, subscription.subscriber.language)
    return write(
        session,
        settings,
        "answer",
        language=language,
        to=_address(subscription),
        to_name=subscription.subscriber.name,
        subscription_id=subscription.id,
        envelope_sender=_bounces(settings, keys, subscription),
        once=f"welcome:{subscription.id}:{subscription.confirmed_at or now:%Y-%m-%dT%H:%M:%S.%f}",
        now=now,
        template="welcome",
        topics=_topics(session, settings, subscription, language),
        **_links(settings, keys, subscription),
    )


def answer(
    session: Session,
    settings: Settings,
    *,
    language: str,
    to: str,
    template: str,
    now: datetime,
    message_id: str = "",
    subscription_id: int | None = None,
    **values: Any,
) -> Letter | None:
    """Queue an automatic answer to a letter (RFC 3834); return None where this address had this answer lately.

    Templates: `help` (how to subscribe and leave), `offer` (`unsubscribe_url`), `unsubscribed` (`subscribe_url`).
    `message_id` is that of the letter answered. The null sender keeps two robots from answering each other.
    """
    name = f"answer:{template}:{hashlib.sha256(to.casefold().encode('utf-8', 'replace')).hexdigest()[:32]}"
    if not _may_answer(session, name, now):
        return None
    headers = {"Auto-Submitted": "auto-replied"}
    if _MESSAGE_ID.fullmatch(message_id):
        headers |= {"In-Reply-To": message_id, "References": message_id}
    return write(
        session,
        settings,
        "answer",
        language=language,
        to=to,
        subscription_id=subscription_id,
        once=f"{name}:{now:%Y-%m-%d}",
        headers=headers,
        now=now,
        template=template,
        **values,
    )


def _render(settings: Settings, language: str, template: str, values: Mapping[str, Any]) -> tuple[str, str, str]:
    sentences = words.load("letters", language)
    title, office = settings.publication.title[language], settings.office.name[language]

    def say(name: str, /, **more: Any) -> str:
        return sentences(name, **{"title": title, "office": office, **values, **more})

    subject = say(f"{template}.subject")
    names = {**environment.frame(settings, language), "subject": subject, "values": dict(values), "words": say}
    templates = environment.create()
    text = filling.fill(templates, f"mail/letters/{template}.txt.j2", names)
    html = filling.fill(templates, f"mail/letters/{template}.html.j2", names)
    return subject, plain.tidy(text), inlining.inline(html)


def _may_answer(session: Session, name: str, now: datetime) -> bool:
    times = select(func.count(), func.max(Letter.created_at)).where(
        Letter.once.startswith(f"{name}:", autoescape=True), Letter.created_at > now - ANSWERS_WITHIN
    )
    count, newest = session.execute(times).one()
    return count == 0 or (count < MOST_ANSWERS and newest <= now - ANSWER_EVERY)


def _spoken(settings: Settings, language: str) -> str:
    spoken = settings.publication.languages
    return language if language in spoken else spoken[0]


def _address(subscription: Subscription) -> str:
    email = subscription.subscriber.email
    if email is None:
        message = f"subscription {subscription.id} has been erased; there is nobody to write to"
        raise ValueError(message)
    return email


def _links(settings: Settings, keys: Keys, subscription: Subscription) -> dict[str, Any]:
    token = tokens.unsubscribe_token(keys.unsubscribe, subscription.id)
    return {"topics_url": urls.topics(settings, token), "unsubscribe_url": urls.unsubscribe(settings, token)}


def _topics(session: Session, settings: Settings, subscription: Subscription, language: str) -> list[str]:
    chosen = bits.load(session, subscription.publication_id).topic_keys(subscription.topics)
    return [topic.title[language] for topic in settings.publication.topics if topic.key in chosen]


def _bounces(settings: Settings, keys: Keys, subscription: Subscription) -> str:
    return urls.returning(settings, tokens.bounce_token(keys.unsubscribe, subscription.id))


def _confirm_address(settings: Settings, token: str) -> str:
    return f"confirm+{token}@{settings.office.address.rpartition('@')[2]}"


def forget_content(session: Session, *, before: datetime) -> int:
    """Blank what letters settled before that time said, links and addresses; return how many. The rows stay."""
    old = update(Letter).where(Letter.settled_at < before, Letter.text != "")
    return guarded.write(session, old.values(text="", html=None, subject="", headers="{}", to_name=""))
