"""What is looked at before approval may be asked; one file a check, each with one function `check`."""

from newsletter.checks.running import CHECKS, run
from newsletter.checks.ticks import tick, untick, unticked
from newsletter.findings import Finding

__all__ = ["CHECKS", "Finding", "run", "tick", "untick", "unticked"]
