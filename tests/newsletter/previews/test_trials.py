"""A test goes to colleagues only, and nobody can take it for the real thing."""

import re

import pytest
from sqlalchemy import select

from newsletter import database, previews
from newsletter.models import Editor, Letter
from newsletter.previews import RecipientsError
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office


def _allowed(office: Office, text: str) -> list[str]:
    with database.reading(office.engine) as session:
        return previews.recipients(session, office.settings, text)


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("editor@example.org", ["editor@example.org"]),
        (
            "a@example.org, B@Example.ORG、a@example.org\nc@example.org",
            ["a@example.org", "B@example.org", "c@example.org"],
        ),
    ],
)
def test_colleagues_may_have_a_test(office: Office, text: str, addresses: list[str]) -> None:
    assert _allowed(office, text) == addresses


def test_an_editor_may_have_one_wherever_the_address_is(office: Office) -> None:
    with database.writing(office.engine) as session:
        session.add(Editor(email="Abroad@elsewhere.test", name="A", role="editor", created_at=office.now))

    assert _allowed(office, "abroad@elsewhere.test") == ["abroad@elsewhere.test"]


@pytest.mark.parametrize(
    ("text", "reason", "named"),
    [
        ("  ,\n", "none", ()),
        (" ".join(f"a{n}@example.org" for n in range(11)), "many", None),
        ("a@example.org reader@elsewhere.test", "strangers", ("reader@elsewhere.test",)),
        ("a@example.org.evil.test", "strangers", ("a@example.org.evil.test",)),
        ("example.org", "strangers", ("example.org",)),
        ("<b@elsewhere.test>@example.org", "strangers", ("<b@elsewhere.test>@example.org",)),
    ],
)
def test_nobody_else_may(office: Office, text: str, reason: str, named: tuple[str, ...] | None) -> None:
    with pytest.raises(RecipientsError) as raised:
        _allowed(office, text)

    assert raised.value.reason == reason
    assert named is None or raised.value.addresses == named


@pytest.mark.parametrize(("language", "mark"), [("en", "[Test] News"), ("ja", "【テスト】News")])
def test_a_test_is_marked_in_subject_text_and_body_and_is_else_the_mail_itself(
    office: Office, language: str, mark: str
) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.approved(session, office)
        (reader,) = previews.find(session, office.publication_id, "mei")
        edition = previews.fitting(session, office.settings, issue, reader).edition
        assert edition is not None
        copy = previews.copy(session, office.settings, issue, edition, reader, now=office.now)

        test = previews.written(office.settings, issue, copy, language=language, by="Hana <b>Mori</b>")
        sent = previews.send(session, test, ["a@example.org", "b@example.org"], now=office.now)

        letters = session.scalars(select(Letter).where(Letter.kind == "test").order_by(Letter.id)).all()
    assert sent == 2
    assert [letter.to_address for letter in letters] == ["a@example.org", "b@example.org"]
    assert {letter.subject for letter in letters} == {mark}
    assert test.text.startswith("*" * 24)
    assert test.text.endswith(copy.text)
    start, after = re.split(r"(?<=<body class=\"wash\") style=[^>]*>", copy.html)
    begin = copy.html[: -len(after)]
    assert start in begin
    assert test.html.startswith(begin)
    assert test.html.endswith(after)
    assert "&lt;b&gt;Mori" in test.html[len(begin) : -len(after)]
