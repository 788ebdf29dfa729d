"""A mail in a frame of the desk: in the light or in the dark, and nothing gets out of it."""

import re
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, Response

from newsletter.web import headers
from newsletter.web.editor.desk import Desk

ALWAYS, NEVER = "(min-width: 0)", "(max-width: 0)"
"""A media query that holds everywhere, and one that holds nowhere."""

_MEDIA = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_DECLARED = re.compile(r"((?:supported-)?color-schemes?(?:\"\s+content=\"|\s*:\s*))light(?:\s+dark)?", re.IGNORECASE)
_HEAD = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)


def answer(at: Desk, html: str, scheme: str) -> Response:
    """Return a mail under a policy of its own: it may show its pictures and styles, and nothing else."""
    base = urlsplit(at.context.settings.web.base_url)
    policy = headers.policy(
        style_src="'unsafe-inline'",
        img_src=f"'self' data: {base.scheme}://{base.netloc}",
        form_action="'none'",
        frame_ancestors="'self'",
        sandbox="",
    )
    body = leading_nowhere(in_scheme(html, scheme))
    return HTMLResponse(body, headers={"content-security-policy": policy, "cache-control": "no-store"})


def in_scheme(html: str, scheme: str) -> str:
    """Return the mail as a reader with that colour scheme sees it.

    A page cannot tell a frame which scheme to prefer, so the media queries that ask are answered here.
    """
    answered = _MEDIA.sub(lambda asked: ALWAYS if asked[1].lower() == scheme else NEVER, html)
    return _DECLARED.sub(rf"\g<1>{scheme}", answered)


def leading_nowhere(html: str) -> str:
    """Return the mail with links that would open a new window, which the sandbox forbids: they do nothing."""
    return _HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', html, count=1)
