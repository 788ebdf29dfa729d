"""Readers of both languages get editions of their own, where there are such readers."""

import json
from datetime import datetime

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from newsletter import database, freezing, issues
from newsletter.config import Settings
from newsletter.content import Audience, Notice, Text
from newsletter.errors import InvalidContentError
from newsletter.models import Edition, Issue
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office

ONLY_JAPANESE = Notice(only="ja", texts={"ja": Text(title="日本語だけ")})


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(engine, settings, now)


def reads(session: Session, office: Office, number: int, own: str, second: str, *topics: str) -> None:
    reader = newsroom.reader(session, office, number, language=own, topics=topics)
    reader.subscriber.second_language = second
    session.flush()


def frozen(session: Session, office: Office, issue: Issue) -> dict[str, list[Edition]]:
    found: dict[str, list[Edition]] = {}
    for edition in freezing.render(session, office.settings, issue).editions:
        found.setdefault(edition.language, []).append(edition)
    return found


def test_editions_in_both_languages_are_made_for_those_who_read_both_and_in_their_order(office: Office) -> None:
    with database.writing(office.engine) as session:
        reads(session, office, 1, "ja", "en", "fairs")
        issue = newsroom.draft(session, office)
        fair, seminar, notice = (choice.story_id for choice in issues.content(session, issue).stories)

        made = frozen(session, office, issue)

    assert {language: [json.loads(one.stories) for one in found] for language, found in made.items()} == {
        "en": [[fair, seminar, notice]],
        "ja": [[fair, seminar, notice]],
        "ja+en": [[fair, notice]],
    }
    both = made["ja+en"][0]
    assert both.subject == "おたより"


def test_a_story_told_in_one_language_is_in_no_other(office: Office) -> None:
    with database.writing(office.engine) as session:
        reads(session, office, 1, "en", "ja")
        issue = newsroom.draft(session, office, [newsroom.NOTICE, ONLY_JAPANESE])
        notice, japanese = (choice.story_id for choice in issues.content(session, issue).stories)

        made = frozen(session, office, issue)

    assert {language: [json.loads(one.stories) for one in found] for language, found in made.items()} == {
        "en": [[notice]],
        "ja": [[notice, japanese]],
        "en+ja": [[notice, japanese]],
    }
    assert "日本語だけ" not in made["en"][0].html + made["en"][0].text


def test_readers_of_both_get_no_empty_half(office: Office) -> None:
    with database.writing(office.engine) as session:
        reads(session, office, 1, "en", "ja")
        issue = newsroom.draft(session, office, [newsroom.FAIR, ONLY_JAPANESE])
        japanese = issues.content(session, issue).stories[1].story_id

        (both,) = frozen(session, office, issue)["en+ja"]

    assert both.subject == "おたより"
    assert json.loads(both.stories) == [japanese]
    assert "FIT" not in both.text


def test_a_missing_translation_is_refused_and_nothing_falls_back(office: Office) -> None:
    unfinished = Notice(texts={"en": Text(title="A notice")})
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office, [unfinished])

        with pytest.raises(InvalidContentError, match="has no words in ja"):
            freezing.render(session, office.settings, issue)


def test_an_issue_for_some_readers_makes_editions_for_them_only(office: Office) -> None:
    with database.writing(office.engine) as session:
        reads(session, office, 1, "en", "", "fairs")
        reads(session, office, 2, "ja", "en", "industry")
        issue = newsroom.draft(session, office)
        content = issues.content(session, issue).model_copy(update={"audience": Audience(languages=("ja",))})
        issues.save(session, issue, content, base=1, editor_id=None, now=office.now)

        made = frozen(session, office, issue)

    assert {language: len(found) for language, found in made.items()} == {"en": 1, "ja": 2}
