"""The way of a post from release to the page, and by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update

from newsletter import database
from newsletter.config import Settings
from newsletter.errors import PermalinkError, StaleError, StateError
from newsletter.models import ArchivePage, Audit, Issue, Post
from newsletter.social import posts, sentences
from newsletter.social.facebook import Client
from tests.newsletter.sandbox.simulator import Simulator
from tests.newsletter.social.conftest import Office, link

PERMALINK = "https://www.facebook.com/jclair/posts/pfbid02abc"


def test_a_released_post_goes_to_the_page_once(office: Office, simulator: Simulator) -> None:
    office.plan()

    published = [office.publish(), office.publish()]

    post, shown = office.post(), simulator.visible()
    assert published == [1, 0]
    assert [(one["message"], one["link"]) for one in shown] == [(post.text, post.link)]
    assert (post.state, post.remote_id, post.permalink) == ("published", shown[0]["id"], shown[0]["permalink"])
    assert post.published_at == office.clock.time
    assert [(one.outcome, one.sent_at, one.remote_id) for one in office.attempts()] == [
        ("published", office.clock.time, shown[0]["id"])
    ]


def test_each_language_is_a_post_of_its_own(office: Office, simulator: Simulator) -> None:
    office.plan("en")
    office.plan("ja")

    assert office.publish() == 2
    assert {post["link"] for post in simulator.visible()} == {link("en"), link("ja")}


def test_what_is_frozen_or_not_due_stays(office: Office, simulator: Simulator) -> None:
    assert office.publish() == 0

    office.plan()
    office.clock.advance(seconds=-1)
    assert office.publish() == 0
    assert simulator.calls() == []


def test_nothing_is_posted_before_the_archive_page_is_public(office: Office, simulator: Simulator) -> None:
    office.plan()
    with database.writing(office.engine) as session:
        session.execute(update(ArchivePage).values(published_at=None))

    assert office.publish() == 0
    assert simulator.calls() == []

    with database.writing(office.engine) as session:
        session.execute(update(ArchivePage).values(published_at=office.clock()))
    assert office.publish() == 1


def test_a_paused_issue_posts_nothing_until_it_is_resumed(office: Office, simulator: Simulator) -> None:
    office.plan()
    with database.writing(office.engine) as session:
        session.execute(update(Issue).values(paused_at=office.clock()))

    assert office.publish() == 0
    assert simulator.calls() == []

    with database.writing(office.engine) as session:
        session.execute(update(Issue).values(paused_at=None))
    assert office.publish() == 1


def test_a_page_that_cannot_be_reached_is_tried_again_and_then_a_person_is_asked(
    office: Office, simulator: Simulator
) -> None:
    office.settings = simulator.settings(office.settings, graph_base="http://127.0.0.1:1")
    office.client = Client(office.settings.facebook)
    office.plan()
    waits = []

    while office.post().state in ("planned", "waiting"):
        office.publish()
        waits.append((office.post().due_at or office.clock()) - office.clock())
        office.clock.time = office.post().due_at or office.clock()

    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 0)]
    assert office.post().state == "failed"
    assert "could not be reached" in sentences.of(office.post(), "en")
    assert "接続できず" in sentences.of(office.post(), "ja")


def test_the_page_is_back_and_the_post_goes_out(office: Office, simulator: Simulator) -> None:
    connected = office.settings, office.client
    office.settings = simulator.settings(office.settings, graph_base="http://127.0.0.1:1")
    office.client = Client(office.settings.facebook)
    office.plan()
    office.publish()

    office.settings, office.client = connected
    office.clock.advance(minutes=1)

    assert office.publish() == 1
    assert len(simulator.visible()) == 1


def test_a_throttled_page_is_left_alone_also_by_the_other_posts(office: Office, simulator: Simulator) -> None:
    simulator.fault("error", code=80001)
    office.plan("en")
    office.plan("ja")

    office.publish()
    office.clock.advance(minutes=59)
    office.publish()

    assert len(simulator.calls()) == 1
    assert office.post("ja").state == "planned"
    office.clock.advance(minutes=1)
    assert office.publish() == 2


def test_a_dead_token_stops_the_page_and_a_new_one_starts_it(office: Office, simulator: Simulator) -> None:
    simulator.control("profile", {"page_token": "password_changed"})
    office.plan("en")
    office.plan("ja")
    office.publish()

    assert office.post().state == "waiting"
    assert "password" in sentences.of(office.post(), "en")
    assert len(simulator.calls()) == 1

    simulator.control("profile", {"page_token": "valid"})
    office.clock.advance(hours=1)
    assert office.publish() == 2


def test_a_reconnected_page_need_not_wait(office: Office, simulator: Simulator) -> None:
    simulator.control("profile", {"page_token": "expired"})
    office.plan()
    office.publish()
    simulator.control("profile", {"page_token": "valid"})

    office.answer("send_again")

    assert office.publish() == 1


def test_a_refusal_is_told_in_a_sentence_with_facebooks_own_words(office: Office, simulator: Simulator) -> None:
    simulator.fault("error", code=100, message="(#100) Something about the text")
    office.plan()

    office.publish()

    post = office.post()
    assert (post.state, post.note) == ("failed", sentences.of(post, "en"))
    assert post.detail == "(#100) Something about the text"
    assert [(one.code, one.http_status) for one in office.attempts()] == [(100, 400)]


def test_no_secret_is_written_to_the_database(office: Office, simulator: Simulator, settings: Settings) -> None:
    secrets = (simulator.ready["token"], simulator.ready["app_secret"])
    simulator.fault("error", code=100, message=f"Cannot use {' and '.join(secrets)} here")
    office.plan()
    office.publish()
    office.engine.dispose()

    kept = b"".join(file.read_bytes() for file in settings.data_folder.glob("newsletter.sqlite*"))

    assert b"Cannot use [secret] and [secret] here" in kept
    assert not any(secret.encode() in kept for secret in secrets)


def test_without_a_page_posts_are_made_by_hand(
    engine: Engine, settings: Settings, office: Office, simulator: Simulator
) -> None:
    office.settings = settings
    office.plan()

    office.publish()
    post = office.post()
    with database.writing(engine) as session:
        found = session.get_one(Post, post.id)
        posts.record_by_hand(session, found, f" {PERMALINK} ", editor_id=None, now=office.clock())

    assert (post.state, post.page) == ("by_hand", "by-hand")
    assert simulator.calls() == []
    assert (office.post().state, office.post().permalink) == ("published", PERMALINK)
    with database.reading(engine) as session:
        assert session.query(Audit.action).all() == [("post.by_hand",)]


def test_a_post_for_a_page_that_is_gone_is_handed_to_a_person(office: Office, settings: Settings) -> None:
    office.plan()
    office.settings = settings

    office.publish()

    assert (office.post().state, office.post().reason) == ("by_hand", "other_page")


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "posted!",
        "www.facebook.com/jclair/posts/1",
        "http://www.facebook.com/jclair/posts/1",
        "https://facebook.com.example.org/posts/1",
        "https://notfacebook.com/posts/1",
        "https://www.facebook.com/",
        "https://www.facebook.com@example.org/posts/1",
        "https://someone@www.facebook.com/posts/1",
        "https://www.facebook.com/a b",
        "https://www.facebook.com:x/posts/1",
        "javascript:alert(1)",
        "https://[/posts/1",
        f"https://www.facebook.com/{'a' * 2000}",
    ],
)
def test_an_address_that_is_no_posts_is_refused_with_a_sentence(nonsense: str, office: Office) -> None:
    office.plan()
    with database.writing(office.engine) as session:
        session.execute(update(Post).values(state="by_hand"))
        post = session.get_one(Post, office.post().id, populate_existing=True)

        with pytest.raises(PermalinkError, match=r"\.$"):
            posts.record_by_hand(session, post, nonsense, editor_id=None, now=office.clock())

    assert office.post().state == "by_hand"


def test_the_simulated_page_counts_as_a_page_only_where_it_is_the_one_in_the_settings(office: Office) -> None:
    address = f"{office.settings.facebook.graph_base}/100000000000001/posts/1"
    with database.writing(office.engine) as session:
        session.execute(update(Post).values(state="by_hand"))
        post = session.get_one(Post, office.post().id)
        with pytest.raises(PermalinkError):
            posts.record_by_hand(session, post, address, editor_id=None, now=office.clock())
        posts.record_by_hand(session, post, address, editor_id=None, now=office.clock(), settings=office.settings)

    assert office.post().permalink == address


def test_only_a_post_by_hand_is_closed_by_hand_and_only_once(office: Office) -> None:
    with database.writing(office.engine) as session:
        session.execute(update(Post).values(state="by_hand"))
    with database.reading(office.engine) as before, database.writing(office.engine) as session:
        stale = before.get_one(Post, office.post().id)
        post = session.get_one(Post, stale.id)
        posts.record_by_hand(session, post, PERMALINK, editor_id=None, now=office.clock())

        with pytest.raises(StateError):
            posts.record_by_hand(session, post, PERMALINK, editor_id=None, now=office.clock())
        with pytest.raises(StaleError):
            posts.record_by_hand(session, stale, PERMALINK, editor_id=None, now=office.clock())


def test_an_idle_tick_takes_no_write_lock(office: Office) -> None:
    with database.writing(office.engine) as writer:
        writer.execute(update(Issue).values(number=2))

        assert office.publish() == 0  # a second writer would wait half a minute and fail
