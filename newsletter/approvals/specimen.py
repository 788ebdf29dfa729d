"""The frozen mail as a reader gets it, with sample words where a reader's own go."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import escape
from sqlalchemy.orm import Session

from newsletter import freezing, urls, words
from newsletter.config import Settings
from newsletter.models import Edition, Issue

SAMPLE_TOKEN = "preview"  # noqa: S105 - a word in an address that leads nowhere


@dataclass(frozen=True)
class Specimen:
    """The complete edition of one language."""

    language: str
    subject: str
    html: str
    text: str


def of_issue(session: Session, settings: Settings, issue: Issue) -> list[Specimen]:
    """Return the complete frozen edition of each language, in the order of the settings."""
    fullest: dict[str, Edition] = {}
    for edition in freezing.of_issue(session, issue):
        fullest.setdefault(edition.language, edition)
    spoken = [language for language in settings.publication.languages if language in fullest]
    return [_filled(settings, fullest[language]) for language in spoken]


def fill(text: str, fields: Mapping[str, str], values: Mapping[str, str]) -> str:
    """Return `text` with each placeholder of `fields` replaced by the value of its name."""
    for name, placeholder in fields.items():
        text = text.replace(placeholder, values.get(name, ""))
    return text


def _filled(settings: Settings, edition: Edition) -> Specimen:
    fields: dict[str, str] = json.loads(edition.fields)
    values = {
        "name": _name(edition.language),
        "unsubscribe_url": urls.unsubscribe(settings, SAMPLE_TOKEN),
        "topics_url": urls.topics(settings, SAMPLE_TOKEN),
        "unsubscribe_address": urls.tagged(settings.office.address, f"unsubscribe-{SAMPLE_TOKEN}"),
    }
    escaped = {name: str(escape(value)) for name, value in values.items()}
    html = fill(edition.html, fields, escaped)
    return Specimen(edition.language, edition.subject, html, fill(edition.text, fields, values))


def _name(language: str) -> str:
    return words.load("desk", language if language in words.languages("desk") else "en")("preview.name")
