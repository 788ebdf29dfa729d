"""Flyers are PDFs, whole ones, without a program inside, kept once under a harmless name."""

from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from newsletter import database, flyers, freezing
from newsletter.config import Settings
from newsletter.content import Flyer as Promised
from newsletter.errors import NotFoundError, UploadError
from newsletter.message import segments
from newsletter.message.segments import Recipient
from newsletter.models import Edition, Flyer, Issue
from tests.newsletter.newsroom import FAIR, NOTICE, SEND_AT, draft, open_office

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def test_the_same_flyer_is_kept_once(engine: Engine, now: datetime) -> None:
    with database.writing(engine) as session:
        first = flyers.keep(session, flyers.prepare(PDF, "Fair.pdf", now=now))
        second = flyers.keep(session, flyers.prepare(PDF, "other.pdf", now=now))

        assert (second.hash, second.name, second.content) == (first.hash, "Fair", PDF)
        assert session.scalar(select(func.count()).select_from(Flyer)) == 1
        with pytest.raises(NotFoundError):
            flyers.get(session, "0" * 64)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "flyer_no_pdf"),
        (b"<html><script>alert(1)</script>%PDF-1.4 %%EOF", "flyer_no_pdf"),
        (b"PK\x03\x04 a Word file %%EOF", "flyer_no_pdf"),
        (PDF[:-8], "flyer_cut"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "flyer_active"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/Launch/F(cmd.exe)>>"), "flyer_active"),
        (b"%PDF-1.4" + b"0" * flyers.MAX_BYTES + b"%%EOF", "flyer_large"),
    ],
)
def test_what_is_no_plain_pdf_is_refused_with_a_reason(raw: bytes, reason: str, now: datetime) -> None:
    with pytest.raises(UploadError) as refused:
        flyers.prepare(raw, "x.pdf", now=now)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("FIT フェア 2026.PDF", "FIT フェア 2026"),
        ("C:\\Users\\sato\\flyer.pdf", "flyer"),
        ("../../etc/passwd", "passwd"),
        ('a";\r\nSet-Cookie: x=1.pdf', "a Set-Cookie x 1"),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "flyer"),
        ("...pdf", "flyer"),
        ("x" * 400, "x" * flyers.MAX_NAME),
    ],
)
def test_a_name_is_harmless_in_a_header_and_on_a_disk(given: str, kept: str) -> None:
    assert flyers.tidy(given) == kept


def test_flyers_that_are_marked_travel_with_every_copy_under_their_title(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    office = open_office(engine, settings, now)
    with database.writing(engine) as session:
        kept = flyers.keep(session, flyers.prepare(PDF, "a.pdf", now=now))
        told = {"en": 'Fair: "map"\r\nX: y', "ja": "見本市の地図"}
        sent, linked = (Promised(hash=kept.hash, size=len(PDF), title=told, attach=attach) for attach in (True, False))
        issue = draft(session, office, [FAIR.model_copy(update={"flyers": (sent,)}), NOTICE])
        freezing.freeze(session, settings, issue, now=now)
        full = {one.language: one for one in reversed(freezing.of_issue(session, issue))}
        read = {language: _parts(session, settings, issue, full[language]) for language in ("en", "ja")}
        assert flyers.enclosed([linked], "en") == []

    assert read["en"] == ["text/plain", "text/html", ("Fair map X y.pdf", PDF)]
    assert read["ja"] == ["text/plain", "text/html", ("見本市の地図.pdf", PDF)]


def test_a_copy_without_marked_flyers_is_as_it_always_was(engine: Engine, settings: Settings, now: datetime) -> None:
    office = open_office(engine, settings, now)
    with database.writing(engine) as session:
        issue = draft(session, office)
        freezing.freeze(session, settings, issue, now=now)
        edition = freezing.of_issue(session, issue)[0]

        message = _message(session, settings, issue, edition)

    assert message.get_content_type() == "multipart/alternative"


def _message(session: Session, settings: Settings, issue: Issue, edition: Edition) -> EmailMessage:
    enclosed = flyers.of_edition(session, edition)
    compiled = segments.compile(edition, settings, issue, keys=[b"k" * 32], date=SEND_AT, enclosed=enclosed)
    raw = compiled.build(Recipient(1, 1, "a@example.org", "Hana", edition.language))
    assert not [line for line in raw.split(b"\r\n") if line.startswith(b".") or len(line) > 998]
    message = message_from_bytes(raw, policy=policy.default)
    assert not [part.defects for part in message.walk() if part.defects]
    return message


def _parts(
    session: Session, settings: Settings, issue: Issue, edition: Edition
) -> list[str | tuple[str | None, bytes]]:
    """Return the types of the bodies, then name and content of what is attached."""
    message = _message(session, settings, issue, edition)
    bodies = [part.get_content_type() for part in message.walk() if part.get_content_maintype() == "text"]
    return [*bodies, *((part.get_filename(), part.get_content()) for part in message.iter_attachments())]
