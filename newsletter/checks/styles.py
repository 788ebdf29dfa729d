"""Style sheets and style attributes, read as browsers read them (CSS Syntax, by tinycss2)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tinycss2


@dataclass(frozen=True)
class Declaration:
    """One property and its value."""

    name: str
    value: str
    important: bool


@dataclass(frozen=True)
class Rule:
    """The declarations of one selector; `media` is the condition around it, empty where there is none."""

    selector: str
    declarations: tuple[Declaration, ...]
    media: str


@lru_cache(maxsize=4096)
def attribute(style: str) -> tuple[Declaration, ...]:
    """Return the declarations of a style attribute."""
    return tuple(_declarations(tinycss2.parse_blocks_contents(style)))


@lru_cache(maxsize=64)
def sheet(style: str) -> tuple[Rule, ...]:
    """Return each selector of a style sheet with its declarations, those within @media too."""
    return tuple(_rules(tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True), ""))


def at_rules(style: str) -> Iterator[str]:
    """Yield the names of the @rules of a style sheet: media, import, font-face."""
    for node in tinycss2.parse_stylesheet(style, skip_comments=True, skip_whitespace=True):
        if node.type == "at-rule":
            yield node.lower_at_keyword


def _rules(nodes: Iterable[Any], media: str) -> Iterator[Rule]:
    for node in nodes:
        if node.type == "qualified-rule":
            said = tuple(_declarations(tinycss2.parse_blocks_contents(node.content)))
            for selector in tinycss2.serialize(node.prelude).split(","):
                yield Rule(selector.strip(), said, media)
        elif node.type == "at-rule" and node.lower_at_keyword in ("media", "supports") and node.content:
            condition = f"{node.lower_at_keyword} {tinycss2.serialize(node.prelude).strip()}"
            inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            yield from _rules(inner, f"{media} {condition}".strip())


def _declarations(nodes: Iterable[Any]) -> Iterator[Declaration]:
    for node in nodes:
        if node.type == "declaration":
            yield Declaration(node.lower_name, tinycss2.serialize(node.value).strip(), node.important)
