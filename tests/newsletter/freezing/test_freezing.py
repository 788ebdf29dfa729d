"""Freezing makes the editions the audience needs, and tells everything by one hash."""

import json
from datetime import datetime

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from newsletter import database, freezing, issues
from newsletter.choosing import Choice
from newsletter.config import Settings
from newsletter.errors import StaleError, StateError
from newsletter.models import ArchivePage, Edition, Issue, Link, Post
from subscribers.audience import Group
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office


@pytest.fixture
def office(engine: Engine, settings: Settings, now: datetime) -> Office:
    return newsroom.open_office(engine, settings, now)


def _editions(session: Session, issue: Issue) -> list[tuple[str, list[int]]]:
    return [(row.language, json.loads(row.stories)) for row in freezing.of_issue(session, issue)]


def test_one_edition_is_made_for_each_combination_that_occurs(office: Office) -> None:
    with database.writing(office.engine) as session:
        for number, (language, topics, interests) in enumerate(
            [
                ("en", ["fairs"], []),
                ("en", ["fairs", "food"], []),
                ("en", ["fairs", "industry"], ["SG"]),
                ("en", ["fairs", "industry"], []),
                ("ja", ["food"], []),
            ]
        ):
            newsroom.reader(session, office, number, language=language, topics=topics, interests=interests)
        issue = newsroom.draft(session, office)
        fair, seminar, notice = (choice.story_id for choice in issues.content(session, issue).stories)

        freezing.freeze(session, office.settings, issue, now=office.now)

        assert _editions(session, issue) == [
            ("en", [fair, seminar, notice]),
            ("en", [fair, notice]),
            ("en", [seminar, notice]),
            ("ja", [fair, seminar, notice]),
            ("ja", [notice]),
        ]


def test_an_edition_holds_its_stories_and_no_others(office: Office) -> None:
    with database.writing(office.engine) as session:
        newsroom.reader(session, office, 1, topics=["industry"])
        issue = newsroom.draft(session, office)
        freezing.freeze(session, office.settings, issue, now=office.now)
        full, part, _ = freezing.of_issue(session, issue)

    assert "Bangkok" in full.html
    assert "Bangkok" not in part.html + part.text
    assert "Seminar" in part.html
    assert "Seminar" in part.text


def test_whoever_gets_nothing_needs_no_edition() -> None:
    choices = [Choice(1, 0b1, 0), Choice(2, 0b10, 0)]

    found = freezing.combinations(choices, [Group("en", 0b100, 0, 7), Group("en", 0b10, 0, 1)], "en")

    assert found == [(1, 2), (2,)]


def test_pages_and_posts_are_frozen_and_not_yet_public(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office)
        freezing.freeze(session, office.settings, issue, now=office.now)

        pages = {page.language: page for page in session.scalars(select(ArchivePage))}
        posts = {post.language: post for post in session.scalars(select(Post))}
        assert {language: page.title for language, page in pages.items()} == {"en": "News", "ja": "おたより"}
        assert {page.published_at for page in pages.values()} == {None}
        assert set(posts) == {"en", "ja"}
        post = posts["ja"]
        assert (post.state, post.page, post.purpose, post.marker) == ("frozen", "by-hand", "announcement", issue.slug)
        assert post.link.endswith(f"/ja/issues/{issue.slug}/")
        assert post.link in post.text


def test_freezing_again_replaces_what_was_frozen_before(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office)
        before = freezing.freeze(session, office.settings, issue, now=office.now)
        content = issues.content(session, issue)
        texts = {language: text.model_copy(update={"subject": "新しい"}) for language, text in content.texts.items()}
        changed = content.model_copy(update={"texts": texts})
        issues.save(session, issue, changed, base=1, editor_id=None, now=office.now)

        after = freezing.freeze(session, office.settings, issue, now=office.now)

        assert after != before
        assert issue.frozen_hash == after
        assert {(row.revision, row.subject) for row in session.scalars(select(Edition))} == {(2, "新しい")}
        assert set(session.scalars(select(ArchivePage.title))) == {"新しい"}
        assert len(session.scalars(select(Post)).all()) == 2


@pytest.mark.parametrize(
    "change",
    [
        update(Edition).values(html=Edition.html + "."),
        update(ArchivePage).values(body=ArchivePage.body + "."),
        update(Post).values(text="Something else"),
        update(Post).values(link="https://elsewhere.example.org/"),
        update(Link).values(target="https://elsewhere.example.org/"),
    ],
)
def test_the_hash_changes_with_anything_that_is_stored(office: Office, change: object) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office)
        frozen = freezing.freeze(session, office.settings, issue, now=office.now)
        assert freezing.digest(session, office.settings, issue) == frozen

        session.execute(change)  # type: ignore[call-overload]  # each is an update
        session.expire_all()

        assert freezing.digest(session, office.settings, issue) != frozen


def test_the_hash_covers_the_sender(office: Office) -> None:
    publication = office.settings.publication.model_copy(update={"from_address": "other@example.org"})
    other = office.settings.model_copy(update={"publication": publication})

    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office)
        frozen = freezing.freeze(session, office.settings, issue, now=office.now)

        assert freezing.digest(session, other, issue) != frozen


def test_what_was_rendered_before_a_save_is_not_stored(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office)
        rendered = freezing.render(session, office.settings, issue)
        shorter = issues.content(session, issue).model_copy(update={"stories": ()})
        issues.save(session, issue, shorter, base=1, editor_id=None, now=office.now)

        with pytest.raises(StaleError):
            freezing.store(session, office.settings, issue, rendered, now=office.now)

        assert session.scalars(select(Edition)).all() == []


def test_nothing_is_frozen_again_once_a_part_was_released(office: Office) -> None:
    with database.writing(office.engine) as session:
        issue = newsroom.scheduled(session, office)
        issue.state = "sending"
        session.flush()

        with pytest.raises(StateError, match="cannot be frozen again"):
            freezing.freeze(session, office.settings, issue, now=office.now)
