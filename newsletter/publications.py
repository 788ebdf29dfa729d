"""The rows behind the settings: the publication, its topics' and its countries' bits."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.config import MAX_BITS, PublicationSettings
from newsletter.errors import SettingsError
from subscribers.models import Country, Publication, Topic


@dataclass(frozen=True)
class Bits:
    """Which bit stands for which topic and country; translates keys to masks and back."""

    topics: dict[str, int]
    countries: dict[str, int]

    def topic_mask(self, keys: tuple[str, ...] | list[str]) -> int:
        """Return the sum of the topics' bits; raise KeyError for an unknown one."""
        return sum(1 << self.topics[key] for key in set(keys))

    def country_mask(self, codes: tuple[str, ...] | list[str]) -> int:
        """Return the sum of the countries' bits; raise KeyError for an unknown one."""
        return sum(1 << self.countries[code] for code in set(codes))

    def topic_keys(self, mask: int) -> list[str]:
        """Return the topics in `mask`, in the order their bits were given."""
        return [key for key, bit in sorted(self.topics.items(), key=lambda item: item[1]) if mask >> bit & 1]

    def country_codes(self, mask: int) -> list[str]:
        """Return the countries in `mask`, in the order their bits were given."""
        return [code for code, bit in sorted(self.countries.items(), key=lambda item: item[1]) if mask >> bit & 1]


def sync(session: Session, settings: PublicationSettings, *, now: datetime) -> Publication:
    """Return the publication's row, made if missing, with a bit for every topic and country of the settings.

    A bit is never given twice, so a topic taken out of the settings and put back finds its readers again.
    """
    publication = session.scalar(select(Publication).where(Publication.key == settings.key))
    if publication is None:
        publication = Publication(key=settings.key, created_at=now)
        session.add(publication)
        session.flush()
    bits = load_bits(session, publication.id)
    for key in (topic.key for topic in settings.topics):
        if key not in bits.topics:
            bits.topics[key] = _next_bit(bits.topics)
            session.add(Topic(publication_id=publication.id, key=key, bit=bits.topics[key]))
    for code in settings.countries:
        if code not in bits.countries:
            bits.countries[code] = _next_bit(bits.countries)
            session.add(Country(code=code, bit=bits.countries[code]))
    session.flush()
    return publication


def load_bits(session: Session, publication_id: int) -> Bits:
    """Return the bits given so far."""
    topics = session.execute(select(Topic.key, Topic.bit).where(Topic.publication_id == publication_id))
    countries = session.execute(select(Country.code, Country.bit))
    return Bits(dict(topics.tuples().all()), dict(countries.tuples().all()))


def _next_bit(given: dict[str, int]) -> int:
    bit = max(given.values(), default=-1) + 1
    if bit >= MAX_BITS:
        message = f"More than {MAX_BITS} topics or countries have been used; no bit is left for another."
        raise SettingsError(message)
    return bit
