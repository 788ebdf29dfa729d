"""Pictures of issues, named by the hash of their bytes."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from newsletter.errors import NotFoundError
from newsletter.models import Image
from newsletter.web import caching, headers
from newsletter.web.assets import KEEP
from newsletter.web.dependencies import Reading

router = APIRouter()


@router.get("/i/{image_hash}")
def show(request: Request, session: Reading, image_hash: Annotated[str, Path(max_length=64)]) -> Response:
    """Return a picture; it never changes, and mails and other sites may show it."""
    image = session.get(Image, image_hash)
    if image is None:
        raise NotFoundError
    response = caching.answer(request, image.content, media_type=image.media_type, caching=KEEP, tag=image.hash)
    response.headers["content-security-policy"] = headers.policy(sandbox="")
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response
