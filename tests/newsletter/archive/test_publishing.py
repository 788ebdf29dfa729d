"""What is public follows the issue that was approved, and nothing else."""

from datetime import UTC, datetime, timedelta

from newsletter import archive, database
from newsletter.archive import shelf as shelves
from newsletter.archive import stories, views
from newsletter.content import Notice, StoryChoice, Text
from newsletter.models import PublishedStory, StoryWords
from tests.newsletter.archive import published, sample
from tests.newsletter.archive.conftest import OUT, Shelf

LATER = OUT + timedelta(days=2)
TODAY = OUT.date()


def test_publishing_again_dates_the_page_by_the_change_and_keeps_its_first_day(shelf: Shelf) -> None:
    with database.writing(shelf.engine) as session:
        issue = shelf.issue(session)
        before = archive.version(session, shelf.publication_id)
        archive.note(session, issue, "en", "The hall is 3, not 2.", now=LATER)
        first = archive.publish(session, shelf.settings, issue, "en", now=LATER)

        (entry,) = shelves.entries(session, shelf.publication_id, "en")
        after = archive.version(session, shelf.publication_id)

    assert not first
    assert (entry.published_at, entry.changed_at) == (OUT, LATER)
    assert entry.notes == ("The hall is 3, not 2.",)
    assert after > before


def test_a_story_told_again_unchanged_keeps_its_dates_and_moves_to_the_newer_issue(small: Shelf) -> None:
    with database.writing(small.engine) as session:
        second = published.add(session, small.settings, small.publication_id, number=13, stories=[sample.NOTICE])
        published.hold(session, second, [StoryChoice(story_id=1, revision=1)], LATER)
        archive.publish(session, small.settings, second, "en", now=LATER)
        page = stories.find(session, small.publication_id, "en", 1)

    assert page is not None
    assert page.told.updated_at == OUT
    assert page.home.number == 13


def test_a_story_taken_out_by_a_correction_is_public_no_more(shelf: Shelf) -> None:
    with database.writing(shelf.engine) as session:
        issue = shelf.issue(session)
        published.drop(session, issue, 3, LATER)
        archive.publish(session, shelf.settings, issue, "en", now=LATER)

        assert stories.find(session, shelf.publication_id, "en", 3) is None
        assert stories.find(session, shelf.publication_id, "ja", 3) is not None
        assert session.query(StoryWords).count() == session.query(PublishedStory).count()


def test_a_story_of_one_language_is_public_in_that_language_only(small: Shelf) -> None:
    told = Notice(only="ja", texts={"ja": Text(title="日本語だけ"), "en": Text(title="A left-over")})

    published.issue(
        small.engine,
        small.settings,
        small.publication_id,
        number=13,
        published={"en": LATER, "ja": LATER},
        stories=[told],
    )

    with database.reading(small.engine) as session:
        found = [row.language for row in session.query(PublishedStory).filter_by(title="日本語だけ")]
        assert found == ["ja"]
        assert not session.query(PublishedStory).filter_by(title="A left-over").count()


def test_a_corrections_own_issue_has_a_page_and_stands_in_no_list(small: Shelf) -> None:
    with database.writing(small.engine) as session:
        row = published.add(session, small.settings, small.publication_id, number=13, stories=[sample.NOTICE])
        row.kind, row.corrects_id = "correction", small.issue(session).id
        archive.publish(session, small.settings, row, "en", now=LATER)

    with database.reading(small.engine) as session:
        page = shelves.find(session, small.publication_id, "en", row.slug)
        listed = shelves.entries(session, small.publication_id, "en")

    assert page is not None
    assert not page.listed
    assert [entry.number for entry in listed] == [12]


def test_topics_are_listed_by_year_and_fairs_by_day(shelf: Shelf) -> None:
    with database.reading(shelf.engine) as session:
        told = stories.of_topic(session, shelf.publication_id, "en", "fairs")
        years = stories.years(session, shelf.publication_id, "en", "fairs")
        none = stories.of_topic(session, shelf.publication_id, "en", "fairs", year=2025)
        coming = stories.coming(session, shelf.publication_id, "en", TODAY)
        over = stories.coming(session, shelf.publication_id, "en", datetime(2027, 6, 1, tzinfo=UTC).date())

    assert {one.kind for one in told} == {"fair"}
    assert years == [2026]
    assert none == over == []
    days = [one.starts for one in coming]
    assert days == sorted(filter(None, days))


def test_views_are_summed_over_days_and_languages_apart(shelf: Shelf) -> None:
    path = f"/en/issues/{shelf.slug}/"
    with database.writing(shelf.engine) as session:
        views.add(session, {(TODAY, path): 2, (TODAY, "/en/"): 5})
    with database.writing(shelf.engine) as session:
        views.add(session, {(TODAY, path): 1, (LATER.date(), path): 4})

    with database.reading(shelf.engine) as session:
        found = views.of_issue(session, shelf.settings, shelf.issue(session))

    assert found == {"en": 7, "ja": 0}
