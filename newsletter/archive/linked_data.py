"""What search engines read off a page: schema.org Event for a fair, NewsArticle for everything else."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from newsletter import urls
from newsletter.archive.shelf import Published
from newsletter.archive.stories import Page
from newsletter.config import Settings
from newsletter.content import Fair, FairText

_STATUS = {
    "planned": "EventScheduled",
    "changed": "EventScheduled",
    "postponed": "EventPostponed",
    "cancelled": "EventCancelled",
}


def issue(settings: Settings, language: str, page: Published) -> Markup:
    """Return the data of an issue's page, ready to stand in a script element."""
    entry = page.entry
    article = _article(
        settings,
        language,
        url=urls.issue_page(settings, language, entry.slug),
        title=entry.title,
        summary=entry.description,
        published=entry.published_at,
        changed=entry.changed_at,
        picture=page.picture.hash if page.picture else None,
    )
    return _script(article)


def story(settings: Settings, page: Page) -> Markup:
    """Return the data of a story's page; a fair without any date is an article, since an event must have one."""
    told, content = page.told, page.view.content
    url = urls.story_page(settings, told.language, told.story_id, told.slug)
    picture = content.picture.hash if content.picture else page.home.image_hash
    if isinstance(content, Fair) and (content.starts or content.ends):
        return _script(_event(settings, page, content, url, picture))
    article = _article(
        settings,
        told.language,
        url=url,
        title=told.title,
        summary=told.summary,
        published=told.published_at,
        changed=told.updated_at,
        picture=picture,
    )
    return _script(article)


def _article(
    settings: Settings,
    language: str,
    *,
    url: str,
    title: str,
    summary: str,
    published: datetime,
    changed: datetime,
    picture: str | None,
) -> dict[str, Any]:
    office = _office(settings, language)
    return {
        "@type": "NewsArticle",
        "headline": title,
        "description": summary,
        "inLanguage": language,
        "url": url,
        "mainEntityOfPage": url,
        "datePublished": published.isoformat(timespec="seconds"),
        "dateModified": changed.isoformat(timespec="seconds"),
        "image": [urls.image(settings, picture)] if picture else [],
        "author": office,
        "publisher": office,
    }


def _event(settings: Settings, page: Page, fair: Fair, url: str, picture: str | None) -> dict[str, Any]:
    text = fair.texts[page.told.language]
    starts, ends = _times(settings, fair)
    country = fair.country or (fair.countries[0] if len(fair.countries) == 1 else None)
    return {
        "@type": "Event",
        "name": text.title,
        "description": text.summary,
        "inLanguage": page.told.language,
        "url": fair.url or url,
        "startDate": starts,
        "endDate": ends,
        "eventStatus": f"https://schema.org/{_STATUS[fair.status]}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": _place(text, fair, country),
        "image": [urls.image(settings, picture)] if picture else [],
        "organizer": {"@type": "Organization", "name": text.organiser} if text.organiser else None,
    }


def _times(settings: Settings, fair: Fair) -> tuple[str | None, str | None]:
    """Return the first and last moment where hours are known, the first and last day otherwise."""
    if not fair.openings:
        first, last = fair.starts or fair.ends, fair.ends or fair.starts
        return (first.isoformat() if first else None, last.isoformat() if last else None)
    zone = ZoneInfo(fair.zone) if fair.zone else settings.office.zone
    first_day, last_day = min(fair.openings, key=_by_day), max(fair.openings, key=_by_day)
    begins = datetime.combine(first_day.day, first_day.opens, zone)
    ends = datetime.combine(last_day.day, last_day.closes, zone)
    return begins.isoformat(), ends.isoformat() if ends > begins else None


def _by_day(opening: Any) -> Any:
    return opening.day, opening.opens


def _place(text: FairText, fair: Fair, country: str | None) -> dict[str, Any] | None:
    if not (text.venue or text.city or country):
        return None
    address = {"@type": "PostalAddress", "addressLocality": text.city, "addressCountry": country}
    return {"@type": "Place", "name": text.venue or text.city, "address": address, "hasMap": fair.map_url}


def _office(settings: Settings, language: str) -> dict[str, Any]:
    name = settings.office.full_name.get(language) or settings.office.name.get(language, "")
    return {"@type": "Organization", "name": name, "url": urls.home(settings, language)}


def _script(data: dict[str, Any]) -> Markup:
    """Return JSON that cannot end its script element: what is a mark in HTML is written as an escape."""
    written = json.dumps(_without_nothing({"@context": "https://schema.org", **data}), ensure_ascii=False, indent=1)
    escaped = written.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return Markup(escaped)  # noqa: S704 - every mark has just been escaped


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nothing(each) for key, each in value.items() if each not in (None, "", [], {})}
    return value
