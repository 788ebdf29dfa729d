"""One office's main job, every part real: form and letter, confirmation, issue, inbox and page, one click."""

import json
import re
import smtplib
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import TypeVar

import pytest
from starlette.testclient import TestClient

from newsletter import database, keys, publications, urls
from newsletter.config import Settings, load
from newsletter.models import Post
from newsletter.sandbox.catcher import store
from newsletter.sandbox.demo import cast, ground, guide, outcome, servers
from newsletter.sandbox.demo.cast import Office
from subscribers import lifecycle
from subscribers.address import parse
from tests.journeys import browser

Found = TypeVar("Found")
BY_FORM, BY_LETTER = "form@readers.example.org", "letter@readers.example.org"
FORM_TAKES_SECONDS = 3.2  # a form that is sent sooner is taken for a machine's


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    place = ground.prepare(tmp_path / "demo", lan=False)
    with servers.sandbox(place):
        settings = load(place.config)
        engine = database.connect(settings.database)
        database.upgrade(engine)
        with database.writing(engine) as session:
            publication_id = publications.sync(session, settings.publication, now=datetime.now(UTC)).id
        office = Office(place, settings, keys.load(settings.data_folder), engine, publication_id)
        cast.fill(office)
        with servers.product(place):
            yield office
        engine.dispose()


def eventually(look: Callable[[], Found], seconds: float = 60.0) -> Found:
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def inbox(office: Office, address: str) -> list[EmailMessage]:
    every = store.read(office.ground.folder / "mail" / "messages")
    mine = [message_from_bytes(one.raw, policy=default) for one in every if address in one.envelope_to]
    return [one for one in mine if isinstance(one, EmailMessage)]


def issues_of(office: Office, address: str) -> list[EmailMessage]:
    return [one for one in inbox(office, address) if one["List-Id"]]


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def state_of(office: Office, address: str) -> str:
    with database.reading(office.engine) as session:
        found = lifecycle.find(session, office.publication_id, parse(address))
        return found.state if found else "unknown"


def subscribe_by_form(settings: Settings) -> None:
    page = browser.get(urls.subscribe(settings, "en"))
    time.sleep(FORM_TAKES_SECONDS)
    page.form(address=BY_FORM, language="en", topics=["fairs", "food"])


def subscribe_by_letter(office: Office) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"] = f"山田 花子 <{BY_LETTER}>", office.settings.office.address
    letter["Subject"], letter["Message-ID"] = "購読希望", "<letter-1@readers.example.org>"
    letter.set_content("よろしくお願いいたします。\n")
    with smtplib.SMTP("127.0.0.1", office.settings.relay.port) as client:
        client.send_message(letter)


def confirm(office: Office, address: str) -> None:
    (letter,) = eventually(lambda: inbox(office, address))
    link = re.search(rf"{re.escape(office.settings.web.base_url)}/c/\S+", text_of(letter))
    assert link, text_of(letter)

    page = browser.get(link[0])
    assert state_of(office, address) == "pending", "looking at a page must not subscribe anybody"
    page.form()

    assert state_of(office, address) == "active"


def publish(office: Office, sample: str) -> int:
    issue_id = cast.send(office, sample, datetime.now(UTC) + timedelta(milliseconds=500))
    assert outcome.wait(office, issue_id, 60), "the issue did not close"
    return issue_id


def one_click(message: EmailMessage) -> None:
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.search(r"<(http[^>]+)>", message["List-Unsubscribe"])
    assert link
    browser.post(link[1], b"List-Unsubscribe=One-Click")


def test_the_main_job_from_a_letter_to_one_click_and_the_next_issue(office: Office) -> None:
    subscribe_by_letter(office)
    subscribe_by_form(office.settings)
    for address in (BY_LETTER, BY_FORM):
        confirm(office, address)

    first = publish(office, "issue")
    (by_form,), (by_letter,) = issues_of(office, BY_FORM), issues_of(office, BY_LETTER)
    one_click(by_form)
    second = publish(office, "next")

    assert (by_form["Content-Language"], by_letter["Content-Language"]) == ("en", "ja")
    assert by_letter["To"].addresses[0].display_name.replace(" ", "") == "山田花子"
    assert state_of(office, BY_FORM) == "left"
    assert len(issues_of(office, BY_FORM)) == 1, "who has left gets no further issue"
    assert len(issues_of(office, BY_LETTER)) == 2
    for issue_id in (first, second):
        summary = outcome.summarise(office, issue_id)
        assert outcome.missing(office, issue_id, summary) == []
    assert json.loads((office.ground.folder / "report.json").read_text(encoding="utf-8"))["enlisted"] > 400
    with database.reading(office.engine) as session:
        links = {post.link for post in session.query(Post)}
    with urllib.request.urlopen(f"{office.ground.url('graph')}/{office.settings.facebook.page_id}") as answer:
        page = answer.read().decode("utf-8")
    assert len(links) == 4
    assert all(link in page for link in links)
    _the_guide_tells_the_same(office)


def _the_guide_tells_the_same(office: Office) -> None:
    visitor = TestClient(guide.create(office), follow_redirects=True)

    english, japanese = visitor.get("/en/").text, visitor.get("/ja/").text
    stopped = visitor.post("/en/mistake").text
    frames = {name: visitor.get(f"/frame/ja/{name}").text for name in ("mail_en", "mail_ja", "page", "post")}

    assert "Issue 2 is out" in english
    assert "第2号" in japanese
    assert "Nothing was frozen" in stopped
    assert "The dates differ" in stopped
    with database.reading(office.engine) as session:
        newest = cast.newest(session)
    assert newest is not None
    assert newest.number == 2, "what was stopped left nothing behind"
    assert '<html lang="en"' in frames["mail_en"]
    assert all('<html lang="ja"' in frames[name] for name in ("mail_ja", "page", "post"))
    assert visitor.get("/en/letter").status_code == 405
