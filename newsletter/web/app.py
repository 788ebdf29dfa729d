"""The web application: routers, error pages and headers around one context."""

from fastapi import FastAPI

from newsletter.web import assets, errors
from newsletter.web.context import Context
from newsletter.web.editor import routers as editor_routers
from newsletter.web.editor.login import Attempts
from newsletter.web.head import HeadMiddleware
from newsletter.web.headers import HeadersMiddleware
from newsletter.web.limits import Gate
from newsletter.web.public import routers as public_routers


def create(context: Context) -> FastAPI:
    """Return the application that serves readers and editors.

    Editors' routers come first: `/{language}/` would answer for `/desk/` too.
    """
    app = FastAPI(title="Newsletter", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.context = context
    app.state.gate = Gate(context.settings.web.page_requests_per_minute)
    app.state.attempts = Attempts()
    for router in (assets.router, *editor_routers, *public_routers):
        app.include_router(router)
    app.mount("/static", assets.Assets(), name="static")
    app.add_middleware(HeadMiddleware)
    app.add_middleware(HeadersMiddleware, secure=context.settings.web.base_url.startswith("https:"))
    errors.install(app)
    return app
