"""Bounces: what mail servers write about mail they could not deliver, read into recipients and reasons."""

from subscribers.bounces.reading import Bounced, read
from subscribers.bounces.reasons import HARD, OURS, reason_of

__all__ = ["HARD", "OURS", "Bounced", "read", "reason_of"]
