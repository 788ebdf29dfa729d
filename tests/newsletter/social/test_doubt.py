"""At most one visible post: lost answers, kills, two publishers, lists that do not show the post, and people."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update

from newsletter import database
from newsletter.config import Settings
from newsletter.errors import PermalinkError, StateError
from newsletter.models import Post
from newsletter.social import outbox, posts, sentences
from newsletter.social.sending import Sender
from newsletter.social.verdicts import Verdict
from tests.newsletter.sandbox.simulator import Simulator
from tests.newsletter.social.conftest import Office, link, open_office

LOST_AFTER_STORE: list[tuple[str, dict[str, Any]]] = [
    ("close_after_store", {}),
    ("reset_after_store", {}),
    ("hang_after_store", {"seconds": 0.2}),
    ("cut_json_after_store", {}),
    ("html_502_after_store", {}),
    ("error_after_store", {"code": 1}),
    ("error_after_store", {"code": 2, "http": 500, "is_transient": True}),
    ("error_after_store", {"code": 100, "message": "Unsupported post request."}),
    ("error_after_store", {"code": 4, "subcode": 2207051}),
    ("error_after_store", {"code": 368, "subcode": 1404082}),
    ("error_after_store", {"code": 98765}),
]


@pytest.mark.parametrize(("do", "spec"), LOST_AFTER_STORE)
def test_a_lost_success_is_found_on_the_page_and_not_sent_again(
    do: str, spec: dict[str, Any], office: Office, simulator: Simulator
) -> None:
    simulator.fault(do, **spec)
    office.plan()

    published = office.publish()

    assert published == 1
    assert (office.post().state, office.post().reason) == ("published", "found_on_page")
    assert office.post().remote_id == simulator.visible()[0]["id"]
    assert len(simulator.calls()) == len(simulator.visible()) == 1


@pytest.mark.parametrize("do", ["close_before", "html_502_before", "204", "redirect"])
def test_a_lost_failure_stays_in_doubt_and_ends_with_a_person(do: str, office: Office, simulator: Simulator) -> None:
    simulator.fault(do)
    office.plan()
    due = []

    while office.post().state in ("planned", "in_doubt"):
        office.publish()
        due.append(office.clock.time)
        office.clock.time = office.post().due_at or office.clock.time

    assert [(at - due[0]).total_seconds() for at in due] == [0, 30, 120, 300, 900]
    assert (office.post().state, office.post().reads) == ("needs_person", 5)
    assert "will not send again unless you say so" in sentences.of(office.post(), "en")
    for _ in range(3):
        office.clock.advance(hours=24)
        office.publish()
    assert len(simulator.calls()) == 1


@pytest.mark.parametrize("hidden", [{"do": "list_hide"}, {"do": "list_lag", "seconds": 10_000}])
def test_a_post_that_the_list_hides_is_never_sent_again_by_itself(
    hidden: dict[str, Any], office: Office, simulator: Simulator
) -> None:
    simulator.fault("close_after_store")
    simulator.fault(**hidden)
    office.plan()

    for _ in range(8):
        office.publish()
        office.clock.advance(hours=1)

    assert office.post().state == "needs_person"
    assert len(simulator.calls()) == len(simulator.visible()) == 1


def test_a_post_that_the_list_shows_late_is_found(office: Office, simulator: Simulator) -> None:
    simulator.fault("reset_after_store")
    simulator.fault("list_lag", seconds=60)
    office.plan()
    office.publish()
    assert office.post().state == "in_doubt"

    simulator.control("clock", {"advance": 61})
    office.clock.advance(seconds=61)

    assert office.publish() == 1
    assert len(simulator.visible()) == 1


def test_sending_again_though_it_is_there_is_told_by_facebook_and_makes_no_second_post(
    office: Office, simulator: Simulator
) -> None:
    simulator.fault("close_after_store")
    simulator.fault("list_hide")
    office.plan()
    for _ in range(6):
        office.publish()
        office.clock.advance(hours=1)

    office.answer("send_again")  # a person who did not look well
    office.publish()

    assert [call["status"] for call in simulator.calls()] == [200, 400]
    assert (office.post().state, office.attempts()[-1].code) == ("in_doubt", 506)
    assert len(simulator.visible()) == 1


def test_a_duplicate_is_taken_for_our_own_lost_success(office: Office, simulator: Simulator) -> None:
    office.client.publish(office.post().text, office.post().link)  # an attempt whose every trace was lost
    office.plan()

    assert office.publish() == 1
    assert (office.post().state, office.attempts()[-1].code) == ("published", 506)
    assert len(simulator.visible()) == 1


def test_the_page_is_read_before_a_second_attempt(office: Office, simulator: Simulator) -> None:
    simulator.fault("close_after_store")
    simulator.fault("list_lag", seconds=900)
    office.plan()
    office.publish()
    office.clock.advance(minutes=20)
    office.answer("send_again")
    simulator.control("clock", {"advance": 901})

    assert office.publish() == 1
    assert len(simulator.calls()) == len(simulator.visible()) == 1


def test_what_is_in_doubt_is_sent_again_at_the_earliest_after_a_quarter_of_an_hour(
    office: Office, simulator: Simulator
) -> None:
    simulator.fault("close_before")
    office.plan()
    office.publish()

    office.clock.advance(minutes=14)
    with pytest.raises(StateError, match="in 1 minutes"):
        office.answer("send_again")
    office.clock.advance(minutes=1)
    office.answer("send_again")

    assert office.publish() == 1
    assert len(simulator.visible()) == 1


def test_a_person_may_say_that_it_is_there(office: Office, simulator: Simulator) -> None:
    simulator.fault("close_before")
    office.plan()
    office.publish()

    with pytest.raises(PermalinkError):
        office.answer("there", permalink="it is")
    office.answer("there", permalink="https://www.facebook.com/jclair/posts/1")

    assert (office.post().state, office.post().permalink) == ("published", "https://www.facebook.com/jclair/posts/1")
    office.clock.advance(hours=1)
    assert office.publish() == 0


def test_a_person_may_leave_it(office: Office, simulator: Simulator) -> None:
    simulator.fault("close_before")
    office.plan()
    office.publish()

    office.answer("leave")
    office.clock.advance(hours=1)
    office.publish()

    assert office.post().state == "cancelled"
    assert len(simulator.calls()) == 1
    with pytest.raises(StateError):
        office.answer("send_again")


def test_a_throttled_post_is_not_hurried(office: Office, simulator: Simulator) -> None:
    simulator.fault("error", code=80001)
    office.plan()
    office.publish()

    with pytest.raises(StateError, match="in 60 minutes"):
        office.answer("send_again")


def test_a_token_that_dies_in_doubt_pauses_the_reads_and_resolves_nothing(office: Office, simulator: Simulator) -> None:
    simulator.fault("close_after_store")
    simulator.fault("error", method="GET", path="/published_posts", code=190, subcode=460)
    office.plan()
    office.publish()

    office.clock.advance(minutes=59)
    office.publish()
    assert (office.post().state, office.post().reads) == ("in_doubt", 0)
    assert len(simulator.calls("GET", "/published_posts")) == 1

    office.clock.advance(minutes=1)
    assert office.publish() == 1


def test_a_read_that_fails_is_not_counted(office: Office, simulator: Simulator) -> None:
    simulator.fault("close_after_store")
    simulator.fault("html_502_before", method="GET", path="/published_posts", times=7)
    office.plan()

    for _ in range(7):
        office.publish()
        office.clock.advance(minutes=1)

    assert (office.post().state, office.post().reads) == ("in_doubt", 0)
    assert office.publish() == 1


def test_two_posts_on_the_page_are_shown_to_a_person(office: Office, simulator: Simulator) -> None:
    first = office.client.publish(office.post().text, link("en"))
    second = office.client.publish(f"{office.post().text} ", link("en"))
    simulator.fault("close_before")
    office.plan()

    office.publish()

    post = office.post()
    assert (post.state, post.reason) == ("published", "found_twice")
    assert post.detail is not None
    assert {one["permalink"] for one in simulator.visible()} == set(post.detail.split("\n"))
    assert post.remote_id == getattr(first, "remote_id", None)
    assert getattr(second, "permalink", "") in post.detail


def test_an_answer_that_comes_after_the_lease_is_recorded_and_wins(office: Office, simulator: Simulator) -> None:
    office.plan()
    with database.writing(office.engine) as session:
        held = outbox.claim(session, office.settings.facebook, now=office.clock())
    assert held is not None
    answer = office.client.publish(held.text, held.link)
    office.clock.advance(minutes=6)
    simulator.fault("list_hide", method="GET", path="/published_posts", times=-1)
    office.publish()
    assert office.post().state == "in_doubt"

    with database.writing(office.engine) as session:
        won = outbox.settle(
            session,
            held,
            Verdict("published", "published"),
            answer=answer,
            sent_at=None,
            now=office.clock(),
        )

    assert won
    assert office.post().remote_id == simulator.visible()[0]["id"]


def test_a_publisher_that_slept_past_its_deadline_sends_nothing(office: Office, simulator: Simulator) -> None:
    office.plan()
    with database.writing(office.engine) as session:
        held = outbox.claim(session, office.settings.facebook, now=office.clock())
    assert held is not None

    office.clock.advance(seconds=86)
    Sender(office.engine, office.client, office.clock).send(held)

    assert simulator.calls() == []
    assert (office.post().state, office.post().reason) == ("waiting", "put_off")


def test_a_publisher_that_lost_its_claim_while_it_slept_sends_nothing(office: Office, simulator: Simulator) -> None:
    office.plan()
    with database.writing(office.engine) as session:
        held = outbox.claim(session, office.settings.facebook, now=office.clock())
        assert held is not None
        session.execute(update(Post).values(state="needs_person", version=Post.version + 1))

    Sender(office.engine, office.client, office.clock).send(held)

    assert simulator.calls() == []
    assert office.post().state == "needs_person"


def test_a_claim_whose_lease_is_over_is_in_doubt_and_never_planned(office: Office, simulator: Simulator) -> None:
    office.plan()
    with database.writing(office.engine) as session:
        outbox.claim(session, office.settings.facebook, now=office.clock())

    with database.writing(office.engine) as session:
        early = posts.recover(session, office.clock())
        office.clock.advance(seconds=301)
        late = posts.recover(session, office.clock())

    assert (early, late) == (0, 1)
    assert (office.post().state, office.post().reason) == ("in_doubt", "interrupted")
    assert simulator.calls() == []


@pytest.mark.parametrize(
    ("do", "hidden"),
    [
        ("hang_after_store", ""),
        ("hang_after_store", "list_hide"),
        ("slow_headers", ""),
        ("drip", ""),
        ("hang", ""),
    ],
)
def test_a_kill_while_posting_leaves_at_most_one_post(
    do: str, hidden: str, office: Office, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.fault(do)
    if hidden:
        simulator.fault(hidden)
    office.plan()

    killed = publish_until_sent_then_kill(office, simulator, tmp_path)
    for _ in range(8):
        office.clock.advance(minutes=6)
        office.publish()

    post, shown = office.post(), simulator.visible()
    assert killed == -signal.SIGKILL
    assert len(simulator.calls()) == 1
    assert len(shown) == (0 if do == "hang" else 1)
    found = do != "hang" and not hidden
    assert post.state == ("published" if found else "needs_person")
    assert post.remote_id == (shown[0]["id"] if found else None)


def publish_until_sent_then_kill(office: Office, simulator: Simulator, folder: Path) -> int:
    """Publish in another process; kill it when the request has reached the page; return its exit code."""
    given = office.settings.facebook.model_dump(mode="json", exclude={"token", "app_secret"})
    secrets = {"token": simulator.ready["token"], "app_secret": simulator.ready["app_secret"]}
    job = folder / "job.json"
    told = {"database": office.settings.database, "now": office.clock().isoformat(), "facebook": given | secrets}
    job.write_text(json.dumps(told), encoding="utf-8")
    child = subprocess.Popen([sys.executable, "-m", "tests.newsletter.social.publisher", str(job)], env=os.environ)
    deadline = time.monotonic() + 60
    while not simulator.calls() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.05)  # the log line is written before the post is stored
    child.kill()
    return child.wait(60)


def test_a_page_that_dies_with_the_answer_keeps_the_post(
    own_simulator: Simulator, engine: Engine, settings: Settings, office: Office
) -> None:
    office.settings = own_simulator.settings(settings)
    office.client = type(office.client)(office.settings.facebook)
    with database.writing(engine) as session:
        session.execute(update(Post).values(page=own_simulator.ready["page_id"]))
    own_simulator.fault("hang_after_store")
    office.plan()
    work = threading.Thread(target=office.publish)
    work.start()
    while not any(call["stored"] for call in own_simulator.calls()):
        time.sleep(0.02)
    own_simulator.stop(kill=True)
    work.join(60)
    assert office.post().state == "in_doubt"

    own_simulator.start()
    office.clock.advance(minutes=2)

    assert office.publish() == 1
    assert len(own_simulator.visible()) == 1


def test_two_publishers_at_once_make_one_post(office: Office, simulator: Simulator) -> None:
    rounds = 40
    other = database.connect(office.settings.database)
    sums = []
    for number in range(rounds):
        with database.writing(office.engine) as session:
            values = {"state": "planned", "remote_id": None, "due_at": None}
            address = f"https://news.example.org/en/issues/{number}/"
            session.execute(update(Post).where(Post.language == "en").values(text=address, link=address, **values))
        start, results = threading.Barrier(2), []

        def publish(engine: Engine) -> None:
            start.wait()  # noqa: B023 - the threads end within the round
            results.append(posts.publish_due(engine, office.settings, office.client, now=office.clock))  # noqa: B023

        threads = [threading.Thread(target=publish, args=(engine,)) for engine in (office.engine, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sums.append(sum(results))
    other.dispose()

    assert sums == [1] * rounds
    assert len(simulator.calls()) == len(simulator.visible()) == rounds


def test_on_postgresql_two_publishers_make_one_post(
    postgres_engine: Engine, settings: Settings, simulator: Simulator, office: Office
) -> None:
    from tests.conftest import prepare  # noqa: PLC0415 - its fixtures belong to pytest

    publication_id = prepare(postgres_engine, settings, office.clock())
    there = open_office(postgres_engine, simulator.settings(settings), publication_id, office.clock())
    there.plan()
    threads = [threading.Thread(target=there.publish) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert there.post().state == "published"
    assert len(simulator.calls()) == 1
