"""The HTML of a mail as read: its elements, and its style sheet for those programs that keep one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import html as lxml_html


@dataclass(frozen=True)
class Document:
    """One mail's HTML, as it is sent; two of the same HTML are one to what keeps what it found."""

    html: str

    @cached_property
    def root(self) -> Any:
        """Return the root element, an lxml one."""
        return lxml_html.document_fromstring(self.html)

    @cached_property
    def style(self) -> str:
        """Return the text of its style sheets, one after the other."""
        return "\n".join(element.text or "" for element in self.root.iter("style"))

    def elements(self) -> Iterator[Any]:
        """Yield every element of the body, in order; comments, as for one program, are none."""
        for element in self.root.iter():
            if isinstance(element.tag, str) and element.tag not in ("html", "head", "meta", "title", "style", "script"):
                yield element
