"""Posts at the desk: reviewed, made by hand, and answered for when in doubt."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from newsletter import database
from newsletter.models import Post, PostAttempt
from tests.newsletter import newsroom
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor import conftest
from tests.newsletter.web.editor.conftest import Browser, Make, text

Making = Callable[[Make], int]
PERMALINK = "https://www.facebook.com/jclair/posts/123"


def _post(office: Office, language: str = "en") -> Post:
    with database.reading(office.engine) as session:
        return session.scalars(select(Post).where(Post.language == language)).one()


def _doubt(office: Office, sent_at: datetime, state: str = "needs_person") -> int:
    """Put the English post in doubt, tried at `sent_at`."""
    post_id = _post(office).id
    with database.writing(office.engine) as session:
        session.execute(update(Post).where(Post.id == post_id).values(state=state, reason="not_found"))
        attempt = PostAttempt(
            post_id=post_id, claimed_at=sent_at, deadline_at=sent_at, payload_hash="x", sent_at=sent_at
        )
        session.add(attempt)
    return post_id


def test_posts_are_shown_as_they_will_appear_before_they_are_approved(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(conftest.asked)

    page = browser.get(f"/desk/issues/{issue_id}/posts")

    assert _post(office).text.splitlines()[0] in text(page)
    assert _post(office, "ja").text.splitlines()[0] in text(page)
    assert "Wait with posting until the issue is out" in text(page)
    assert "I have posted it" not in text(page)


def test_by_hand_everything_is_ready_to_copy(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    post = _post(office)

    page = browser.get(f"/desk/issues/{issue_id}/posts")

    assert "By hand, in three steps" in text(page)
    assert f'<input id="link-{post.id}" readonly value="{post.link}">' in page.text
    assert f'action="/desk/issues/{issue_id}/posts/{post.id}/posted"' in page.text
    assert text(page).count("I have posted it") == 2


def test_i_have_posted_it_closes_the_post(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    post_id = _post(office).id

    answer = browser.post(f"/desk/issues/{issue_id}/posts/{post_id}/posted", permalink=f" {PERMALINK} ")
    page = browser.get(answer.headers["location"])

    assert _post(office).state == "published"
    assert _post(office).permalink == PERMALINK
    assert "Noted. Thank you." in text(page)
    assert f'href="{PERMALINK}"' in page.text


@pytest.mark.parametrize(
    "permalink",
    ["", "not an address", "https://evil.example/posts/1", "https://www.facebook.com/", "javascript:alert(1)"],
)
def test_what_is_no_address_of_a_post_is_refused(
    browser: Browser, office: Office, make: Making, permalink: str
) -> None:
    issue_id = make(conftest.sending)

    answer = browser.post(f"/desk/issues/{issue_id}/posts/{_post(office).id}/posted", permalink=permalink)

    assert answer.status_code == 422
    assert "That is not the address of one post." in text(answer)
    assert text(answer).count("That is not the address of one post.") == 1
    assert _post(office).state == "by_hand"


def test_a_post_somebody_else_has_closed_is_not_closed_twice(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    path = f"/desk/issues/{issue_id}/posts/{_post(office).id}/posted"
    browser.post(path, permalink=PERMALINK)

    again = browser.post(path, permalink="https://www.facebook.com/jclair/posts/456")

    assert again.status_code == 409
    assert _post(office).permalink == PERMALINK


def test_a_post_may_be_left_unmade(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)

    browser.post(f"/desk/issues/{issue_id}/posts/{_post(office).id}/answer", choice="leave")

    assert _post(office).state == "cancelled"


def test_a_post_in_doubt_asks_a_person_with_three_choices(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    _doubt(office, office.now - timedelta(hours=1))

    page = browser.get(f"/desk/issues/{issue_id}/posts")

    assert "Needs a look from you" in text(page)
    for choice in ("there", "send_again", "leave"):
        assert f'name="choice" value="{choice}"' in page.text


def test_it_is_there_closes_the_doubt_with_its_address(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    post_id = _doubt(office, office.now - timedelta(hours=1))
    path = f"/desk/issues/{issue_id}/posts/{post_id}/answer"

    refused = browser.post(path, choice="there", permalink="https://evil.example/")
    browser.post(path, choice="there", permalink=PERMALINK)

    assert refused.status_code == 422
    assert (_post(office).state, _post(office).permalink) == ("published", PERMALINK)


def test_nothing_is_sent_again_before_a_late_answer_could_have_come(
    browser: Browser, office: Office, make: Making
) -> None:
    issue_id = make(conftest.sending)
    post_id = _doubt(office, office.now - timedelta(minutes=5))

    page = browser.get(f"/desk/issues/{issue_id}/posts")
    answer = browser.post(f"/desk/issues/{issue_id}/posts/{post_id}/answer", choice="send_again")

    assert "Possible from Tue 24 Nov 2026, 10:10" in text(page)
    assert 'class="quiet">Send it again' not in page.text
    assert answer.status_code == 422
    assert "It is too early to send that again." in text(answer)
    assert _post(office).state == "needs_person"


def test_after_that_a_person_may_have_it_sent_again(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    post_id = _doubt(office, office.now - timedelta(minutes=16))

    browser.post(f"/desk/issues/{issue_id}/posts/{post_id}/answer", choice="send_again")

    assert _post(office).state == "planned"


def test_an_answer_nobody_offered_changes_nothing(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    post_id = _doubt(office, office.now - timedelta(hours=1))

    answer = browser.post(f"/desk/issues/{issue_id}/posts/{post_id}/answer", choice="publish")

    assert answer.status_code == 422
    assert "Nothing was changed." in text(answer)
    assert _post(office).state == "needs_person"


def test_a_post_belongs_to_its_issue(browser: Browser, office: Office, make: Making) -> None:
    make(conftest.sending)
    other = make(newsroom.draft)

    answer = browser.post(f"/desk/issues/{other}/posts/{_post(office).id}/posted", permalink=PERMALINK)

    assert answer.status_code == 404
    assert _post(office).state == "by_hand"


def test_a_posts_text_is_text(browser: Browser, office: Office, make: Making) -> None:
    issue_id = make(conftest.sending)
    with database.writing(office.engine) as session:
        session.execute(update(Post).values(text="</textarea><script>alert(1)</script>"))

    page = browser.get(f"/desk/issues/{issue_id}/posts").text

    assert "<script" not in page
    assert "&lt;/textarea&gt;" in page
