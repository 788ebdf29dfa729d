"""Who is due an issue: a query, its groups and its count."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from subscribers import bits, languages
from subscribers.models import Subscriber, Subscription


@dataclass(frozen=True)
class Among:
    """Of the readers of a publication, those an issue is for; empty means all."""

    languages: tuple[str, ...] = ()  # who reads one of these
    topics: tuple[str, ...] = ()  # who chose one of these
    countries: tuple[str, ...] = ()  # who lives in one of these


EVERYBODY = Among()
_OWN, _SECOND = Subscriber.language, Subscriber.second_language
WISH: ColumnElement[str] = case((or_(_SECOND == "", _SECOND == _OWN), _OWN), else_=_OWN + languages.BOTH + _SECOND)
"""`languages.wish` of a subscriber, for queries."""


@dataclass(frozen=True)
class Group:
    """Readers who chose the same: languages and masks of `subscribers.bits`, which see the same edition.

    `language` is "en", or "en+ja" for both in one mail, their own first (`subscribers.languages`).
    """

    language: str
    topics: int
    interests: int
    count: int

    def reads(self, language: str) -> bool:
        """Return whether these readers get an issue in `language`, alone or beside another."""
        return language in languages.of(self.language)


def readers(publication_id: int) -> Select[int, int, str, int, int]:
    """Return the query of everybody due an issue: subscription id, subscriber id, languages, topics, interests."""
    return (
        select(
            Subscription.id,
            Subscription.subscriber_id,
            WISH.label("language"),
            Subscription.topics,
            Subscription.interests,
        )
        .join(Subscriber, Subscriber.id == Subscription.subscriber_id)
        .where(
            Subscription.publication_id == publication_id,
            Subscription.state == "active",
            Subscriber.email.is_not(None),
        )
    )


def groups(session: Session, publication_id: int, among: Among | None = None) -> list[Group]:
    """Return the combinations that occur, in a stable order; editions are made for these only."""
    chosen = (WISH.label("language"), Subscription.topics, Subscription.interests)
    query = readers(publication_id).with_only_columns(*chosen, func.count())
    query = query.where(*restriction(session, publication_id, among or EVERYBODY)).group_by(*chosen).order_by(*chosen)
    return [Group(wish, topics, interests, count) for wish, topics, interests, count in session.execute(query)]


def count(session: Session, publication_id: int, among: Among | None = None) -> int:
    """Return how many readers are due an issue."""
    query = readers(publication_id).with_only_columns(func.count(Subscription.id))
    return session.scalar(query.where(*restriction(session, publication_id, among or EVERYBODY))) or 0


def restriction(session: Session, publication_id: int, among: Among) -> list[ColumnElement[bool]]:
    """Return what `among` demands of a reader's rows; a topic that nobody offers reaches nobody."""
    demands: list[ColumnElement[bool]] = []
    if among.languages:
        demands.append(or_(Subscriber.language.in_(among.languages), Subscriber.second_language.in_(among.languages)))
    if among.topics:
        known = bits.load(session, publication_id)
        mask = known.topic_mask(topic for topic in among.topics if topic in known.topics)
        demands.append(Subscription.topics.bitwise_and(mask) != 0)
    if among.countries:
        demands.append(Subscriber.country.in_(among.countries))
    return demands
