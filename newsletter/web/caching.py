"""Answers that a browser or proxy may keep: a strong ETag, and 304 where it already has them."""

import hashlib

from fastapi import Request
from starlette.responses import Response

PUBLIC_SECONDS = 300
"""How long a public page may be shown without asking; a correction is seen after that at the latest."""


def answer(
    request: Request, body: bytes, *, media_type: str, caching: str = f"public, max-age={PUBLIC_SECONDS}", tag: str = ""
) -> Response:
    """Return `body`, or 304 (RFC 9110 13.1.2) where the request names its tag; the tag is its hash if not given."""
    tag = f'"{tag or hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": caching}
    if tag in _known(request):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _known(request: Request) -> set[str]:
    """Return the tags of If-None-Match, compared weakly: a proxy that compresses marks them so."""
    parts = ",".join(request.headers.getlist("if-none-match")).split(",")
    return {part.strip().removeprefix("W/") for part in parts}
