"""The test's own door, under /__sim: faults, clock, log, truth, profile."""

import json
from typing import Any

from newsletter.sandbox.graph import failures, faults, nodes
from newsletter.sandbox.graph.calls import Call
from newsletter.sandbox.graph.store import PROFILE, Store


def run(store: Store, call: Call) -> dict[str, Any]:
    """Carry out a call to /__sim/...; raise GraphError for one that does not exist."""
    name = call.path.removeprefix("/__sim").strip("/")
    if call.method == "GET":
        return _told(store, call, name)
    given = json.loads(call.body or b"{}")
    if name == "faults":
        faults.add(store, given if isinstance(given, list) else [given])
    elif name == "clock":
        store.put("clock_offset", float(store.setting("clock_offset")) + float(given["advance"]))
    elif name == "reset":
        store.reset()
    elif name == "profile":
        _profile(store, given)
    else:
        raise failures.unknown_path(call.path)
    return {"success": True}


def _told(store: Store, call: Call, name: str) -> dict[str, Any]:
    if name == "log":
        return {"data": [dict(row) for row in store.rows("SELECT * FROM log ORDER BY id")]}
    if name == "posts":
        return {"data": [_truth(store, call, dict(row)) for row in store.rows("SELECT * FROM post ORDER BY n")]}
    if name == "unknown":
        return {"data": [dict(row) for row in store.rows("SELECT * FROM unknown ORDER BY name")]}
    if name == "clock":
        return {"now": store.now()}
    if name == "profile":
        return {key: store.setting(key) for key in PROFILE}
    raise failures.unknown_path(call.path)


def _truth(store: Store, call: Call, row: dict[str, Any]) -> dict[str, Any]:
    shown = {seen["n"] for seen in nodes.visible(store)}
    row |= {"id": f"{store.setting('page_id')}_{row['n']}", "visible": row["n"] in shown}
    return row | {"permalink": nodes.permalink(store, call.base, row["n"]), "card": json.loads(row["card"])}


def _profile(store: Store, given: dict[str, Any]) -> None:
    for key, value in given.items():
        states = ("valid", *failures.TOKENS)
        if key not in PROFILE or (key.endswith("_token") and value not in states):
            message = f"There is no profile setting {key} = {value!r}."
            raise failures.invalid(message)
        store.put(key, value)
