"""The page around a previewed mail: its switches, its subject, who else gets what, and a test to colleagues."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from starlette.responses import Response

from newsletter.content import IssueContent
from newsletter.models import Issue
from newsletter.previews import Copy, Reader, RecipientsError
from newsletter.web import headers
from newsletter.web.editor import standing
from newsletter.web.editor.desk import Desk
from newsletter.web.editor.readers import Readership
from subscribers import languages

KNOWN = {
    "form": ("html", "text", "source", "headers"),
    "width": ("wide", "phone"),
    "scheme": ("light", "dark"),
}
"""The switches of a preview and their positions, the first being the usual one."""


@dataclass(frozen=True)
class Switch:
    """A choice of how to look at a mail: its positions, each with the query that leads there."""

    name: str
    ways: list[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """What a page previews: a copy, at which address below the issue, of what content."""

    issue: Issue
    copy: Copy
    way: str  # "editions/5", "drafts/en", "readers/17"
    content: IssueContent
    readership: Readership | None = None
    edition_id: int = 0
    reader: Reader | None = None  # None: a stand-in
    to: str | None = None  # addresses typed for a test; None: nothing was typed
    wrong: RecipientsError | None = field(default=None)


def _view(form: str = "html", width: str = "wide", scheme: str = "light") -> dict[str, str]:
    wishes = {"form": form, "width": width, "scheme": scheme}
    return {name: wishes[name] if wishes[name] in ways else ways[0] for name, ways in KNOWN.items()}


View = Annotated[dict[str, str], Depends(_view)]
"""The position of each switch."""


def page(at: Desk, shown: Shown, view: dict[str, str]) -> Response:
    """Return the page of one preview."""
    base = at.links.issue(shown.issue.id, *shown.way.split("/"))
    offered = at.context.settings.publication.languages
    response = at.page(
        "preview",
        status=422 if shown.wrong else 200,
        here=f"{base}?{urlencode(view)}",
        base=base,
        view=view,
        switches=_switches(view),
        shown=shown,
        issue=shown.issue,
        mail=shown.copy,
        tongues=languages.of(shown.copy.language),
        preheader=shown.content.texts[shown.copy.leading].preheader,
        all=len(shown.content.stories),
        spoken=standing.ordered(shown.content, offered),
        readership=shown.readership,
        paired=_paired(shown.readership),
        edition_id=shown.edition_id,
        sender=at.context.settings.publication.from_address,
        to=at.editor.email if shown.to is None else shown.to,
    )
    response.headers["content-security-policy"] = headers.policy(frame_src="'self'")
    return response


def _paired(readership: Readership | None) -> list[str]:
    """Return the pairs of languages that come in one mail."""
    names = {cut.edition.language for cut in readership.cuts} if readership else set()
    return sorted(name for name in names if languages.BOTH in name)


def _switches(view: Mapping[str, str]) -> list[Switch]:
    """Return the switches that matter: only the designed mail has width and colours."""
    names = KNOWN if view["form"] == "html" else ("form",)
    return [Switch(name, [(way, urlencode({**view, name: way})) for way in KNOWN[name]]) for name in names]
