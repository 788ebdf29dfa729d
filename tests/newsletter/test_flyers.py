"""Flyers are PDFs, whole ones, without a program inside, kept once under a harmless name."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, func, select

from newsletter import database, flyers
from newsletter.errors import NotFoundError, UploadError
from newsletter.models import Flyer

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
