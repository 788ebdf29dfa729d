"""How an issue begins: from an outline, or from an issue there is."""

from typing import Annotated

from fastapi import Form
from starlette.responses import Response

from newsletter import issues
from newsletter.web.dependencies import Reading, Writing
from newsletter.web.editor import route, standing
from newsletter.web.editor.desk import AtDesk

OFFERED = 12
"""Issues that are offered for copying: the last year of a monthly one. The page of any other issue copies it too."""

router = route.router()


@router.get("/issues/new")
def choose(at: AtDesk, session: Reading) -> Response:
    """Ask how to begin."""
    return at.page(
        "begin",
        outlines=issues.outlines(),
        entries=standing.entries(session, at.context.publication_id)[:OFFERED],
    )


@router.post("/issues/new")
def begin(at: AtDesk, session: Writing, outline: Annotated[str, Form()]) -> Response:
    """Make a draft of an outline."""
    chosen = issues.outline(outline)
    publication_id = at.context.publication_id
    made = issues.begin(session, at.context.settings, publication_id, chosen, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.issue(made.id, "compose", done="begun"))


@router.post("/issues/copy")
def copy(at: AtDesk, session: Writing, issue: Annotated[int, Form()]) -> Response:
    """Make a draft that says what another issue says."""
    source = issues.get(session, min(issue, route.GREATEST_NUMBER))
    made = issues.copy(session, at.context.settings, source, editor_id=at.editor.id, now=at.now)
    return at.go(at.links.issue(made.id, "compose", done="copied"))
