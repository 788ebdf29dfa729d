"""The web application: routers, error pages and headers around one context."""

import functools
from datetime import date

from fastapi import FastAPI
from starlette.types import Scope

from newsletter import archive, database
from newsletter.links import Tally
from newsletter.web import assets, errors
from newsletter.web.context import Context
from newsletter.web.editor import routers as editor_routers
from newsletter.web.editor.login import Attempts
from newsletter.web.head import HeadMiddleware
from newsletter.web.headers import HeadersMiddleware
from newsletter.web.limits import Gate
from newsletter.web.pagecache import PageCache
from newsletter.web.public import routers as public_routers
from newsletter.web.viewcount import ViewCount


def create(context: Context) -> FastAPI:
    """Return the application that serves readers and editors.

    Editors' routers come first: `/{language}/` would answer for `/desk/` too.
    """
    viewed = ViewCount(context)
    app = FastAPI(
        title="Newsletter",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=viewed.writing,
    )
    app.state.context = context
    app.state.gate = Gate(context.settings.web.page_requests_per_minute)
    app.state.attempts = Attempts()
    app.state.tally = Tally()
    for router in (assets.router, *editor_routers, *public_routers):
        app.routes.extend(router.routes)  # as they are: including them would work out each route anew for every app
    app.mount("/static", assets.Assets(), name="static")
    app.add_middleware(HeadMiddleware)
    app.add_middleware(HeadersMiddleware, secure=context.settings.web.base_url.startswith("https:"))
    app.add_middleware(  # the last one added stands before all others
        PageCache,
        version=functools.partial(_version, context),
        firsts=("i", "sitemap.xml", "robots.txt", *context.settings.publication.languages),
        seen=viewed.saw if context.settings.archive.count_views else _uncounted,
    )
    errors.install(app)
    return app


def _version(context: Context) -> tuple[int, date]:
    """Return what public pages depend on: the archive's version, and the day it is in the office."""
    with database.reading(context.engine) as session:
        return archive.version(session, context.publication_id), context.today()


def _uncounted(_scope: Scope, _media_type: bytes) -> None:
    """Count nothing."""
