"""Which bit stands for which topic and country; masks of them say what a reader chose."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from subscribers.models import Country, Topic


@dataclass(frozen=True)
class Bits:
    """The bits given so far; translates keys to masks and back."""

    topics: dict[str, int]
    countries: dict[str, int]

    def topic_mask(self, keys: Iterable[str]) -> int:
        """Return the sum of the topics' bits; raise KeyError for an unknown one."""
        return sum(1 << self.topics[key] for key in set(keys))

    def country_mask(self, codes: Iterable[str]) -> int:
        """Return the sum of the countries' bits; raise KeyError for an unknown one."""
        return sum(1 << self.countries[code] for code in set(codes))

    def topic_keys(self, mask: int) -> list[str]:
        """Return the topics in `mask`, in the order their bits were given."""
        return _names(self.topics, mask)

    def country_codes(self, mask: int) -> list[str]:
        """Return the countries in `mask`, in the order their bits were given."""
        return _names(self.countries, mask)


def load(session: Session, publication_id: int) -> Bits:
    """Return the bits of a publication's topics and of all countries."""
    topics = session.execute(select(Topic.key, Topic.bit).where(Topic.publication_id == publication_id))
    countries = session.execute(select(Country.code, Country.bit))
    return Bits(dict(topics.all()), dict(countries.all()))


def _names(bits: dict[str, int], mask: int) -> list[str]:
    return [name for name, bit in sorted(bits.items(), key=lambda item: item[1]) if mask >> bit & 1]
