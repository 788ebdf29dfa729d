"""Approvals: the word of named people on exactly what will be sent."""

from newsletter.approvals import chain
from newsletter.approvals.asking import Prepared, ask, prepare
from newsletter.approvals.chain import APPROVERS
from newsletter.approvals.deciding import give, refuse, take_back
from newsletter.approvals.lines import history

__all__ = ["APPROVERS", "Prepared", "ask", "chain", "give", "history", "prepare", "refuse", "take_back"]
