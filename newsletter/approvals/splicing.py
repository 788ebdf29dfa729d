"""Whole mails inside a letter: the mail's own body and styles, as they were frozen."""

import re
from collections.abc import Mapping

MOST_BYTES = 98_000
"""Gmail cuts a mail off at about 102 KB (seen 2026); what does not fit is left to the page."""

_BODY = re.compile(r"<body\b[^>]*>(.*)</body>", re.IGNORECASE | re.DOTALL)
_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.IGNORECASE | re.DOTALL)
_HEAD_END = re.compile(r"</head>", re.IGNORECASE)


def marker(name: str) -> str:
    """Return the comment in a letter's template that a mail takes the place of."""
    return f"<!--mail-{name}-->"


def fitting(letter_bytes: int, mails: Mapping[str, str]) -> list[str]:
    """Return the names of the mails that fit into a letter of that size, in their order."""
    fit, size = [], letter_bytes
    for name, html in mails.items():
        size += len(html.encode())
        if size > MOST_BYTES:
            break
        fit.append(name)
    return fit


def put_in(letter: str, mails: Mapping[str, str]) -> str:
    """Return the letter with the body of each mail in its marker's place, and the styles it lacks in the head."""
    styles: list[str] = []
    for name, html in mails.items():
        body = _BODY.search(html)
        letter = letter.replace(marker(name), body[1] if body else "")
        styles += [style for style in _STYLE.findall(html) if style not in letter and style not in styles]
    return _HEAD_END.sub(lambda end: "".join(styles) + end[0], letter, count=1)
