"""The proof of a story as whoever has the link sees it, and the flyers it leads to."""

import io
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from lxml import html
from PIL import Image as Pixels
from sqlalchemy import select

from newsletter import database, flyers, images, proofs, stories, urls
from newsletter.content import Fair, FairText
from newsletter.models import ProofAnswer
from newsletter.rendering.views import AnyStory
from newsletter.web.context import Context
from tests.newsletter.newsroom import FAIR, NOTICE
from tests.newsletter.test_flyers import PDF
from tests.newsletter.web.public.conftest import ORIGIN, Clock


def _proof(context: Context, content: AnyStory = FAIR) -> str:
    with database.writing(context.engine) as session:
        story = stories.create(session, context.publication_id, content, editor_id=None, now=context.now())
        return proofs.make(session, story, now=context.now())


def _answers(context: Context) -> list[tuple[str, str, int]]:
    with database.reading(context.engine) as session:
        return [(one.verdict, one.comment, one.revision) for one in session.scalars(select(ProofAnswer))]


def test_the_story_is_shown_as_readers_will_see_it_and_is_nobody_elses_business(
    client: TestClient, context: Context
) -> None:
    answer = client.get(f"/en/proof/{_proof(context)}")

    page = html.fromstring(answer.text)
    assert "Thu 17 - Sun 20 Dec 2026" in page.text_content()
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert answer.headers["cache-control"] == "no-store"
    assert page.xpath("//a[@hreflang='ja']/@href")


def test_an_answer_is_recorded_for_the_revision_that_was_shown(client: TestClient, context: Context) -> None:
    path = f"/ja/proof/{_proof(context)}"

    done = client.post(path, data={"revision": "1", "verdict": "ok", "name": "佐藤"})
    client.post(path, data={"revision": "1", "verdict": "comment", "comment": "会場名\x00を\r\n直してください"})

    assert (done.status_code, done.headers["location"]) == (303, f"{path}?said=ok#answer")
    assert _answers(context) == [("ok", "", 1), ("comment", "会場名を\n直してください", 1)]


def test_who_answers_words_that_changed_keeps_what_they_wrote(
    client: TestClient, context: Context, clock: Clock
) -> None:
    path = f"/en/proof/{_proof(context)}"
    with database.writing(context.engine) as session:
        stories.save(session, stories.get(session, 1), NOTICE, base=1, editor_id=None, now=clock.now)

    answer = client.post(path, data={"revision": "1", "verdict": "comment", "comment": "It is the <b>north</b> hall."})

    assert answer.status_code == 422
    assert "It is the &lt;b&gt;north&lt;/b&gt; hall." in answer.text
    assert "A notice" in answer.text
    assert _answers(context) == []


@pytest.mark.parametrize("fields", [{"verdict": "comment"}, {"verdict": "x"}, {}, {"comment": "x" * 5000}])
def test_an_answer_without_words_is_asked_for_again(
    client: TestClient, context: Context, fields: dict[str, str]
) -> None:
    answer = client.post(f"/en/proof/{_proof(context)}", data={"revision": "1", **fields})

    assert answer.status_code == 422
    assert _answers(context) == []


def test_robots_and_other_sites_leave_no_answer(client: TestClient, context: Context) -> None:
    path = f"/en/proof/{_proof(context)}"

    robot = client.post(path, data={"revision": "1", "verdict": "ok", "website": "x"})
    foreign = client.post(path, data={"revision": "1", "verdict": "ok"}, headers={"origin": "https://evil.test"})

    assert (robot.status_code, foreign.status_code) == (303, 403)
    assert _answers(context) == []


def test_a_proof_that_is_over_or_unknown_says_so(client: TestClient, context: Context, clock: Clock) -> None:
    path = f"/en/proof/{_proof(context)}"
    clock.wait(days=15)

    for answer in (client.get(path), client.post(path, data={"revision": "1", "verdict": "ok"})):
        assert answer.status_code == 410
    assert client.get("/en/proof/nonsense").status_code == 404


def test_words_that_are_missing_in_this_language_are_offered_in_the_other(client: TestClient, context: Context) -> None:
    token = _proof(context, Fair(texts={"ja": FairText(title="見本市")}))

    answer = client.get(f"/en/proof/{token}")

    assert answer.status_code == 200
    assert f"/ja/proof/{token}" in answer.text


def test_hostile_words_are_shown_as_they_were_typed(client: TestClient, context: Context) -> None:
    token = _proof(context, Fair(texts={"en": FairText(title="{{ 7*7 }}<script>x</script>", venue="\u202eHall 🎏")}))

    answer = client.get(f"/en/proof/{token}")

    assert "{{ 7*7 }}&lt;script&gt;" in answer.text
    assert "\u202eHall 🎏" in answer.text


def test_a_flyer_comes_with_its_name_and_may_run_nothing(client: TestClient, context: Context) -> None:
    with database.writing(context.engine) as session:
        flyer = flyers.keep(session, flyers.prepare(PDF, "FIT フェア.pdf", now=context.now()))

    answer = client.get(f"/f/{flyer.hash}.pdf")

    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert unquote(answer.headers["content-disposition"]).endswith("''FIT フェア.pdf")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "immutable" in answer.headers["cache-control"]
    assert client.get(f"/f/{flyer.hash}.pdf", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    assert client.get(f"/f/{'0' * 64}.pdf").status_code == 404


def test_a_picture_is_cut_for_link_previews_around_one_of_nine_points(client: TestClient, context: Context) -> None:
    out = io.BytesIO()
    Pixels.new("RGB", (300, 600), "red").save(out, "PNG")
    with database.writing(context.engine) as session:
        image = images.store(session, out.getvalue(), now=context.now())
        address = urls.preview(context.settings, image.hash, (0.2, 0.9)).removeprefix(ORIGIN)

    answer = client.get(address)

    assert address == f"/i/{image.hash}/17x83.jpg"
    assert Pixels.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert "immutable" in answer.headers["cache-control"]
    refused = [f"/i/{image.hash}/18x83.jpg", f"/i/{'0' * 64}/50x50.jpg"]
    assert [client.get(path).status_code for path in refused] == [404, 404]
