"""PDF flyers of stories, named by the hash of their bytes."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from newsletter import flyers
from newsletter.web import caching, headers
from newsletter.web.assets import KEEP
from newsletter.web.dependencies import Reading

MEDIA_TYPE = "application/pdf"

router = APIRouter()


@router.get("/f/{flyer_hash}.pdf")
def show(request: Request, session: Reading, flyer_hash: Annotated[str, Path(max_length=64)]) -> Response:
    """Return a flyer; it never changes, and browsers save it under the name of the file it came as.

    A browser's reader for PDFs is a page of its own: it needs its styles, and no sandbox, or it stays blank.
    """
    flyer = flyers.get(session, flyer_hash)
    response = caching.answer(request, flyer.content, media_type=MEDIA_TYPE, caching=KEEP, tag=flyer.hash)
    response.headers["content-disposition"] = f"inline; filename=\"flyer.pdf\"; filename*=UTF-8''{_named(flyer.name)}"
    response.headers["content-security-policy"] = headers.policy(
        style_src="'unsafe-inline'", object_src="'self'", img_src="'none'", form_action="'none'"
    )
    response.headers["x-robots-tag"] = "noindex"
    return response


def _named(name: str) -> str:
    """Return the name as RFC 8187 writes it in a header."""
    return quote(f"{name}.pdf", safe="")
