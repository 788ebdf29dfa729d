"""The application over a real database, with a clock that stands still."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from newsletter.config import Settings
from newsletter.keys import Keys
from newsletter.web import app as web_app
from newsletter.web.context import Context


@pytest.fixture
def context(settings: Settings, keys: Keys, engine: Engine, publication_id: int, now: datetime) -> Context:
    """Return what the composition root would make."""
    return Context(settings, keys, engine, publication_id, now=lambda: now)


@pytest.fixture
def app(context: Context) -> FastAPI:
    """Return the application."""
    return web_app.create(context)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """Return a browser without JavaScript that shows an error page instead of raising, and follows no redirect."""
    with TestClient(
        app, base_url="http://127.0.0.1:8025", raise_server_exceptions=False, follow_redirects=False
    ) as client:
        yield client
