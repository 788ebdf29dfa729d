"""What is wrong with a value, in words for an editor and not for a programmer."""

from collections.abc import Mapping

from pydantic_core import ErrorDetails

_SAID = {
    "missing": "this is missing.",
    "bool_type": "write true or false, without quotation marks.",
    "bool_parsing": "write true or false, without quotation marks.",
    "string_type": 'write words in quotation marks: "..."',
    "string_pattern_mismatch": "write the whole address, beginning with https://",
    "tuple_type": 'write a list in square brackets: ["one", "two"]',
}


def explain(problem: ErrorDetails) -> str:
    """Return the sentence for one of pydantic's errors."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind in _SAID:
        return _SAID[kind]
    if kind.startswith(("date", "none_required")):
        return "write a day, without quotation marks: 2026-12-17"
    return _counted(kind, context) or f"{problem['msg']}."


def _counted(kind: str, context: Mapping[str, object]) -> str:
    if kind == "string_too_long":
        return f"this is too long; {context['max_length']} characters are the most."
    if kind == "literal_error":
        return f"write one of {context['expected']}."
    return ""
