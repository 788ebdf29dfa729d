"""What travels with the mail, and the mail in two languages, are shown to whoever decides or looks."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from newsletter import database, flyers, issues, previews
from newsletter.approvals import office_copies, specimen
from newsletter.config import Settings
from newsletter.content import Flyer as Promised
from newsletter.models import Letter
from tests.newsletter import newsroom
from tests.newsletter.approvals import chain_office
from tests.newsletter.newsroom import FAIR, NOTICE, SEND_AT, Office

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return chain_office.open_office(engine, chain_office.with_approval(settings, office_copy_minutes=30), now)


@pytest.fixture
def issue_id(office: Office) -> int:
    """Return a draft whose fair has a programme that travels along, and a reader of both languages."""
    with database.writing(office.engine) as session:
        newsroom.reader(session, office, 1, topics=["fairs"]).subscriber.second_language = "ja"
        kept = flyers.keep(session, flyers.prepare(PDF, "a.pdf", now=office.now))
        title = {"en": "Programme", "ja": "プログラム"}
        enclosed = Promised(hash=kept.hash, size=len(PDF), title=title, attach=True)
        return newsroom.draft(session, office, [FAIR.model_copy(update={"flyers": (enclosed,)}), NOTICE]).id


def test_a_preview_has_what_travels_along_and_a_test_names_it(office: Office, issue_id: int) -> None:
    with database.reading(office.engine) as session:
        issue = issues.get(session, issue_id)
        edition = previews.drafted(session, office.settings, issue, "en")
        reader = previews.sample("en", "Tan Mei Ling")

        seen = previews.copy(session, office.settings, issue, edition, reader, now=office.now)
        test = previews.written(office.settings, issue, seen, language="en", by="Hana")

    assert seen.enclosed == (("Programme.pdf", len(PDF)),)
    assert b"application/pdf" in seen.raw
    assert "Programme.pdf" in test.text
    assert "Programme.pdf" in test.html


def test_the_letter_names_what_travels_along_and_leads_to_the_mail_in_both_languages(
    office: Office, issue_id: int
) -> None:
    with database.writing(office.engine) as session:
        issue = issues.get(session, issue_id)
        newsroom.ask(session, office, issue)
        (both,) = specimen.paired(session, office.settings, issue)
        assert both.language == "en+ja"
        assert both.text.index("FIT") < both.text.index("FITフェア")

    ((_, token),) = chain_office.write_letters(office)

    with database.reading(office.engine) as session:
        letter = session.scalars(select(Letter)).one()
    for said in (letter.text, letter.html or ""):
        assert f"/desk/decide/{token}/mail/en+ja" in said
        assert "Programme.pdf" in said
        assert "English, then Japanese" in said


def test_the_office_copy_names_what_travels_along(office: Office, issue_id: int) -> None:
    with database.writing(office.engine) as session:
        newsroom.ask(session, office, issues.get(session, issue_id))
    for name in ("head", "director"):
        chain_office.give(office, issue_id, name)
    with database.writing(office.engine) as session:
        issues.schedule(session, issues.get(session, issue_id), SEND_AT, now=office.now, editor_id=None)

    with database.reading(office.engine) as session:
        copies = office_copies.due(session, office.settings, now=SEND_AT - timedelta(minutes=5))

    assert len(copies) == 2
    for copy in copies:
        assert all(re.search(r"(Programme|プログラム)\.pdf", written.text) for *_, written in copy.letters)
