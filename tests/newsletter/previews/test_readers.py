"""Readers are found by a part of their name or address, and only those of the publication."""

import pytest

from newsletter import database, previews
from newsletter.errors import NotFoundError
from newsletter.previews import readers
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office


@pytest.mark.parametrize(("text", "number"), [("mei l", 1), ("山田", 2), ("READER3@", 3), (" reader4 ", 4)])
def test_a_reader_is_found_by_a_part_of_name_or_address(office: Office, text: str, number: int) -> None:
    with database.reading(office.engine) as session:
        (found,) = previews.find(session, office.publication_id, text)

    assert found.email == f"reader{number}@example.org"


@pytest.mark.parametrize("text", ["", "  ", "%", "_", "nobody"])
def test_nothing_typed_and_wildcards_find_nobody(office: Office, text: str) -> None:
    with database.reading(office.engine) as session:
        assert previews.find(session, office.publication_id, text) == []


def test_a_search_shows_a_dozen_at_most(office: Office) -> None:
    with database.writing(office.engine) as session:
        for number in range(10, 30):
            newsroom.reader(session, office, number)

    with database.reading(office.engine) as session:
        assert len(previews.find(session, office.publication_id, "example.org")) == readers.MOST


def test_an_erased_reader_is_neither_found_nor_shown(office: Office) -> None:
    with database.writing(office.engine) as session:
        (found,) = previews.find(session, office.publication_id, "mei")
        person = newsroom.reader(session, office, 9).subscriber
        person.email = None
        gone = person.subscriptions[0].id

    with database.reading(office.engine) as session:
        assert previews.get(session, office.publication_id, found.subscription_id) == found
        with pytest.raises(NotFoundError):
            previews.get(session, office.publication_id, gone)
        with pytest.raises(NotFoundError):
            previews.get(session, office.publication_id + 1, found.subscription_id)
