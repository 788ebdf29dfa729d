"""CSS written into the elements, since many mail clients drop a mail's style sheet."""

import functools
import logging
import os
import re
from typing import Any

# premailer keeps what it parsed in one small cache for everything (128 entries), in which the style
# sheet does not survive one document: 66 editions took 8.3 s, and take 3.1 s with a cache that holds.
os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "4096")

from premailer import Premailer

_SHEET = re.compile(r"(?<=<style>)[^<]*(?=</style>)")
_BLANKS = re.compile(r"\s+")
_AROUND_SIGNS = re.compile(r"\s*([{};,])\s*|(?<=:) |\s+(?=!important)")
_CLASS = re.compile(r"\.([a-z][a-z-]*)")
_TAG = re.compile(r"<[a-z][^>]*>")
_NAMES = re.compile(r' class="([^"]*)"')
_STYLE = re.compile(r' style="[^"]*"')
"""Of an element; a story's own text cannot hold a tag, since its brackets are escaped."""

_OPTIONS: dict[str, Any] = {
    "strip_important": False,  # by default it breaks every dark and narrow rule
    "keep_style_tags": False,
    "allow_network": False,
    "preserve_internal_links": True,
    "align_floating_images": False,
    # By default width: 100% overwrites the width Outlook needs; the others say again what the style says.
    "disable_basic_attributes": ["width", "height", "align", "valign", "bgcolor"],
    "disable_validation": True,  # cssutils does not know mso-*
    "cssutils_logging_level": logging.CRITICAL,
}


def inline(html: str) -> str:
    """Return the document with its plain `<style>` written into the elements, and made light.

    Rules that inlining would lose or break (media queries, `[data-ogsc]`) belong in a
    `<style data-premailer="ignore">`, which is kept. Class names that no kept rule asks for
    are left out: Gmail cuts a mail at 102 KB. Not idempotent: call it once.
    Nothing is fetched, and addresses and placeholders are left alone.
    """
    inliner = _Inliner(html, **_OPTIONS)
    return _light(str(inliner.transform(pretty_print=False)))


class _Inliner(Premailer):  # type: ignore[misc] # the library has no types
    """An inliner that reads one style sheet once: all editions have the same, and reading it was most of the work."""

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
        rules, leftover = _rules(css_body, ruleset_index)
        return list(rules), list(leftover)


@functools.lru_cache(maxsize=64)
def _rules(css_body: str, ruleset_index: int) -> tuple[list[Any], list[Any]]:
    """Return what the library makes of a sheet, with the options that `inline` gives."""
    reader = Premailer("<p>", **_OPTIONS)
    found: tuple[list[Any], list[Any]] = reader._parse_style_rules(css_body, ruleset_index)  # noqa: SLF001 - kept, not changed
    return found


def _light(html: str) -> str:
    head, body, rest = html.partition("<body")
    head = _SHEET.sub(lambda sheet: _AROUND_SIGNS.sub(r"\1", _BLANKS.sub(" ", sheet[0])).strip(), head)
    asked = set(_CLASS.findall(" ".join(_SHEET.findall(head))))
    return head + _TAG.sub(lambda tag: _lighter(tag[0], asked), body + rest)


def _lighter(tag: str, asked: set[str]) -> str:
    def named(classes: re.Match[str]) -> str:
        kept = " ".join(name for name in classes[1].split() if name in asked)
        return f' class="{kept}"' if kept else ""

    return _STYLE.sub(lambda style: style[0].replace("; ", ";"), _NAMES.sub(named, tag))
