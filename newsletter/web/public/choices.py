"""What a reader chooses from in forms: topics, languages and countries, and what was chosen."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from babel import Locale

from newsletter.config import PublicationSettings
from newsletter.web.forms import Fields
from subscribers import languages
from subscribers.bits import Bits
from subscribers.models import Subscription


@dataclass(frozen=True)
class Draft:
    """A form as it is filled in: what was typed, as it was typed."""

    address: str = ""
    topics: frozenset[str] = field(default=frozenset())
    interests: frozenset[str] = field(default=frozenset())
    language: str = ""  # or two for both in one mail: "en+ja" (`subscribers.languages`)
    name: str = ""
    country: str = ""


def read(fields: Fields) -> Draft:
    """Return what was sent."""
    return Draft(
        address=fields.one("address"),
        topics=frozenset(fields.all("topics")),
        interests=frozenset(fields.all("interests")),
        language=fields.one("language"),
        name=fields.one("name"),
        country=fields.one("country"),
    )


def of(subscription: Subscription, bits: Bits) -> Draft:
    """Return what a reader has chosen so far."""
    return Draft(
        topics=frozenset(bits.topic_keys(subscription.topics)),
        interests=frozenset(bits.country_codes(subscription.interests)),
        language=languages.wish(subscription.subscriber.language, subscription.subscriber.second_language),
    )


def offered(publication: PublicationSettings, draft: Draft) -> Draft:
    """Return `draft` without topics and countries that nobody offered; no person can have chosen them."""
    topics = frozenset(topic.key for topic in publication.topics)
    return replace(draft, topics=draft.topics & topics, interests=draft.interests & frozenset(publication.countries))


def problems(publication: PublicationSettings, draft: Draft) -> dict[str, str]:
    """Return the name of a sentence (`wrong.*`) for each field of topics and language that cannot stay so."""
    found = {}
    if not draft.topics:
        found["topics"] = "topics"
    if draft.language not in languages.wishes(publication.languages):
        found["language"] = "language"
    return found


def chosen_languages(draft: Draft) -> tuple[str, str]:
    """Return the language chosen, and the second where both are wanted in one mail."""
    own, *second = languages.of(draft.language)
    return own, "".join(second)


def pairs(publication: PublicationSettings, language: str, chosen: str = "") -> dict[str, tuple[str, str]]:
    """Return what can be chosen beside one language alone, with the names of both in `language`.

    The page's language leads; another order is offered only where it is `chosen` already.
    """
    called = Locale.parse(language).languages
    both = [wish for wish in languages.wishes(publication.languages) if languages.BOTH in wish]
    offered = [languages.of(wish) for wish in both if wish == chosen or languages.of(wish)[0] == language]
    return {languages.wish(own, second): (str(called[own]), str(called[second])) for own, second in offered}


def kept(mask: int, chosen: int, offered_mask: int) -> int:
    """Return `chosen`, and of `mask` what was not on offer: a topic taken out of the settings may come back."""
    return chosen | (mask & ~offered_mask)


def countries(codes: Iterable[str], language: str) -> dict[str, str]:
    """Return the name of each country in `language`, without the older names that CLDR adds in brackets."""
    territories = Locale.parse(language).territories
    return {code: str(territories.get(code, code)).partition(" (")[0] for code in codes}
