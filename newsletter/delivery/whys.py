"""Why an issue has paused: kept as the name of a sentence with its values, told in each editor's language.

What a person typed, and what older versions wrote, is kept and told as it is. A mail server's own words
are a quotation, in whatever language they came.
"""

import json
from typing import Any

from newsletter import words

_KEYS = {"area", "say", "values", "quote"}


def written(name: str, /, *, area: str = "report", quote: str = "", **values: object) -> str:
    """Return what is stored for the sentence `name` of an area of words; `quote` is what a server said."""
    return json.dumps({"area": area, "say": name, "values": values, "quote": quote}, ensure_ascii=False)


def told(stored: str | None, language: str) -> str:
    """Return a stored reason as a sentence in `language`, English where there are no such words."""
    kept = _kept(stored or "")
    if kept is None:
        return stored or ""
    area = kept["area"]
    say = words.load(area, language if language in words.languages(area) else "en")
    if kept["say"] not in say.names():
        return kept["quote"] or stored or ""
    sentence = say(kept["say"], **_said(say, kept["values"]))
    if not kept["quote"]:
        return sentence
    return words.load("report", say.language)("pause.quoted", sentence=sentence, quote=kept["quote"])


def _kept(stored: str) -> dict[str, Any] | None:
    if not stored.startswith("{"):
        return None
    try:
        kept = json.loads(stored)
    except ValueError:
        return None
    return kept if isinstance(kept, dict) and kept.keys() == _KEYS else None


def _said(say: words.Words, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values as they stand in a sentence: a list is one of reasons of a refusal."""
    return {
        name: say("comma").join(_reason(say, word) for word in value) if isinstance(value, list) else value
        for name, value in values.items()
    }


def _reason(say: words.Words, word: str) -> str:
    name = f"reason.{word}"
    return say(name if name in say.names() else "reason.other")
