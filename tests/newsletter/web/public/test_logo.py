"""The office's logo: a file of its own, shown in mails, and never a broken picture."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from newsletter import config
from newsletter.config import Settings
from newsletter.rendering import editions, environment, logos
from newsletter.web import app as web_app
from newsletter.web.context import Context
from tests.conftest import ROOT
from tests.newsletter.rendering import sample


def _drawn(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (96, 96), colour).save(out, "PNG")
    return out.getvalue()


def _with_logo(tmp_path: Path, theme: str = "paper", content: bytes = b"") -> Settings:
    path = tmp_path / "logo.png"
    path.write_bytes(content or _drawn("#1f5a92"))
    return config.load(ROOT / "config.toml", data_folder=tmp_path, look={"logo": path, "theme": theme})


@pytest.mark.parametrize("theme", config.look.themes())
def test_a_mail_shows_the_logo_beside_the_name_and_says_nothing_with_it(tmp_path: Path, theme: str) -> None:
    settings = _with_logo(tmp_path, theme)

    html = editions.render(environment.create(), settings, sample.issue(settings, "en")).html

    logo = logos.read(settings)
    assert logo is not None
    assert f'<img src="{settings.web.base_url}/logo/{logo.tag}" width="48" alt=""' in html


def test_a_changed_logo_has_another_address(tmp_path: Path) -> None:
    before = logos.address(_with_logo(tmp_path))
    after = logos.address(_with_logo(tmp_path, content=_drawn("#a8382b")))

    assert before != after


@pytest.mark.parametrize("content", [b"<svg/>", b"\x89PNG\r\n" + b"0" * logos.MOST_BYTES])
def test_what_is_no_logo_is_left_out(tmp_path: Path, content: bytes) -> None:
    assert logos.address(_with_logo(tmp_path, content=content)) == ""


def test_a_logo_that_is_gone_is_left_out(tmp_path: Path) -> None:
    settings = _with_logo(tmp_path)
    (tmp_path / "logo.png").unlink()

    assert logos.address(settings) == ""
    assert "/logo/" not in editions.render(environment.create(), settings, sample.issue(settings, "en")).html


def test_without_a_logo_there_is_no_page_of_it(client: TestClient) -> None:
    assert client.get("/logo/0123456789ab").status_code == 404


def test_the_logo_is_served_as_it_is_now_also_under_an_older_address(context: Context, tmp_path: Path) -> None:
    settings = _with_logo(tmp_path)
    app = web_app.create(replace(context, settings=settings))

    with TestClient(app, base_url="http://127.0.0.1:8025") as client:
        now, older = client.get(logos.address(settings)), client.get("/logo/older")

    assert now.headers["content-type"] == "image/png"
    assert now.content == older.content == (tmp_path / "logo.png").read_bytes()
    assert "sandbox" in now.headers["content-security-policy"]
