"""The Graph simulator: a page, tokens, posts and faults over real HTTP, kept through a kill."""

import http.server
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from newsletter.sandbox.graph import page
from newsletter.social import facebook
from newsletter.words import load
from tests.newsletter.sandbox.simulator import START_SECONDS, Simulator

GRAPH = Path(page.__file__).parent
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
ARTICLE = """<!doctype html><html lang="ja"><head><title>Other</title>
<meta property="og:title" content="旅行フェア &amp; more"><meta property="og:description" content="三つの町で">
<meta property="og:image" content="/picture.png"><meta property="og:site_name" content="クレア"></head></html>"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """Give one simulator to all tests."""
    simulator = Simulator(tmp_path_factory.mktemp("graph"), "--page-id", "555", "--page-name", "Sample <office>")
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """Return the simulator with nothing on its page."""
    running.control("reset", {})
    return running


@pytest.fixture
def website() -> Iterator[str]:
    """Serve an article with Open Graph tags and its picture."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = {"/en/": ("text/html", ARTICLE.encode()), "/picture.png": ("image/png", PNG)}.get(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", found[0] if found else "text/plain")
            self.end_headers()
            self.wfile.write(found[1] if found else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def call(simulator: Simulator, method: str, path: str, *, version: str = "/v26.0", **options: Any) -> requests.Response:
    """Call the API with the page's token and its proof."""
    token = str(options.pop("token", simulator.ready["token"]))
    where = "params" if method == "GET" else "data"
    fields = {"appsecret_proof": facebook.proof(simulator.ready["app_secret"], token)} | options.pop("fields", {})
    headers = {"Authorization": f"Bearer {token}"}
    address = f"{simulator.base}{version}{path}"
    return requests.request(method, address, headers=headers, timeout=60, **{where: fields}, **options)


def publish(simulator: Simulator, message: str = "Hello", **fields: str) -> dict[str, Any]:
    """Make a post; return the answer."""
    answer: dict[str, Any] = call(simulator, "POST", "/555/feed", fields={"message": message, **fields}).json()
    return answer


def error(answer: requests.Response) -> tuple[int, int]:
    """Return code and subcode."""
    told = answer.json()["error"]
    return told["code"], told.get("error_subcode", 0)


def html(simulator: Simulator, path: str = "/555", **headers: str) -> str:
    """Return the page as a browser gets it."""
    return requests.get(f"{simulator.base}{path}", headers=headers, timeout=60).text


def test_it_is_ready_within_a_second_of_work_and_says_where_it_is(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    simulator = Simulator(tmp_path, "--page-id", "777", "--page-name", "事務所")

    assert set(simulator.ready) >= {"port", "page_id", "token", "app_secret"}
    assert call(simulator, "GET", "/777").json() == {"id": "777", "name": "事務所"}
    assert simulator.stop() == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)  # not the clock's time, which others on the machine stretch
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


def test_posts_token_and_port_outlive_a_kill(tmp_path: Path) -> None:
    simulator = Simulator(tmp_path, "--page-id", "555")
    before, made = simulator.ready, publish(simulator, "残る投稿 👩‍👩‍👧")

    simulator.stop(kill=True)
    simulator.start()

    assert simulator.ready == before
    assert [(post["id"], post["message"]) for post in simulator.visible()] == [(made["id"], "残る投稿 👩‍👩‍👧")]
    simulator.stop()


def test_permalinks_begin_with_the_address_that_others_reach(tmp_path: Path) -> None:
    simulator = Simulator(tmp_path, "--page-id", "555", "--public-url", "http://192.0.2.7:8027/")

    made = publish(simulator, fields="id,permalink_url")

    assert made["permalink_url"].startswith("http://192.0.2.7:8027/555/posts/")
    simulator.stop()


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    starter = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-m', 'newsletter.sandbox.graph', '--folder', {str(tmp_path)!r}])\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    base = json.loads(parent.stdout.readline())["base"]

    os.kill(parent.pid, signal.SIGKILL)
    parent.wait(START_SECONDS)
    parent.stdout.close()

    assert goes_away(base)


def goes_away(base: str) -> bool:
    """Return whether nobody listens there within a few seconds."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            requests.get(f"{base}/__sim/clock", timeout=1)
        except requests.ConnectionError:
            return True
        time.sleep(0.05)
    return False


def test_a_post_can_be_read_changed_and_deleted(simulator: Simulator) -> None:
    post = f"/{publish(simulator)['id']}"

    changed = call(simulator, "POST", post, fields={"message": "Mended"}).json()
    read = call(simulator, "GET", post, fields={"fields": "message,is_published,from"}).json()
    deleted = call(simulator, "DELETE", post).json()

    assert changed == deleted == {"success": True}
    assert (read["message"], read["is_published"], read["from"]["id"]) == ("Mended", True, "555")
    assert error(call(simulator, "GET", post)) == (100, 33)
    assert error(call(simulator, "DELETE", post)) == (100, 33)


def test_the_answer_holds_the_fields_asked_for(simulator: Simulator) -> None:
    answer = publish(simulator, fields="id,permalink_url,created_time", link="https://news.example.org/en/")

    assert set(answer) == {"id", "permalink_url", "created_time"}
    assert answer["permalink_url"].startswith(f"{simulator.base}/555/posts/")


def test_lists_are_paged_newest_first_and_have_no_link_field(simulator: Simulator) -> None:
    made = [publish(simulator, f"Post {number}", link="https://news.example.org/en/")["id"] for number in range(5)]
    wanted = {"fields": "id,attachments{unshimmed_url}", "limit": "2"}
    first = call(simulator, "GET", "/555/published_posts", fields=wanted).json()
    after = first["paging"]["cursors"]["after"]
    second = call(simulator, "GET", "/555/published_posts", fields=wanted | {"after": after}).json()

    assert [post["id"] for post in first["data"] + second["data"]] == made[:0:-1]
    assert first["data"][0]["attachments"] == {"data": [{"unshimmed_url": "https://news.example.org/en/"}]}
    assert simulator.ready["token"] in first["paging"]["next"]
    assert error(call(simulator, "GET", "/555/published_posts", fields={"fields": "link"})) == (100, 0)
    assert error(call(simulator, "GET", "/555/published_posts", fields={"limit": "101"})) == (100, 0)


def test_a_scheduled_post_waits_for_the_clock(simulator: Simulator) -> None:
    at = str(int(simulator.ask("clock")["now"]) + 3600)
    publish(simulator, published="false", scheduled_publish_time=at)

    queued = call(simulator, "GET", "/555/scheduled_posts").json()["data"]
    before = simulator.visible()
    simulator.control("clock", {"advance": 3601})

    assert (len(queued), before) == (1, [])
    assert len(simulator.visible()) == 1


@pytest.mark.parametrize("ahead", [60, 31 * 86_400])
def test_a_post_cannot_be_scheduled_too_near_or_too_far(ahead: int, simulator: Simulator) -> None:
    at = str(int(simulator.ask("clock")["now"]) + ahead)

    answer = publish(simulator, published="false", scheduled_publish_time=at)

    assert "scheduled publish time is invalid" in answer["error"]["message"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (100, 0)),
        ({"message": "字" * 63_207}, (100, 0)),
        ({"link": "news.example.org"}, (100, 2061006)),
        ({"link": "https://www.facebook.com/x"}, (100, 1609008)),
        ({"link": "http://127.0.0.1:1/en/"}, (100, 1609005)),
        ({"message": "x", "attached_media[0]": '{"media_fbid":"1"}'}, (100, 0)),
        ({"message": "x", "attached_media": "nonsense"}, (100, 0)),
        ({"message": "x", "attached_media": "[1]"}, (100, 0)),
        ({"message": "x", "published": "false", "scheduled_publish_time": "soon"}, (100, 0)),
    ],
)
def test_nonsense_is_refused_as_graph_does(
    fields: dict[str, str], expected: tuple[int, int], simulator: Simulator
) -> None:
    assert error(call(simulator, "POST", "/555/feed", fields=fields)) == expected
    assert simulator.ask("posts")["data"] == []


def test_the_longest_text_is_kept_unchanged_and_the_same_text_twice_is_refused(simulator: Simulator) -> None:
    text = "字" * 63_206

    publish(simulator, text)

    assert simulator.visible()[0]["message"] == text
    assert error(call(simulator, "POST", "/555/feed", fields={"message": text})) == (506, 1455006)


def test_unpublished_photos_are_attached_by_id_and_forgotten_after_a_day(simulator: Simulator) -> None:
    ids = [upload(simulator, published="false", alt_text_custom="A bowl of rice") for _ in range(2)]

    post = publish(simulator, "Photos", **{"attached_media[0]": json.dumps({"media_fbid": ids[0]})})
    simulator.control("clock", {"advance": 86_500})
    late = publish(simulator, "More", **{"attached_media[0]": json.dumps({"media_fbid": ids[1]})})

    assert post["id"] == simulator.visible()[0]["id"]
    assert late["error"]["code"] == 100
    shown = html(simulator)
    assert 'alt="A bowl of rice"' in shown
    assert requests.get(f"{simulator.base}/__sim/photo/{ids[0]}", timeout=60).content == PNG


def test_a_photo_that_is_none_is_refused(simulator: Simulator) -> None:
    answer = call(simulator, "POST", "/555/photos", files={"source": ("a.png", b"no picture")})

    assert error(answer) == (324, 2069019)


def upload(simulator: Simulator, **fields: str) -> str:
    """Upload a photo; return its id."""
    answer = call(simulator, "POST", "/555/photos", fields=fields, files={"source": ("a.png", PNG)})
    return str(answer.json()["id"])


def test_json_multipart_and_query_say_the_same(simulator: Simulator) -> None:
    token, secret = simulator.ready["token"], simulator.ready["app_secret"]
    given = {"access_token": token, "appsecret_proof": facebook.proof(secret, token)}
    address = f"{simulator.base}/v26.0/555/feed"

    requests.post(address, json=given | {"message": "一"}, timeout=60)
    requests.post(address, files={"message": (None, "二")}, data=given, timeout=60)
    requests.post(address, params=given | {"message": "三"}, timeout=60)
    requests.post(address, data=given | {"message": "四", "colour": "red"}, timeout=60)

    assert [post["message"] for post in simulator.visible()] == ["一", "二", "三", "四"]
    assert simulator.ask("unknown")["data"] == [{"name": "colour", "count": 1}]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("expired", (190, 463)),
        ("password_changed", (190, 460)),
        ("app_removed", (190, 458)),
        ("checkpoint", (190, 459)),
        ("unconfirmed", (190, 464)),
        ("revoked", (190, 467)),
        ("lost_role", (190, 492)),
        ("not_the_page", (190, 0)),
        ("missing_permission", (200, 0)),
    ],
)
def test_a_token_may_die_in_many_ways(state: str, expected: tuple[int, int], simulator: Simulator) -> None:
    simulator.control("profile", {"page_token": state})

    answer = call(simulator, "POST", "/555/feed", fields={"message": "x"})

    assert error(answer) == expected
    assert ("WWW-Authenticate" in answer.headers) == (expected[0] == 190)
    told = debug(simulator, simulator.ready["token"])
    assert (told["is_valid"], told["error"]["code"]) == (False, expected[0])


def debug(simulator: Simulator, token: str) -> dict[str, Any]:
    """Return what debug_token says."""
    app = f"{simulator.ready['app_id']}|{simulator.ready['app_secret']}"
    fields = {"input_token": token, "access_token": app}
    answer: dict[str, Any] = requests.get(f"{simulator.base}/v26.0/debug_token", params=fields, timeout=60).json()
    return dict(answer["data"])


def test_a_users_token_lists_the_page_but_does_not_publish(simulator: Simulator) -> None:
    user = simulator.ready["user_token"]

    accounts = call(simulator, "GET", "/me/accounts", token=user).json()["data"]
    refused = call(simulator, "POST", "/555/feed", token=user, fields={"message": "x"})

    assert [(one["id"], one["access_token"]) for one in accounts] == [("555", simulator.ready["token"])]
    assert (refused.status_code, error(refused)) == (403, (200, 0))
    assert debug(simulator, simulator.ready["token"])["type"] == "PAGE"
    assert debug(simulator, user)["is_valid"]


def test_the_proof_is_demanded_and_checked(simulator: Simulator) -> None:
    missing = call(simulator, "GET", "/555", fields={"appsecret_proof": ""})
    wrong = call(simulator, "GET", "/555", fields={"appsecret_proof": "00"})

    assert "require an appsecret_proof" in missing.json()["error"]["message"]
    assert "Invalid appsecret_proof" in wrong.json()["error"]["message"]
    assert error(call(simulator, "GET", "/555", token="other")) == (190, 0)


@pytest.mark.parametrize(("asked", "served"), [("/v26.0", "v26.0"), ("/v20.0", "v21.0"), ("", "v26.0")])
def test_an_ended_version_is_served_by_the_next_living_one(asked: str, served: str, simulator: Simulator) -> None:
    answer = call(simulator, "GET", "/555", version=asked)

    assert answer.headers["facebook-api-version"] == served
    assert answer.headers["X-Graphsim"] == "1"
    assert error(call(simulator, "GET", "/555", version="/v99.0")) == (2500, 0)


def test_the_log_tells_every_call_and_no_token(simulator: Simulator) -> None:
    publish(simulator)

    log = simulator.ask("log")["data"]

    assert [(one["method"], one["path"], one["status"], one["stored"]) for one in log] == [
        ("POST", "/555/feed", 200, 1)
    ]
    assert simulator.ready["token"] not in json.dumps(log)


def test_a_fault_strikes_when_and_as_often_as_planned(simulator: Simulator) -> None:
    simulator.fault("error", code=4, nth=2, times=2)

    codes = [publish(simulator, f"Post {number}").get("error", {}).get("code") for number in range(4)]

    assert codes == [None, 4, 4, None]


def test_a_fault_that_does_not_exist_is_refused(simulator: Simulator) -> None:
    answer = requests.post(f"{simulator.base}/__sim/faults", json={"do": "explode"}, timeout=60)

    assert answer.status_code == 400


def test_the_listener_can_be_gone_for_a_while(simulator: Simulator) -> None:
    simulator.control("refuse", {"seconds": 0.5})

    assert goes_away(simulator.base)
    time.sleep(0.7)
    assert simulator.ask("posts") == {"data": []}


def test_the_card_is_read_from_the_linked_page(simulator: Simulator, website: str) -> None:
    publish(simulator, "Look", link=f"{website}/en/")

    card = simulator.visible()[0]["card"]
    shown = html(simulator)
    assert (card["title"], card["description"], card["site"]) == ("旅行フェア & more", "三つの町で", "クレア")
    assert "旅行フェア &amp; more" in shown
    assert requests.get(f"{simulator.base}/__sim/picture/{card['image']}", timeout=60).content == PNG


def test_a_scrape_reads_the_page_anew(simulator: Simulator, website: str) -> None:
    scraped = call(simulator, "POST", "/", fields={"id": f"{website}/en/", "scrape": "true"})
    missing = call(simulator, "POST", "/", fields={"id": f"{website}/nothing/", "scrape": "true"})

    assert scraped.json()["title"] == "旅行フェア & more"
    assert error(missing) == (100, 1609005)


def test_nothing_outside_this_machine_is_fetched(simulator: Simulator) -> None:
    publish(simulator, "Look", link="http://news.example.org/en/")

    assert simulator.visible()[0]["card"]["title"] == "news.example.org"


def test_the_page_says_that_it_is_a_simulation_in_both_languages(simulator: Simulator) -> None:
    english, japanese = html(simulator), html(simulator, **{"Accept-Language": "ja,en;q=0.5"})

    assert "Simulation, not Facebook" in english
    assert '<html lang="en">' in english
    assert "シミュレーションです。Facebookではありません" in japanese
    assert '<html lang="ja">' in html(simulator, "/555?lang=ja")
    assert "Sample &lt;office&gt;" in english


def test_texts_are_shown_as_text_with_their_links(simulator: Simulator) -> None:
    publish(simulator, "<b>Bold</b> https://news.example.org/?a=1&b=2 「https://news.example.org/ja/」 #TravelFairs")

    shown = html(simulator)

    assert "&lt;b&gt;Bold&lt;/b&gt;" in shown
    assert '<a href="https://news.example.org/?a=1&amp;b=2" rel="noopener">' in shown
    assert '<a href="https://news.example.org/ja/" rel="noopener">' in shown
    assert '<span class="tag">#TravelFairs</span>' in shown


def test_one_post_has_a_page_of_its_own(simulator: Simulator) -> None:
    first, _ = publish(simulator, "The first"), publish(simulator, "The second")
    number = first["id"].split("_")[1]

    shown = html(simulator, f"/555/posts/{number}")

    assert "The first" in shown
    assert "The second" not in shown
    assert "This post is not here" in html(simulator, "/555/posts/1")


def test_posts_of_an_app_in_development_are_not_for_visitors(simulator: Simulator) -> None:
    simulator.control("profile", {"app_mode": "development"})
    publish(simulator, "Only for the office")

    assert "Only for the office" not in html(simulator)
    assert "Only for the office" in html(simulator, "/555?view=staff")


@pytest.mark.parametrize(
    ("message", "first"),
    [
        ("Short", "Short"),
        ("word " * 40, ("word " * 25).strip()),
        ("字" * 200, "字" * 125),
        ("字" * 124 + "👩‍👩‍👧" + "字" * 9, "字" * 124),
        ("字" * 124 + "か\u3099" + "字" * 9, "字" * 124),
        ("1\n2\n3\n4\n5", "1\n2\n3"),
    ],
)
def test_a_text_is_folded_where_phones_fold_it_and_inside_no_character(message: str, first: str) -> None:
    text = page.fold(message)

    assert str(text.first) == first
    assert f"{text.first}{text.second}{text.third}" == message


def test_the_page_speaks_both_languages_completely() -> None:
    assert load("page", "en", GRAPH).names() == load("page", "ja", GRAPH).names()
