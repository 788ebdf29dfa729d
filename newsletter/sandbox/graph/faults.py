"""The fault plan: which requests go wrong, and how."""

import json
from dataclasses import dataclass
from typing import Any

from newsletter.sandbox.graph.failures import GraphError
from newsletter.sandbox.graph.store import Store

BEFORE = frozenset({"close_before", "hang", "error", "html_502_before", "204", "redirect"})
"""Nothing is carried out or stored."""
AFTER = frozenset(
    {
        "close_after_store",
        "reset_after_store",
        "hang_after_store",
        "cut_json_after_store",
        "html_502_after_store",
        "error_after_store",
        "slow_headers",
        "drip",
    }
)
"""The request is carried out; the answer is lost, late or false."""
MODIFIERS = frozenset({"list_lag", "list_hide", "readback_404", "page_empty_with_next", "rate"})
"""The request is carried out in another way. list_lag and list_hide belong to the POST that makes the post."""


@dataclass(frozen=True)
class Fault:
    """One line of the plan that fits a request."""

    do: str
    spec: dict[str, Any]

    @property
    def seconds(self) -> float:
        """Return the duration it names, by default long enough for every timeout."""
        return float(self.spec.get("seconds", 600))

    def error(self) -> GraphError:
        """Return the error it names."""
        spec = self.spec
        return GraphError(
            int(spec.get("code", 1)),
            str(spec.get("message", "An unknown error has occurred.")),
            subcode=int(spec.get("subcode", 0)),
            status=int(spec.get("http", 400)),
            transient=bool(spec.get("is_transient", False)),
        )


def add(store: Store, specs: list[dict[str, Any]]) -> None:
    """Add lines `{"match": {"method", "path", "nth"}, "do", "times", ...}`; raise GraphError for an unknown one.

    `path` is how the path ends, `nth` from which fitting request on (1), `times` how often (1; -1: for ever).
    """
    for spec in specs:
        if spec.get("do") not in BEFORE | AFTER | MODIFIERS:
            message = f"There is no fault named {spec.get('do')!r}."
            raise GraphError(100, message)
        store.run("INSERT INTO fault (spec, remaining) VALUES (?, ?)", json.dumps(spec), int(spec.get("times", 1)))


def fitting(store: Store, method: str, path: str) -> list[Fault]:
    """Return the faults for this request and count it for them."""
    return [
        Fault(spec["do"], spec)
        for row in store.rows("SELECT id, spec FROM fault WHERE remaining != 0 ORDER BY id")
        if _fits(spec := json.loads(row["spec"]), method, path) and _counts(store, row["id"], spec)
    ]


def one(faults: list[Fault], *names: str) -> Fault | None:
    """Return the first of `faults` that has one of these names."""
    return next((fault for fault in faults if fault.do in names), None)


def _fits(spec: dict[str, Any], method: str, path: str) -> bool:
    match = spec.get("match", {})
    return match.get("method", method) == method and path.rstrip("/").endswith(str(match.get("path", "")).rstrip("/"))


def _counts(store: Store, fault_id: int, spec: dict[str, Any]) -> bool:
    nth = int(spec.get("match", {}).get("nth", 1))
    with store.locked():
        row = store.row("UPDATE fault SET matched = matched + 1 WHERE id = ? RETURNING matched, remaining", fault_id)
        if row is None or row["matched"] < nth or row["remaining"] == 0:
            return False
        if row["remaining"] > 0:
            store.run("UPDATE fault SET remaining = remaining - 1 WHERE id = ?", fault_id)
    return True
