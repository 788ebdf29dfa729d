"""Style sheets and pictures of the pages themselves."""

from os import PathLike, stat_result

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from newsletter.web import theme
from newsletter.web.dependencies import WithContext
from newsletter.web.links import STATIC

KEEP = "public, max-age=31536000, immutable"
ASK = "no-cache"

router = APIRouter()


@router.get("/static/theme.css")
def show_theme(request: Request, context: WithContext) -> Response:
    """Return the office's colours."""
    caching = KEEP if "v" in request.query_params else ASK
    return Response(theme.css(context.settings.look), media_type="text/css", headers={"cache-control": caching})


class Assets(StaticFiles):
    """Serve the static folder; an address with a version may be kept for ever."""

    def __init__(self) -> None:
        """Serve the folder that comes with the program."""
        super().__init__(directory=STATIC)

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Return the file with its caching."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = KEEP if b"v=" in scope["query_string"] else ASK
        return response
