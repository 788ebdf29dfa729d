"""Which fields a story of each kind has, in the order in which an editor fills them."""

PARAGRAPHS = ("body", "participants")
"""Fields of words that may have several lines: one paragraph after another, one name a line."""

WORDS: dict[str, tuple[str, ...]] = {
    "fair": (
        "title", "summary", "city", "venue", "hours", "booth", "participants", "organiser", "body", "link_label",
    ),
    "food": ("title", "summary", "product", "place", "where", "contact", "body", "link_label"),
    "industry": ("title", "summary", "who", "programme", "contact", "body", "link_label"),
    "report": ("title", "summary", "body", "link_label"),
    "notice": ("title", "summary", "body", "link_label"),
}  # fmt: skip
FACTS: dict[str, tuple[str, ...]] = {
    "fair": ("status", "starts", "ends", "country", "zone", "map_url"),
    "food": ("starts", "ends"),
    "industry": ("deadline",),
    "report": ("happened",),
    "notice": ("about", "starts"),
}
SHARED = ("topic", "url", "only")
KINDS = tuple(WORDS)

CHOICES: dict[str, tuple[str, ...]] = {
    "status": ("planned", "changed", "postponed", "cancelled"),
    "about": ("", "seminar", "country", "jet", "sister_city"),
}
DAYS = ("starts", "ends", "deadline", "happened")

THIRDS = (0.17, 0.5, 0.83)
FOCUS = tuple((across, down) for down in THIRDS for across in THIRDS)
"""The nine points of a picture that may stay in view, row by row."""


def nearest(focus: tuple[float, float]) -> int:
    """Return which of the nine points is nearest."""
    return min(range(len(FOCUS)), key=lambda one: sum((a - b) ** 2 for a, b in zip(FOCUS[one], focus, strict=True)))
