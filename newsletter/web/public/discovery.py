"""What search engines ask for: the list of all pages, and what they may visit."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from newsletter.archive import shelf, sitemap, stories
from newsletter.web import caching
from newsletter.web.dependencies import Reading, WithContext

router = APIRouter()


@router.get("/sitemap.xml")
def show_sitemap(request: Request, context: WithContext, session: Reading) -> Response:
    """Return the list of all public pages."""
    spoken = context.settings.publication.languages
    issues = {each: shelf.entries(session, context.publication_id, each) for each in spoken}
    told = stories.every(session, context.publication_id, limit=sitemap.MOST)
    body = sitemap.write(context.settings, issues, told)
    return caching.answer(request, body, media_type=sitemap.MEDIA_TYPE)


@router.get("/robots.txt")
def show_robots(request: Request, context: WithContext) -> Response:
    """Return what search engines may visit."""
    body = sitemap.robots(context.settings).encode()
    return caching.answer(request, body, media_type="text/plain; charset=utf-8")
