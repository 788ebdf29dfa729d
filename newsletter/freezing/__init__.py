"""Freezing: everything an approval is about is rendered once, stored, and told by one hash."""

from newsletter.freezing.choices import combinations
from newsletter.freezing.frozen import Frozen, render
from newsletter.freezing.keeping import freeze, store
from newsletter.freezing.seal import ANNOUNCEMENT, digest, of_issue

__all__ = ["ANNOUNCEMENT", "Frozen", "combinations", "digest", "freeze", "of_issue", "render", "store"]
