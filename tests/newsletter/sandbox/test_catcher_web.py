"""The catcher's pages show what arrived, safely, in both languages, and send letters to the office."""

import smtplib
import tomllib
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from newsletter.sandbox.catcher import Catcher, pages, web

ADDRESSES = ("info@example.org", "news@example.org", "bounce@example.org")
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def catcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catcher]:
    """Return one catcher for all tests of this module; each looks for its own recipient."""
    with Catcher(tmp_path_factory.mktemp("mail"), ADDRESSES) as catcher:
        yield catcher


@pytest.fixture
def browser(catcher: Catcher) -> TestClient:
    """Return a browser that speaks English."""
    return TestClient(web.create(catcher), headers={"accept-language": "en-SG, ja;q=0.4"})


def send(catcher: Catcher, to: str, *, html: str = "<p>Good morning", subject: str = "Hello", **fields: str) -> int:
    message = MIMEMultipart("alternative")
    message.attach(
        MIMEText("Good morning https://example.org/c/1. Write to unsubscribe+x@example.org", "plain", "utf-8")
    )
    message.attach(MIMEText(html, "html", "utf-8"))
    message["From"], message["To"], message["Subject"] = "News <news@example.org>", to, subject
    message["Message-ID"] = "<7@example.org>"
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    with smtplib.SMTP(catcher.host, catcher.smtp_port) as client:
        client.sendmail("bounce@example.org", [to], message.as_bytes().replace(b"\n", b"\r\n"))
    return catcher.messages()[-1].id


def test_the_newest_message_comes_first_and_the_list_can_be_searched(catcher: Catcher, browser: TestClient) -> None:
    send(catcher, "first@list.test", subject="One")
    send(catcher, "second@list.test", subject="Two")
    send(catcher, "other@elsewhere.test", subject="Three")

    both = browser.get("/?to=LIST.test").text
    none = browser.get("/?to=nobody@list.test").text

    assert both.index("Two") < both.index("One")
    assert "Three" not in both
    assert "2 messages" in both
    assert "No message to “nobody@list.test”" in none


