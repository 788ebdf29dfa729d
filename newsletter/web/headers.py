"""Security headers on every answer, and the one place where a page's content policy is made."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_STRICT = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_TWO_YEARS_SECONDS = 63_072_000


def policy(**changes: str) -> str:
    """Return the content policy of a page; `policy(frame_src="'self'")` adds a directive or replaces it.

    An answer that sets its own `Content-Security-Policy` keeps it: that is how one page differs.
    """
    directives = _STRICT | {name.replace("_", "-"): sources for name, sources in changes.items()}
    return "; ".join(f"{name} {sources}".strip() for name, sources in directives.items())


def common(*, secure: bool) -> dict[str, str]:
    """Return the headers every answer has; `secure` where readers come by https.

    `same-origin` keeps the tokens of our links from every other site, and still lets a
    browser name its origin when it posts a form, which `no-referrer` would turn to "null".
    """
    headers = {
        "content-security-policy": policy(),
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
    }
    if secure:
        headers["strict-transport-security"] = f"max-age={_TWO_YEARS_SECONDS}"
    return headers


class HeadersMiddleware:
    """Add the common headers that an answer does not set itself."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """Wrap `app`."""
        self._app = app
        self._common = common(secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its answer."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._common.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, complete if scope["type"] == "http" else send)
