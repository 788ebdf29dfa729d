"""Every message of the sample issue, to readers with awkward names, signed, and what each of them must say."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import escape
from sqlalchemy.orm import Session

from newsletter import folder, freezing, urls
from newsletter.config import Settings
from newsletter.message import fields, headers, letters, segments
from newsletter.message.dkim.signing import Signer
from newsletter.message.enclosures import Enclosure
from newsletter.message.segments import Recipient
from newsletter.models import Edition, Issue, Letter
from newsletter.sandbox import dates
from newsletter.sandbox.demo import cast
from subscribers import languages, tokens
from tests.newsletter import newsroom
from tests.newsletter.message.test_headers import TRICKS
from tests.newsletter.newsroom import Office

KEYS = (b"u" * 32,)
SENT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
ENCLOSED = (
    Enclosure("Fair map.pdf", PDF),
    Enclosure("見本市の地図 (2026).pdf", PDF * 40),
    Enclosure("長い名前" * 25 + "𠮷.pdf", PDF * 2),
)
LETTERS = (
    ("Please confirm", "Hello\n.\nFrom here on\r\nlone\rend " + "long " * 2000 + "x" * 10_000, None),
    ("ご登録の確認", "\ufeff確認のお願いです。\n\n..\n" + "長い行" * 4000, "<p>確認の<b>お願い</b>です。</p>\n.\n"),
)


@dataclass(frozen=True)
class Sample:
    """A message, and what any reader of mail must find in it."""

    title: str
    raw: bytes
    said: dict[str, Any]


def every(session: Session, office: Office, signer: Signer) -> Iterator[Sample]:
    """Write each edition of the sample issue to each awkward name, once with PDFs, and two letters."""
    issue, editions = _editions(session, office)
    for edition in editions:
        for number, name in enumerate(TRICKS, 1):
            yield _copy(office.settings, issue, edition, signer, name=name, number=number)
        yield _copy(office.settings, issue, edition, signer, name="Tan Wei", number=0, enclosed=ENCLOSED)
    for number, words in enumerate(LETTERS, 1):
        yield _letter(office.settings, signer, number, words)


def _editions(session: Session, office: Office) -> tuple[Issue, Sequence[Edition]]:
    """Freeze the sample issue for readers of one language and of both; return the first edition of each language."""
    for number, (own, second) in enumerate((("ja", "en"), ("en", "ja")), 1):
        reader = newsroom.reader(session, office, number, language=own, topics=("fairs", "food"))
        reader.subscriber.second_language = second
    session.flush()
    source = cast.SAMPLES / "issue"
    redate = dates.moving(source, SENT.astimezone(office.settings.office.zone))
    issue = folder.load(
        session, office.settings, office.publication_id, source, editor_id=None, now=office.now, dates=redate
    )
    made = {
        edition.language: edition for edition in reversed(freezing.render(session, office.settings, issue).editions)
    }
    return issue, list(made.values())


def _copy(
    settings: Settings,
    issue: Issue,
    edition: Edition,
    signer: Signer,
    *,
    name: str,
    number: int,
    enclosed: Sequence[Enclosure] = (),
) -> Sample:
    made = segments.compile(edition, settings, issue, keys=KEYS, date=SENT, enclosed=enclosed)
    to = f"reader{number}@example.org"
    token = tokens.unsubscribe_token(KEYS, number)
    page, address = urls.unsubscribe(settings, token), f"unsubscribe+{token}@example.org"
    leading = languages.of(edition.language)[0]
    clean = _clean(name)
    values = {
        "name": fields.called(clean, leading),
        "unsubscribe_url": page,
        "topics_url": urls.topics(settings, token),
        "unsubscribe_address": address,
    }
    said = {
        "subject": edition.subject,
        "from": [settings.publication.title[leading], settings.publication.from_address],
        "to": [clean, to],
        "text": _filled(edition, edition.text, values),
        "html": _filled(edition, edition.html, {field: str(escape(value)) for field, value in values.items()}),
        "attachments": [[one.name, hashlib.sha256(one.content).hexdigest()] for one in enclosed],
        "list-id": f"<{settings.publication.list_id}>",
        "list-unsubscribe": f"<{page}>, <mailto:{address}>",
        "list-unsubscribe-post": "List-Unsubscribe=One-Click",
        "message-id": f"<{issue.slug}.{number}@example.org>",
    }
    recipient = Recipient(subscription_id=number, delivery_id=number, email=to, name=name, language=edition.language)
    return Sample(f"{edition.language}, {name!r}, {len(enclosed)} PDFs", signer.sign(made.build(recipient)), said)


def _letter(settings: Settings, signer: Signer, number: int, words: tuple[str, str, str | None]) -> Sample:
    subject, text, html = words
    letter = Letter(
        id=number,
        kind="confirmation",
        to_address="tan@example.org",
        to_name="山田 花子",
        language="ja" if html else "en",
        subject=subject,
        text=text,
        html=html,
        headers="{}",
        created_at=SENT,
    )
    said = {
        "subject": subject,
        "from": [settings.office.name[letter.language], settings.publication.from_address],
        "to": ["山田 花子", "tan@example.org"],
        "text": _lines(text),
        "html": _lines(html) if html else None,
        "attachments": [],
        "list-id": None,
        "list-unsubscribe": None,
        "list-unsubscribe-post": None,
        "message-id": f"<letter.{number}.{int(SENT.timestamp() * 1_000_000):x}@example.org>",
    }
    return Sample(f"letter {number}", signer.sign(letters.build(letter, settings)), said)


def _filled(edition: Edition, words: str, values: dict[str, str]) -> str:
    for field, placeholder in json.loads(edition.fields).items():
        words = words.replace(placeholder, values[field])
    return _lines(words)


def _clean(name: str) -> str:
    return headers.one_line(name).encode("utf-8", "replace").decode()


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
