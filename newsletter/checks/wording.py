"""What stories and issues say, as plain text, field by field."""

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from newsletter.content import IssueText, Text

HTML_FIELDS = ("body", "introduction")
_BLOCK_END = re.compile(r"</(?:p|li|ul|ol)>|<br ?/?>")


def fields(text: Text | IssueText) -> Iterator[tuple[str, str]]:
    """Yield the name and the plain text of every filled field."""
    for name in type(text).model_fields:
        value = getattr(text, name)
        said = plain(value) if name in HTML_FIELDS else _line(value)
        if said:
            yield name, said


def plain(html: str) -> str:
    """Return the words of an HTML text on one line."""
    return str(Markup(_BLOCK_END.sub(" ", html)).striptags())  # noqa: S704 - only to take its tags away


def _line(value: str | Sequence[str]) -> str:
    return value.strip() if isinstance(value, str) else ", ".join(value)
