"""Which languages a reader gets in one mail: "en", or "en+ja" for both, their own first; pure."""

from collections.abc import Collection

BOTH = "+"
"""Stands between two languages that come in one mail."""


def wish(own: str, second: str = "") -> str:
    """Return the name of what a reader of `own`, and of `second` where it is not empty, gets."""
    return f"{own}{BOTH}{second}" if second and second != own else own


def of(wish: str) -> tuple[str, ...]:
    """Return the languages of a wish, the leading one first."""
    return tuple(wish.split(BOTH))


def within(wish: str, spoken: Collection[str]) -> str:
    """Return what is left of a wish where only some languages are `spoken`; empty where none is."""
    return BOTH.join(language for language in of(wish) if language in spoken)


def wishes(offered: Collection[str]) -> list[str]:
    """Return all that can be wished for: each language, then each with another after it."""
    return [*offered, *(wish(own, other) for own in offered for other in offered if own != other)]
