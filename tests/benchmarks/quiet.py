"""Whether the machine has anything else to do: rates and ratios measured on a busy one lie."""

import time
from collections.abc import Callable
from pathlib import Path

MOST_PERCENT = 15.0
"""Of all processors; a machine that idles has less."""
LOOK_SECONDS = 3.0
PATIENCE_SECONDS = 60.0


def wait(say: Callable[[str], None]) -> float:
    """Wait a minute at most until the machine is quiet; return how busy it is then, in percent."""
    end = time.monotonic() + PATIENCE_SECONDS
    busy = percent()
    if busy > MOST_PERCENT:
        say(f"This machine is {busy:.0f} % busy with something else; waiting up to a minute for it to be quiet ...")
    while busy > MOST_PERCENT and time.monotonic() < end:
        busy = percent()
    if busy > MOST_PERCENT:
        say(f"It is still {busy:.0f} % busy: processor times can be used, but rates and ratios may lie.")
    return round(busy, 1)


def percent(seconds: float = LOOK_SECONDS) -> float:
    """Return the share of all processors' time that others use now."""
    before = _ticks()
    time.sleep(seconds)
    spent = [late - early for late, early in zip(_ticks(), before, strict=True)]
    idle = spent[3] + spent[4]  # proc(5): idle and waiting for disks
    return 100.0 * (sum(spent) - idle) / max(1, sum(spent))


def _ticks() -> list[int]:
    first = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0]
    return [int(word) for word in first.split()[1:9]]  # what guests use is in the first two already
