"""The rows behind the settings: the publication, and a bit for each of its topics and countries."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.config import MAX_BITS, PublicationSettings
from newsletter.errors import SettingsError
from subscribers import bits
from subscribers.models import Country, Publication, Topic


def sync(session: Session, settings: PublicationSettings, *, now: datetime) -> Publication:
    """Return the publication's row, made if missing, with a bit for every topic and country of the settings.

    A bit is never given twice, so a topic taken out of the settings and put back finds its readers again.
    """
    publication = session.scalar(select(Publication).where(Publication.key == settings.key))
    if publication is None:
        publication = Publication(key=settings.key, created_at=now)
        session.add(publication)
        session.flush()
    given = bits.load(session, publication.id)
    for key in (topic.key for topic in settings.topics):
        if key not in given.topics:
            given.topics[key] = _next_bit(given.topics)
            session.add(Topic(publication_id=publication.id, key=key, bit=given.topics[key]))
    for code in settings.countries:
        if code not in given.countries:
            given.countries[code] = _next_bit(given.countries)
            session.add(Country(code=code, bit=given.countries[code]))
    session.flush()
    return publication


def _next_bit(given: dict[str, int]) -> int:
    bit = max(given.values(), default=-1) + 1
    if bit >= MAX_BITS:
        message = f"More than {MAX_BITS} topics or countries have been used; no bit is left for another."
        raise SettingsError(message)
    return bit
