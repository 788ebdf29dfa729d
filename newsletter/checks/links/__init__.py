"""Links: collected from an issue, looked at over the network beforehand, judged without it."""

from newsletter.checks.links.judging import check
from newsletter.checks.links.keeping import agent, due, keep, known, of
from newsletter.checks.links.probing import OUTCOMES, Probed, probe

__all__ = ["OUTCOMES", "Probed", "agent", "check", "due", "keep", "known", "of", "probe"]
