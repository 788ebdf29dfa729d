"""The links of our own pages, found and changed; pure.

Templates write every attribute in double quotes and escape what stands in it, so that tags can be told apart from
text without a parser that would write the whole page anew.
"""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape

_TAG = re.compile(r"<[a-z][^<>]*>")
_LINK = re.compile(r'(?P<before>\s(?:href|src|action)=")(?P<link>[^"]*)"')


def links(page: str) -> Iterator[str]:
    """Yield where the tags of a page lead."""
    for tag in _TAG.finditer(page):
        for match in _LINK.finditer(tag.group()):
            yield unescape(match["link"])


def relinked(page: str, change: Callable[[str], str]) -> str:
    """Return a page with each link replaced by what `change` makes of it."""

    def changed(match: re.Match[str]) -> str:
        return f'{match["before"]}{escape(change(unescape(match["link"])))}"'

    return _TAG.sub(lambda tag: _LINK.sub(changed, tag.group()), page)
