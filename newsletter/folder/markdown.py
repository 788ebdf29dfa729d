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
_WIDE = "[　-ヿ㐀-鿿豈-﫿＀-｠]"
_BREAK = r"(?<!\\)[^\S\n]*\n[^\S\n]*"
_NO_LIST = r"(?![*+-]\s|\d+[.)]\s|\s)"
_IN_JAPANESE = re.compile(rf"(?<={_WIDE})(\**){_BREAK}{_NO_LIST}(\**)(?=\S)|(?<=\S)(\**){_BREAK}(\**)(?={_WIDE})")
_ELSEWHERE = re.compile(rf"(?<={_WIDE})(\**){_BREAK}(\**)(?={_WIDE})")
"""A line break beside Japanese characters, emphasised or not, must not become a space."""


@functools.cache
def _parser() -> MarkdownIt:
    # Indented text is a paragraph and not code: editors indent for looks. HTML shows as it is written.
    return MarkdownIt("commonmark", {"html": False}).disable("code").use(cjk_friendly)


def html(text: str, language: str) -> str:
    """Return the HTML of a Markdown text."""
    return str(_parser().render(_joined(text, language))).strip()


def refused(text: str) -> list[str]:
    """Return what the text uses that a letter cannot show, in words for the editor."""
    tokens = _parser().parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    return sorted({_REFUSED[token.type] for token in (*tokens, *inner) if token.type in _REFUSED})


def line(text: str, language: str) -> str:
    """Return a text of several source lines as one line."""
    return " ".join(part.strip() for part in _joined(text.strip(), language).splitlines())


def _joined(text: str, language: str) -> str:
    pattern = _IN_JAPANESE if language == "ja" else _ELSEWHERE
    return pattern.sub(lambda match: "".join(group for group in match.groups() if group), text)
