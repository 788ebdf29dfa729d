"""HEAD: answered wherever GET is, without the body (RFC 9110 9.3.2)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ASKED = "newsletter.head"
"""Marks a request that came as HEAD, for what GET may do and HEAD may not."""


def is_head(scope: Scope) -> bool:
    """Return whether a request came as HEAD."""
    return bool(scope.get(_ASKED)) or scope["method"] == "HEAD"


class HeadMiddleware:
    """Ask the application for GET and keep its body back; FastAPI's routes take no HEAD of their own."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything but HEAD on as it is."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET", _ASKED: True}, receive, without_body)
