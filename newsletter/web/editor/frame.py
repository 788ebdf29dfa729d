"""A frozen mail as an answer of its own, to stand in a frame: it shows its pictures and styles, and does nothing."""

import re
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, Response

from newsletter.web import headers, templating
from newsletter.web.context import Context

_HEAD = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)


def answer(context: Context, html: str) -> Response:
    """Return the mail under a policy of its own; its links would open a window, which the sandbox forbids."""
    base = urlsplit(context.settings.web.base_url)
    policy = headers.policy(
        style_src="'unsafe-inline'",
        img_src=f"'self' data: {base.scheme}://{base.netloc}",
        form_action="'none'",
        frame_ancestors="'self'",
        sandbox="",
    )
    body = _HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', html, count=1)
    return HTMLResponse(body, headers={"content-security-policy": policy, "cache-control": templating.PRIVATE})
