"""Markdown as editors write it, to the small HTML subset; emphasis and line breaks work in Japanese too."""

import functools
import re

from markdown_it import MarkdownIt
from mdit_py_cjk_friendly import cjk_friendly  # type: ignore[import-untyped]  # the package carries no types

_REFUSED = {
    "heading_open": "headings (# ...)",
    "blockquote_open": "quotations (> ...)",
    "fence": "code blocks",
    "code_inline": "code (`...`)",
    "hr": "lines (---)",
    "image": "pictures (name one with picture = ... at the top of the file)",
}
_WIDE_RANGES = "　-ヿ㐀-鿿豈-﫿＀-｠"
_WIDE = re.compile(f"[{_WIDE_RANGES}]")
_BREAK = re.compile(r"\s*\n\s*")
_SOFT_BREAK = re.compile(rf"(?<=[{_WIDE_RANGES}])(\**)\n {{0,3}}(\**)(?=[{_WIDE_RANGES}])")
"""A line break between Japanese characters, emphasised or not: it must not become a space."""


@functools.cache
def _parser() -> MarkdownIt:
    # Indented text is a paragraph and not code: editors indent for looks. HTML shows as it is written.
    return MarkdownIt("commonmark", {"html": False}).disable("code").use(cjk_friendly)


def html(text: str) -> str:
    """Return the HTML of a Markdown text."""
    return str(_parser().render(_SOFT_BREAK.sub(r"\1\2", text))).strip()


def refused(text: str) -> list[str]:
    """Return what the text uses that a letter cannot show, in words for the editor."""
    tokens = _parser().parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    return sorted({_REFUSED[token.type] for token in (*tokens, *inner) if token.type in _REFUSED})


def line(text: str) -> str:
    """Return a text of several source lines as one line: joined by spaces, but not between Japanese characters."""
    joined = text.strip()
    while found := _BREAK.search(joined):
        left, right = joined[: found.start()], joined[found.end() :]
        wide = _WIDE.match(left[-1:]) and _WIDE.match(right[:1])
        joined = f"{left}{'' if wide else ' '}{right}"
    return joined
