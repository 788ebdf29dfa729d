"""Every answer carries the security headers, and one page may differ."""

from dataclasses import replace

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient

from newsletter.web import app as web_app
from newsletter.web import headers
from newsletter.web.context import Context


def test_a_page_may_load_nothing_from_elsewhere_and_be_framed_by_nobody(client: TestClient) -> None:
    answer = client.get("/en/nowhere")

    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_answer_keeps_a_policy_of_its_own(app: FastAPI, client: TestClient) -> None:
    own = headers.policy(frame_ancestors="'self'", style_src="'unsafe-inline'")

    @app.get("/test/framed")
    def framed() -> HTMLResponse:
        return HTMLResponse("", headers={"content-security-policy": own})

    answer = client.get("/test/framed")

    assert answer.headers.get_list("content-security-policy") == [own]
    assert "frame-ancestors 'self'" in own
    assert "style-src 'unsafe-inline'" in own


def test_https_is_demanded_only_where_readers_come_by_it(context: Context, client: TestClient) -> None:
    web = context.settings.web.model_copy(update={"base_url": "https://news.example.org"})
    secure = replace(context, settings=context.settings.model_copy(update={"web": web}))

    with TestClient(web_app.create(secure)) as https:
        assert https.get("/static/theme.css").headers["strict-transport-security"] == "max-age=63072000"
    assert "strict-transport-security" not in client.get("/static/theme.css").headers
