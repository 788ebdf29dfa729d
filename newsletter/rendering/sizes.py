"""Sizes of files in words."""

KILO = 1000
"""As mail clients and file managers count."""


def told(size: int, language: str) -> str:
    """Return "1.2 MB" or "340 KB"; at least 1 KB. The units are the same in every language."""
    del language
    if size >= KILO * KILO:
        return f"{size / KILO / KILO:.1f} MB"
    return f"{max(1, round(size / KILO))} KB"
