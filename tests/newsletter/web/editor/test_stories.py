"""Stories at the desk: the pool, the page of one, and what is decided there."""

from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html
from sqlalchemy import Engine, select

from newsletter import database, proofs, proposals, stories
from newsletter.models import Letter, Story
from newsletter.rendering.views import AnyStory
from newsletter.web.context import Context
from tests.newsletter.newsroom import FAIR, NOTICE, SEMINAR
from tests.newsletter.web.editor.conftest import ORIGIN, Browser


@pytest.fixture
def pool(engine: Engine, publication_id: int, now: datetime) -> list[int]:
    """Return the ids of a fair, a seminar, and a notice that somebody proposed."""
    made: list[tuple[AnyStory, str]] = [(FAIR, "accepted"), (SEMINAR, "used"), (NOTICE, "proposed")]
    with database.writing(engine) as session:
        ids = [
            stories.create(session, publication_id, content, state=state, editor_id=None, now=now).id
            for content, state in made
        ]
        proposals.note(
            session,
            stories.get(session, ids[2]),
            organisation="柚子村",
            name="佐藤",
            email="sato@yuzu.test",
            language="ja",
            editor_id=None,
            now=now,
        )
        return ids


def _story(engine: Engine, story_id: int) -> Story:
    with database.reading(engine) as session:
        story = session.get_one(Story, story_id)
        session.expunge(story)
        return story


def _text(page: Any) -> str:
    return " ".join(html.fromstring(page.text).text_content().split())


def test_the_pool_lists_what_waits_and_leads_with_what_was_proposed(browser: Browser, pool: list[int]) -> None:
    page = browser.get("/desk/stories")

    links = html.fromstring(page.text).xpath("//ol[@class='story-list']//h2/a/@href")
    assert links == [f"/desk/stories/{pool[2]}", f"/desk/stories/{pool[0]}"]
    assert "from 柚子村" in _text(page)


@pytest.mark.usefixtures("pool")
def test_shelves_hold_what_was_told_and_an_unknown_one_is_the_pool(browser: Browser) -> None:
    assert "Seminar" in _text(browser.get("/desk/stories?shelf=used"))
    assert "Nothing" not in _text(browser.get("/desk/stories?shelf=declined"))
    assert browser.get("/desk/stories?shelf=x").text == browser.get("/desk/stories").text


def test_nobody_sees_stories_without_a_log_in(client: TestClient, pool: list[int]) -> None:
    for path in ("/desk/stories", f"/desk/stories/{pool[0]}", f"/desk/stories/{pool[0]}/edit", "/desk/stories/new"):
        assert client.get(path).status_code == 303
    assert client.post("/desk/stories/new", headers={"origin": ORIGIN}).status_code == 303


def test_accepting_and_declining_tell_the_proposers_once(browser: Browser, engine: Engine, pool: list[int]) -> None:
    path = f"/desk/stories/{pool[2]}"

    accepted = browser.post(f"{path}/accept")
    again = browser.post(f"{path}/accept")
    declined = browser.post(f"{path}/decline", reason="日程が合いません。")

    assert (accepted.status_code, again.status_code, declined.status_code) == (303, 409, 303)
    assert _story(engine, pool[2]).state == "declined"
    with database.reading(engine) as session:
        letters = session.scalars(select(Letter.to_address)).all()
    assert letters == ["sato@yuzu.test"] * 2


def test_a_reason_that_is_too_long_is_asked_for_again_and_kept(
    browser: Browser, engine: Engine, pool: list[int]
) -> None:
    answer = browser.post(f"/desk/stories/{pool[2]}/decline", reason="あ" * 2001)

    assert answer.status_code == 422
    assert "あ" * 2001 in answer.text
    assert _story(engine, pool[2]).state == "proposed"


def test_a_told_story_is_reopened(browser: Browser, engine: Engine, pool: list[int]) -> None:
    assert browser.post(f"/desk/stories/{pool[1]}/reopen").status_code == 303

    assert _story(engine, pool[1]).state == "accepted"


def test_next_year_is_one_press_and_leads_there(browser: Browser, pool: list[int]) -> None:
    first = browser.post(f"/desk/stories/{pool[0]}/next-year")
    second = browser.post(f"/desk/stories/{pool[0]}/next-year")

    assert first.headers["location"] == second.headers["location"]
    page = browser.get(first.headers["location"])
    assert "Dates not known yet" in _text(page)
    assert page.text.count("Still right") == 2


