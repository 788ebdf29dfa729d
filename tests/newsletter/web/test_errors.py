"""Every error is a calm page in the reader's language."""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from newsletter import words
from newsletter.errors import NewsletterError, NotFoundError, StateError
from newsletter.web import errors
from subscribers.errors import AddressError, ExpiredError, SubscriberError, TokenError


def _raising(app: FastAPI, error: Exception) -> None:
    router = APIRouter()

    @router.get("/test/broken")
    def broken(number: int = 0) -> None:  # noqa: ARG001 - FastAPI reads it
        raise error

    app.router.routes.insert(0, *router.routes)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError(), 404),
        (StateError(), 409),
        (NewsletterError(), 500),
        (AddressError("form"), 422),
        (ExpiredError(), 410),
        (TokenError(), 404),
        (SubscriberError(), 422),
        (HTTPException(429), 429),
        (HTTPException(418), 418),
        (HTTPException(503), 503),
        (ZeroDivisionError("secret detail"), 500),
    ],
)
def test_an_error_becomes_a_page_with_its_status(
    app: FastAPI, client: TestClient, error: Exception, status: int
) -> None:
    _raising(app, error)

    answer = client.get("/test/broken", headers={"accept-language": "ja", "accept": "application/json"})

    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert 'lang="ja"' in answer.text
    assert "secret detail" not in answer.text


def test_input_that_cannot_be_read_is_no_json(app: FastAPI, client: TestClient) -> None:
    _raising(app, NotFoundError())

    answer = client.get("/test/broken?number=many", headers={"accept-language": "en"})

    assert answer.status_code == 422
    assert words.load("reader", "en")("error.422.title") in answer.text


def test_an_unforeseen_error_has_the_headers_of_every_page(app: FastAPI, client: TestClient) -> None:
    _raising(app, ZeroDivisionError())

    answer = client.get("/test/broken")

    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_language_of_an_error_page_is_that_of_its_address(client: TestClient) -> None:
    answer = client.get("/ja/nowhere", headers={"accept-language": "en"})

    assert answer.status_code == 404
    assert words.load("reader", "ja")("error.404.title") in answer.text


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("status", errors.TOLD)
def test_every_told_status_has_words(language: str, status: int) -> None:
    sentences = words.load("reader", language)

    assert sentences(f"error.{status}.title")
    assert sentences(f"error.{status}.lead")
