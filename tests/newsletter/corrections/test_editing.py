"""A post that is out is given the corrected words, by the program where it can and else by a person."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from newsletter import database
from newsletter.config import Settings
from newsletter.corrections import editing
from newsletter.corrections.purposes import number_of, purpose_of
from newsletter.models import Post
from newsletter.social import sentences
from newsletter.social.answers import Made
from newsletter.social.facebook import Client
from tests.newsletter import newsroom
from tests.newsletter.corrections import ground as lay
from tests.newsletter.corrections.ground import AFTER, NOTES, Ground
from tests.newsletter.sandbox.simulator import Simulator


@pytest.fixture(scope="module")
def running_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    simulator = Simulator(tmp_path_factory.mktemp("graph"))
    yield simulator
    simulator.stop()


@pytest.fixture
def page(running_simulator: Simulator) -> Simulator:
    running_simulator.control("reset", {})
    return running_simulator


@pytest.fixture
def ground(engine: Engine, settings: Settings, page: Simulator, now: datetime) -> Ground:
    """Return an issue half out whose English post is on the page, with a correction carried out."""
    connected = page.settings(settings, deadline_seconds=1.5)
    laid = lay.lay(newsroom.open_office(engine, connected, now))
    with database.reading(engine) as session:
        post = session.scalars(select(Post).where(Post.language == "en")).one()
    made = Client(connected.facebook).publish(post.text, "https://news.example.org/en/issues/1/")
    assert isinstance(made, Made)
    values = {"state": "published", "remote_id": made.remote_id, "permalink": made.permalink}
    with database.writing(engine) as session:
        session.execute(update(Post).where(Post.id == post.id).values(**values))
    lay.carry_out(laid, lay.approved(laid))
    return laid


def _edit(ground: Ground, at: datetime = AFTER) -> int:
    office = ground.office
    return editing.edit_due(office.engine, office.settings, Client(office.settings.facebook), now=lambda: at)


def _request(ground: Ground) -> Post:
    with database.reading(ground.office.engine) as session:
        return session.scalars(select(Post).where(Post.purpose == "correction")).one()


def test_the_post_says_the_corrected_words_and_stays_one(ground: Ground, page: Simulator) -> None:
    (before,) = page.visible()
    assert (_request(ground).state, sentences.of(_request(ground), "en")[:25]) == (
        "editing",
        "Facebook is being asked t",
    )

    assert (_edit(ground), _edit(ground)) == (1, 0)

    (after,) = page.visible()
    assert after["id"] == before["id"]
    assert before["message"] != after["message"]
    with database.reading(ground.office.engine) as session:
        texts = set(session.scalars(select(Post.text).where(Post.language == "en")))
    assert texts == {after["message"]}
    assert (_request(ground).state, _request(ground).reason) == ("published", "edited")


@pytest.mark.parametrize("do", ["close_after_store", "close_before", "html_502_after_store"])
def test_an_answer_that_is_lost_is_asked_for_again_and_makes_no_post(ground: Ground, page: Simulator, do: str) -> None:
    page.fault(do, path=f"/{_request(ground).remote_id}")

    assert _edit(ground) == 0
    assert _request(ground).state == "editing"
    assert _edit(ground) == 0  # not before its time
    assert _edit(ground, AFTER + timedelta(minutes=2)) == 1

    assert len(page.visible()) == 1
    assert page.visible()[0]["message"] == _request(ground).text


def test_what_facebook_refuses_is_asked_of_a_person_with_the_words_to_post(ground: Ground, page: Simulator) -> None:
    page.fault("error", path=f"/{_request(ground).remote_id}", code=200)

    assert _edit(ground) == 0

    request = _request(ground)
    assert (request.state, request.reason, request.remote_id) == ("by_hand", "edit_refused", None)
    assert NOTES["en"] in request.text
    assert _edit(ground, AFTER + timedelta(days=1)) == 0


def test_after_five_tries_a_person_is_asked(ground: Ground, page: Simulator) -> None:
    for number in range(1, 6):
        page.fault("html_502_before", path=f"/{_request(ground).remote_id}", nth=1)
        assert _edit(ground, AFTER + timedelta(hours=2 * number)) == 0

    assert _request(ground).state == "by_hand"


def test_each_correction_of_an_issue_has_a_request_of_its_own() -> None:
    assert [purpose_of(number) for number in (1, 2, 13)] == ["correction", "correction-2", "correction-13"]
    assert [number_of(purpose_of(number)) for number in (1, 2, 13)] == [1, 2, 13]
