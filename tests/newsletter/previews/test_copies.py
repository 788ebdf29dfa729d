"""What a preview shows is what that reader gets: the same edition, built by the same code."""

import json
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import database, issues, previews
from newsletter.content import Audience
from newsletter.keys import Keys
from newsletter.models import Edition, Issue
from newsletter.previews import Copy, Picked, Reader
from subscribers import tokens
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office


def _see(session: Session, office: Office, issue: Issue, number: int) -> tuple[Reader, Picked]:
    (reader,) = previews.find(session, office.publication_id, f"reader{number}@")
    return reader, previews.fitting(session, office.settings, issue, reader)


def _copy(session: Session, office: Office, issue: Issue, number: int) -> Copy:
    reader, picked = _see(session, office, issue, number)
    assert picked.edition is not None
    return previews.copy(session, office.settings, issue, picked.edition, reader, now=office.now)


def _stories(picked: Picked) -> list[int]:
    return json.loads(picked.edition.stories) if picked.edition else []


def test_a_draft_is_cut_for_the_reader_without_storing_anything(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office)

        fairs, industry = (_copy(session, office, issue, number) for number in (1, 2))

        assert session.scalars(select(Edition)).all() == []
    assert "FIT" in fairs.text
    assert "Seminar" not in fairs.text
    assert "セミナー" in industry.text
    assert "FITフェア" not in industry.text


def test_a_reader_of_both_languages_sees_both_their_own_first(office: Office) -> None:
    with database.writing(office.engine) as session:
        seen = _copy(session, office, newsroom.draft(session, office), 3)

    assert seen.language == "en+ja"
    assert seen.leading == "en"
    assert seen.html.index("FIT") < seen.html.index("FITフェア")


def test_of_a_frozen_issue_the_frozen_edition_is_shown(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.approved(session, office)
        reader, picked = _see(session, office, issue, 1)
        assert picked.edition is not None
        assert picked.edition.id is not None

        seen = previews.copy(session, office.settings, issue, picked.edition, reader, now=office.now)

        assert seen.subject == picked.edition.subject
        assert len(_stories(picked)) == 2


@pytest.mark.parametrize(
    ("number", "audience", "state", "reason"),
    [
        (4, Audience(), "active", ""),  # the notice goes to everybody
        (1, Audience(languages=("ja",)), "active", "not_meant"),
        (1, Audience(topics=("food",)), "active", "not_meant"),
        (1, Audience(), "paused", "inactive"),
    ],
)
def test_who_gets_nothing_is_told_why(office: Office, number: int, audience: Audience, state: str, reason: str) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office)
        content = issues.content(session, issue).model_copy(update={"audience": audience})
        issues.save(session, issue, content, base=issue.head, editor_id=None, now=office.now)
        (reader,) = previews.find(session, office.publication_id, f"reader{number}@")
        asked = Reader(**{**vars(reader), "state": state})

        picked = previews.fitting(session, office.settings, issue, asked)

    assert picked.reason == reason
    assert (picked.edition is None) is bool(reason)


def test_an_issue_of_other_topics_holds_nothing_for_a_reader(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office, [newsroom.SEMINAR])

        _, picked = _see(session, office, issue, 1)

    assert picked == Picked(None, "nothing")


def test_the_message_is_whole_and_its_links_open_nothing(office: Office, keys: Keys) -> None:
    with database.writing(office.engine) as session:
        reader, _ = _see(session, office, issue := newsroom.approved(session, office), 1)
        seen = _copy(session, office, issue, 1)

    message = message_from_bytes(seen.raw, policy=policy.default)
    fields = dict(seen.headers)
    real = tokens.unsubscribe_token(keys.unsubscribe, reader.subscription_id)
    assert message["To"].addresses[0].addr_spec == "reader1@example.org"
    assert fields["To"] == "Tan Mei Ling <reader1@example.org>"
    assert fields["Subject"] == "News"
    assert "Tan Mei Ling" in seen.html
    assert real not in seen.raw.decode()
    assert tokens.read_unsubscribe(keys.unsubscribe, fields["List-Unsubscribe"].split("/u/")[1].split(">")[0]) is None
