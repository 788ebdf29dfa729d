"""The web application: routers, error pages and headers around one context."""

from fastapi import FastAPI

from newsletter.web.context import Context
from newsletter.web.editor import routers as editor_routers
from newsletter.web.public import routers as public_routers


def create(context: Context) -> FastAPI:
    """Return the application that serves readers and editors."""
    app = FastAPI(title="Newsletter", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.context = context
    for router in (*public_routers, *editor_routers):
        app.include_router(router)
    return app
