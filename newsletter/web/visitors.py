"""Whether a request is worth counting: made by somebody who wants to see the page, as far as it says."""

import re
from collections.abc import Mapping

_ROBOT = re.compile(
    r"bot|crawl|spider|slurp|preview|externalhit|monitor|scanner|curl|wget|python|java/|go-http|headless", re.IGNORECASE
)
_IN_ADVANCE = ("sec-purpose", "purpose", "x-purpose", "x-moz")
"""Headers with which browsers and mail programs say that they only fetch in advance."""


def is_person(headers: Mapping[str, str]) -> bool:
    """Return False for what programs fetch and browsers fetch in advance; many scanners of mail say neither."""
    return not any(name in headers for name in _IN_ADVANCE) and not _ROBOT.search(headers.get("user-agent", ""))
