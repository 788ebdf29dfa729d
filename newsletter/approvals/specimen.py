"""The frozen mail as a reader gets it, with sample words where a reader's own go."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import escape
from sqlalchemy.orm import Session

from newsletter import freezing, urls, words
from newsletter.config import Settings
from newsletter.models import Edition, Issue
from subscribers import languages

SAMPLE_TOKEN = "preview"  # noqa: S105 - a word in an address that leads nowhere


@dataclass(frozen=True)
class Specimen:
    """The complete edition of one language, or of two in one mail ("en+ja")."""

    language: str
    subject: str
    html: str
    text: str
    enclosed: tuple[tuple[str, str], ...] = ()  # name and public address of each PDF that travels with it


def of_issue(session: Session, settings: Settings, issue: Issue) -> list[Specimen]:
    """Return the complete frozen edition of each language, in the order of the settings."""
    fullest = _fullest(session, issue)
    spoken = [language for language in settings.publication.languages if language in fullest]
    return [_filled(settings, fullest[language]) for language in spoken]


def paired(session: Session, settings: Settings, issue: Issue) -> list[Specimen]:
    """Return the fullest frozen edition in two languages, for readers who get both in one mail, if there are any."""
    fullest = _fullest(session, issue)
    return [_filled(settings, fullest[language]) for language in sorted(fullest) if languages.BOTH in language]


def fill(text: str, fields: Mapping[str, str], values: Mapping[str, str]) -> str:
    """Return `text` with each placeholder of `fields` replaced by the value of its name."""
    for name, placeholder in fields.items():
        text = text.replace(placeholder, values.get(name, ""))
    return text


def _fullest(session: Session, issue: Issue) -> dict[str, Edition]:
    """Return the frozen edition of each language or pair of them that holds most."""
    found: dict[str, Edition] = {}
    for edition in freezing.of_issue(session, issue):
        found.setdefault(edition.language, edition)
    return found


def _filled(settings: Settings, edition: Edition) -> Specimen:
    fields: dict[str, str] = json.loads(edition.fields)
    values = {
        "name": _name(languages.of(edition.language)[0]),
        "unsubscribe_url": urls.unsubscribe(settings, SAMPLE_TOKEN),
        "topics_url": urls.topics(settings, SAMPLE_TOKEN),
        "unsubscribe_address": urls.tagged(settings.office.address, f"unsubscribe-{SAMPLE_TOKEN}"),
    }
    escaped = {name: str(escape(value)) for name, value in values.items()}
    html = fill(edition.html, fields, escaped)
    enclosed = tuple((f"{name}.pdf", urls.flyer(settings, kept)) for kept, name in json.loads(edition.flyers))
    return Specimen(edition.language, edition.subject, html, fill(edition.text, fields, values), enclosed)


def _name(language: str) -> str:
    return words.load("desk", language if language in words.languages("desk") else "en")("preview.name")
