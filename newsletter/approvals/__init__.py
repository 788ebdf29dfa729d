"""Approvals: the word of named people on exactly what will be sent."""

from newsletter.approvals.asking import Prepared, ask, prepare
from newsletter.approvals.chain import APPROVERS
from newsletter.approvals.deciding import give, refuse
from newsletter.approvals.lines import history

__all__ = ["APPROVERS", "Prepared", "ask", "give", "history", "prepare", "refuse"]
