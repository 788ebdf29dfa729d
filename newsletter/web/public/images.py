"""Pictures of issues, named by the hash of their bytes."""

import functools
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from newsletter import images, urls
from newsletter.errors import NotFoundError
from newsletter.models import Image
from newsletter.web import caching, headers
from newsletter.web.assets import KEEP
from newsletter.web.dependencies import Reading

MOST_CUT = 64
"""Previews kept in memory, with their pictures at most 30 MB; one takes about 30 ms to make."""

router = APIRouter()


@router.get("/i/{image_hash}")
def show(request: Request, session: Reading, image_hash: Annotated[str, Path(max_length=64)]) -> Response:
    """Return a picture; it never changes, and mails and other sites may show it."""
    image = _get(session, image_hash)
    return _open(caching.answer(request, image.content, media_type=image.media_type, caching=KEEP, tag=image.hash))


@router.get("/i/{image_hash}/{across}x{down}.jpg")
def show_preview(
    request: Request, session: Reading, image_hash: Annotated[str, Path(max_length=64)], across: int, down: int
) -> Response:
    """Return a picture as link previews show it, cut around one of nine points, told in percent from top left."""
    if {across, down} - set(urls.THIRDS):
        raise NotFoundError
    body = _cut(_get(session, image_hash).content, across, down)
    return _open(caching.answer(request, body, media_type="image/jpeg", caching=KEEP))


@functools.lru_cache(MOST_CUT)
def _cut(content: bytes, across: int, down: int) -> bytes:
    return images.preview(content, (across / 100, down / 100))


def _get(session: Reading, image_hash: str) -> Image:
    image = session.get(Image, image_hash)
    if image is None:
        raise NotFoundError
    return image


def _open(response: Response) -> Response:
    response.headers["content-security-policy"] = headers.policy(sandbox="")
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response
