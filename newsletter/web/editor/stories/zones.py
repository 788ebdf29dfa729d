"""Time zones that an editor may choose for a fair: those of the countries the publication is about."""

import functools
from zoneinfo import ZoneInfo

from babel import core, dates

from newsletter.config import Settings


@functools.cache
def of_country(code: str) -> tuple[str, ...]:
    """Return the zones of a country that this machine knows, by their IANA names."""
    named = core.get_global("zone_territories").items()
    return tuple(sorted(zone for zone, territory in named if territory == code and _known(zone)))


def offered(settings: Settings, present: str = "") -> list[str]:
    """Return the zones to choose from, the office's first, and `present` where it is a zone at all."""
    found = [settings.office.time_zone]
    found += [zone for code in settings.publication.countries for zone in of_country(code)]
    found += [present] if present and _known(present) else []
    return list(dict.fromkeys(found))


def label(zone: str, language: str) -> str:
    """Return a zone by the name of its city."""
    return str(dates.get_timezone_location(zone, locale=language, return_city=True))


def _known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        return False
    return True