def test_words_are_confirmed_as_they_were_shown_and_assigned(browser: Browser, pool: list[int]) -> None:
    path = browser.post(f"/desk/stories/{pool[0]}/next-year").headers["location"].partition("?")[0]

    stale = browser.post(f"{path}/words/en/confirm", base="7")
    confirmed = browser.post(f"{path}/words/en/confirm", base="1")
    unknown = browser.post(f"{path}/words/xx/confirm", base="1")
    assigned = browser.post(f"{path}/words/ja/assign", owner="1", due="2026-11-20")
    nonsense = browser.post(f"{path}/words/ja/assign", owner="1", due="soon")

    assert [one.status_code for one in (stale, confirmed, unknown, assigned, nonsense)] == [409, 303, 404, 303, 422]
    page = _text(browser.get(path))
    assert "English ready" in page
    assert "Writer: Hana Mori, Due Fri 20 Nov 2026 (late)" in page


def test_a_story_is_seen_as_readers_will(browser: Browser, pool: list[int]) -> None:
    page = browser.get(f"/desk/stories/{pool[0]}/seen/ja")

    assert "2026年12月17日（木）" in _text(page)
    assert browser.get(f"/desk/stories/{pool[0]}/seen/th").status_code == 404


def test_a_proof_link_is_shown_once_and_can_be_ended(
    browser: Browser, client: TestClient, context: Context, pool: list[int]
) -> None:
    path = f"/desk/stories/{pool[0]}"
    made = browser.post(f"{path}/proofs")
    (link,) = html.fromstring(made.text).xpath("//input[@id='fresh']/@value")
    shown = client.get(link.removeprefix(ORIGIN))
    with database.writing(context.engine) as session:
        proof = proofs.find(session, link.rpartition("/")[2], now=context.now())
        proofs.answer(
            session, context.settings, proof, revision=1, verdict="comment", comment="<b>!", now=context.now()
        )

    page = browser.get(path)
    ended = browser.post(f"{path}/proofs/{proof.id}/end")

    assert (shown.status_code, link in page.text, "&lt;b&gt;!" in page.text) == (200, False, True)
    assert ended.status_code == 303
    assert client.get(link.removeprefix(ORIGIN)).status_code == 410
    assert browser.post(f"/desk/stories/{pool[1]}/proofs/{proof.id}/end").status_code == 404


def test_whom_a_story_is_told_for_is_noted_changed_and_forgotten(browser: Browser, pool: list[int]) -> None:
    path = f"/desk/stories/{pool[0]}"

    wrong = browser.post(f"{path}/proposer", organisation="青森県", name="", email="pr@", language="ja")
    nobody = browser.post(f"{path}/proposer", organisation=" ", email="pr@aomori.test", language="ja")
    noted = browser.post(f"{path}/proposer", organisation="青森県", name="", email="pr@aomori.test", language="ja")

    assert (wrong.status_code, "青森県" in wrong.text, nobody.status_code, noted.status_code) == (422, True, 422, 303)
    assert "pr@aomori.test" in browser.get(path).text
    browser.post(f"{path}/proposer/forget")
    assert "pr@aomori.test" not in browser.get(path).text


def test_another_site_decides_nothing(browser: Browser, engine: Engine, pool: list[int]) -> None:
    for path in ("accept", "decline", "next-year", "proofs", "proposer/forget", "edit"):
        answer = browser.forge(f"/desk/stories/{pool[2]}/{path}", {"origin": ORIGIN})
        assert answer.status_code == 403
    assert _story(engine, pool[2]).state == "proposed"


def test_every_page_speaks_japanese_too(kens_browser: Browser, pool: list[int]) -> None:
    pages = ("", "/new", "/new?kind=fair", *(f"/{one}{part}" for one in pool for part in ("", "/edit", "/history")))

    for page in pages:
        assert kens_browser.get(f"/desk/stories{page}").status_code == 200, page


def test_a_page_of_a_list_that_cannot_be_is_refused(browser: Browser, pool: list[int]) -> None:
    for path in ("/desk/stories", f"/desk/stories/{pool[0]}/history"):
        assert [browser.get(f"{path}?before={end}").status_code for end in ("2", "0", "9" * 30)] == [200, 422, 422]


def test_a_story_that_is_not_there_is_a_calm_page(browser: Browser) -> None:
    for path in ("/desk/stories/99", "/desk/stories/99/edit", "/desk/stories/99999999999999999999"):
        assert browser.get(path).status_code == 404