def test_long_lists_are_cut_into_pages(catcher: Catcher, browser: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_SIZE", 2)
    numbers = [send(catcher, "tan@pages.test") for _ in range(3)]

    first = browser.get("/?to=pages.test").text
    second = browser.get(f"/?to=pages.test&before={numbers[1]}").text

    assert f"before={numbers[1]}" in first
    assert f"/messages/{numbers[0]}?" in second
    assert f"/messages/{numbers[2]}?" not in second


def test_every_page_says_that_nothing_left_this_machine_in_both_languages(
    catcher: Catcher, browser: TestClient
) -> None:
    number = send(catcher, "tan@sandbox.test")

    for path in ("/", "/write", f"/messages/{number}", "/messages/999999"):
        assert "This is a sandbox. Every message stays on this machine" in browser.get(path).text
        assert "外には送信されていません" in browser.get(path, headers={"accept-language": "ja"}).text


def test_the_language_switch_is_remembered(browser: TestClient) -> None:
    assert '<html lang="ja">' in browser.get("/?lang=ja").text
    assert '<html lang="ja">' in browser.get("/write").text
    assert '<html lang="en">' in browser.get("/?lang=en").text


def test_both_languages_have_the_same_sentences() -> None:
    english, japanese = (
        tomllib.loads((pages.HERE / "words" / f"catcher.{language}.toml").read_text()) for language in ("en", "ja")
    )

    assert {area: set(words) for area, words in english.items()} == {
        area: set(words) for area, words in japanese.items()
    }


def test_a_message_is_shown_as_html_text_headers_and_source(catcher: Catcher, browser: TestClient) -> None:
    number = send(catcher, "tan@views.test", X_Special="yes")

    assert f'<iframe src="/messages/{number}/html"' in browser.get(f"/messages/{number}").text
    assert "Good morning" in browser.get(f"/messages/{number}?view=text").text
    assert "X-Special" in browser.get(f"/messages/{number}?view=headers").text
    assert "X-Special: yes" in browser.get(f"/messages/{number}?view=source").text
    assert b"X-Special: yes\r\n" in browser.get(f"/messages/{number}/raw").content


def test_a_message_cannot_run_scripts_nor_reach_the_page_around_it(catcher: Catcher, browser: TestClient) -> None:
    number = send(catcher, "tan@hostile.test", subject=HOSTILE, html=HOSTILE, X_Special=HOSTILE)

    inside = browser.get(f"/messages/{number}/html")
    around = [browser.get(f"/messages/{number}?view={view}").text for view in web.VIEWS]

    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in inside.headers["content-security-policy"]
    assert "default-src 'none'" in inside.headers["content-security-policy"]
    assert all(HOSTILE not in page for page in [*around, browser.get("/").text])
    assert all('sandbox="allow-popups' in page for page in around[:1])


def test_links_in_a_message_open_elsewhere_and_mail_addresses_open_our_form(
    catcher: Catcher, browser: TestClient
) -> None:
    html = (
        "<!doctype html><html><head><meta charset=utf-8></head><body><a href='https://example.org/c/1'>Confirm</a>"
        '<a href="mailto:unsubscribe+x@example.org?subject=Stop&amp;body=it">Leave</a></body></html>'
    )
    number = send(catcher, "tan+a@links.test", html=html)

    inside = browser.get(f"/messages/{number}/html").text
    text = browser.get(f"/messages/{number}?view=text").text

    assert inside.startswith('<!doctype html><html><head><base target="_blank">')
    assert "href='https://example.org/c/1'" in inside
    form = "/write?sender=tan%2Ba%40links.test&amp;to=unsubscribe%2Bx%40example.org"
    assert f'href="{form}&amp;subject=Stop&amp;body=it"' in inside
    assert '<a href="https://example.org/c/1" target="_blank" rel="noopener">https://example.org/c/1</a>.' in text
    assert f'href="{form}"' in text


def test_a_reply_goes_where_the_letter_asks_and_quotes_it(catcher: Catcher, browser: TestClient) -> None:
    number = send(catcher, "tan@reply.test", Reply_To="confirm+abc@example.org")

    form = browser.get(f"/write?answers={number}").text

    assert 'value="tan@reply.test"' in form
    assert 'value="confirm+abc@example.org"' in form
    assert 'value="Re: Hello"' in form
    assert "News wrote:\n&gt; Good morning" in form
    assert 'value="&lt;7@example.org&gt;"' in form


def test_one_click_is_offered_as_a_mail_program_would(catcher: Catcher, browser: TestClient) -> None:
    offered = send(
        catcher,
        "tan@click.test",
        List_Unsubscribe="<https://example.org/u/abc>, <mailto:unsubscribe+abc@example.org>",
        List_Unsubscribe_Post="List-Unsubscribe=One-Click",
    )
    not_offered = send(catcher, "tan@click.test", List_Unsubscribe="<https://example.org/u/abc>")

    assert '<form method="post" action="https://example.org/u/abc"' in browser.get(f"/messages/{offered}").text
    assert "One-Click" not in browser.get(f"/messages/{not_offered}").text


def test_a_letter_from_the_form_arrives_by_smtp_as_it_was_written(catcher: Catcher, browser: TestClient) -> None:
    letter = {
        "sender": "田中 花 <hana@form.test>",
        "to": "info@example.org",
        "subject": "購読希望",
        "body": "よろしく\n",
    }

    answer = browser.post("/write", data={**letter, "answers": "<7@example.org>"}, follow_redirects=False)

    caught = catcher.messages()[-1]
    message = message_from_bytes(caught.raw)
    assert answer.headers["location"] == f"/messages/{caught.id}?sent=1"
    assert (caught.envelope_from, caught.envelope_to) == ("hana@form.test", ("info@example.org",))
    assert str(make_header(decode_header(message["Subject"]))) == "購読希望"
    assert str(make_header(decode_header(message["From"]))) == "田中 花 <hana@form.test>"
    assert message["In-Reply-To"] == "<7@example.org>"
    assert message.get_payload(decode=True) == "よろしく\n".encode()
    assert "on its way to the office" in browser.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", "x\r\nBcc: victim@example.test"),
        ("subject", "=?utf-8?q?x=0d=0aBcc:=20victim@example.test?="),
        ("sender", "A\r\nBcc: victim@example.test\r\n <hana@form.test>"),
        ("answers", "<a@b>\r\nBcc: victim@example.test"),
    ],
)
def test_nothing_typed_into_the_form_becomes_a_header(
    catcher: Catcher, browser: TestClient, field: str, value: str
) -> None:
    letter = {"sender": "hana@form.test", "to": "info@example.org", "subject": "x", "body": "x", field: value}
    before = len(catcher.messages())

    browser.post("/write", data=letter)

    for caught in catcher.messages()[before:]:
        assert message_from_bytes(caught.raw)["Bcc"] is None
        assert caught.envelope_to == ("info@example.org",)


