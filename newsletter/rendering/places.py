"""Countries and the cities of time zones, in the reader's language, as the CLDR names them."""

from babel import Locale
from babel.dates import get_timezone_location


def country(code: str, language: str) -> str:
    """Return "Thailand" or 「タイ」, without what the CLDR adds in brackets; the code where it knows none."""
    name = Locale.parse(language).territories.get(code, code)
    return str(name).partition(" (")[0].partition("（")[0]


def city(zone: str, language: str) -> str:
    """Return the city that a time zone is called after: "Bangkok", 「バンコク」."""
    return str(get_timezone_location(zone, locale=language, return_city=True))


def town(name: str, code: str | None, language: str) -> str:
    """Return a city with its country: "Bangkok, Thailand", 「タイ・バンコク」; a country once, as for Singapore."""
    land = country(code, language) if code else ""
    if not name or not land or land in name or name in land:
        return name or land
    return f"{land}・{name}" if language == "ja" else f"{name}, {land}"
