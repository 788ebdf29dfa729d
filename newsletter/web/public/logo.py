"""The office's logo, for mails and pages."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from newsletter.errors import NotFoundError
from newsletter.rendering import logos
from newsletter.web import caching, headers
from newsletter.web.dependencies import WithContext

router = APIRouter()


@router.get("/logo/{tag}")
def show(request: Request, context: WithContext, tag: Annotated[str, Path(max_length=64)]) -> Response:
    """Return the logo as it is now, also under an older address: mails sent before a change keep having one."""
    del tag
    logo = logos.read(context.settings)
    if logo is None:
        raise NotFoundError
    response = caching.answer(request, logo.content, media_type=logo.media_type, tag=logo.tag)
    response.headers["content-security-policy"] = headers.policy(sandbox="")
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response