@pytest.mark.parametrize(("field", "sentence"), [("sender", "“From” needs one"), ("to", "“To” needs one")])
def test_a_letter_without_an_address_is_kept_in_the_form(
    catcher: Catcher, browser: TestClient, field: str, sentence: str
) -> None:
    letter = {"sender": "hana@form.test", "to": "info@example.org", "subject": "My words", "body": "x", field: "nobody"}
    before = len(catcher.messages())

    answer = browser.post("/write", data=letter)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="My words"' in answer.text
    assert len(catcher.messages()) == before


def test_another_site_cannot_write_letters(catcher: Catcher, browser: TestClient) -> None:
    letter = {"sender": "hana@form.test", "to": "info@example.org"}
    before = len(catcher.messages())

    answer = browser.post("/write", data=letter, headers={"origin": "https://example.test"})

    assert (answer.status_code, len(catcher.messages())) == (403, before)


def test_messages_can_be_asked_for_by_programs(catcher: Catcher, browser: TestClient) -> None:
    first = send(catcher, "tan@json.test")
    second = send(catcher, "tan@json.test", subject="Second")

    answer = browser.get(f"/messages.json?to=json.test&after={first}").json()

    assert [(each["id"], each["subject"], each["from"]) for each in answer] == [(second, "Second", "news@example.org")]
    assert answer[0]["envelope_to"] == ["tan@json.test"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\r\n\r\n\xff\r\n",
        b"Content-Type: text/html; charset=idna\r\n\r\n<p>x\r\n",
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3000)),
        b'From: "\r\nTo: ' + b"(" * 900 + b"\r\nSubject: =?x?b?YQ?=\r\n\r\nx\r\n",
    ],
)
def test_a_broken_message_can_still_be_looked_at(catcher: Catcher, browser: TestClient, raw: bytes) -> None:
    with smtplib.SMTP(catcher.host, catcher.smtp_port) as client:
        client.sendmail("a@example.org", ["tan@broken.test"], raw)
    number = catcher.messages()[-1].id

    answers = [
        browser.get(f"/messages/{number}{rest}") for rest in ("", "?view=headers", "?view=source", "/html", "/raw")
    ]

    assert [answer.status_code for answer in answers] == [200] * 5


def test_pages_belong_to_no_other_page(browser: TestClient) -> None:
    policy = browser.get("/").headers["content-security-policy"]

    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self'" in policy


def test_the_stylesheet_and_script_are_there(browser: TestClient) -> None:
    assert {browser.get(f"/static/{name}").status_code for name in ("catcher.css", "catcher.js")} == {200}
    assert Path(pages.HERE / "templates" / "list.html.j2").exists()
