"""The endpoints: which call is which, in the order in which Graph checks."""

import re
from dataclasses import dataclass
from typing import Any

from newsletter.sandbox.graph import access, failures, fields, nodes, opengraph, photos, posts, versions
from newsletter.sandbox.graph.calls import Call
from newsletter.sandbox.graph.faults import Fault, one
from newsletter.sandbox.graph.store import Store

LISTS = ("feed", "posts", "published_posts")


@dataclass(frozen=True)
class Answer:
    """What an endpoint says."""

    body: dict[str, Any]
    stored: bool = False  # whether something was made or changed by it


def run(store: Store, call: Call, plan: list[Fault]) -> Answer:
    """Carry out a call; raise GraphError for a refusal."""
    if versions.served(call.asked_version, store.now()) is None:
        raise failures.unknown_path(call.asked_version)
    if call.path == "/debug_token":
        return Answer(_debug_token(store, call))
    which = access.identify(store, call)
    parts = [part for part in call.path.split("/") if part]
    if not parts:
        return _scrape(store, call)
    if parts[0] == "me":
        return Answer(_me(store, which, parts[1:]))
    page = str(store.setting("page_id"))
    if found := re.fullmatch(rf"{re.escape(page)}_(\d+)", parts[0]):
        return _post(store, call, which, int(found[1]), plan)
    if parts[0] != page:
        raise failures.missing(parts[0])
    return _page(store, call, which, parts[1:], plan)


def _page(store: Store, call: Call, which: str, rest: list[str], plan: list[Fault]) -> Answer:
    if not rest and call.method == "GET":
        node = {"id": store.setting("page_id"), "name": store.setting("page_name")}
        node["access_token"] = store.setting("page_token_value")
        return Answer(fields.project(node, fields.parse(call.params.get("fields", "id,name")), "Page"))
    edge = "/".join(rest)
    if call.method == "POST" and edge in ("feed", "photos"):
        access.page_only(store, which)
        return Answer(posts.publish(store, call, plan) if edge == "feed" else photos.upload(store, call), stored=True)
    if call.method == "GET" and edge in LISTS:
        return Answer(nodes.listing(store, call, plan))
    if call.method == "GET" and edge == "scheduled_posts":
        access.page_only(store, which)
        return Answer(nodes.scheduled(store, call))
    raise failures.unknown_path(edge)


def _post(store: Store, call: Call, which: str, n: int, plan: list[Fault]) -> Answer:
    if call.method == "GET":
        if one(plan, "readback_404"):
            raise failures.missing(call.path.strip("/"))
        return Answer(nodes.read(store, call, n))
    access.page_only(store, which)
    if call.method == "DELETE":
        return Answer(posts.delete(store, n), stored=True)
    return Answer(posts.change(store, call, n), stored=True)


def _scrape(store: Store, call: Call) -> Answer:
    link = call.params.get("id", "")
    if not link.startswith(("http://", "https://")):
        raise failures.BAD_LINK
    card = opengraph.card(store, link, anew=call.method == "POST" and call.flag("scrape"))
    return Answer({"id": link, "url": card["url"], "title": card["title"], "description": card["description"]})


def _me(store: Store, which: str, rest: list[str]) -> dict[str, Any]:
    page = {"id": store.setting("page_id"), "name": store.setting("page_name")}
    if not rest:
        return page if which == "page" else {"id": "300000000000003", "name": "Sample editor"}
    if rest == ["accounts"]:
        tasks = ["CREATE_CONTENT", "MANAGE", "ANALYZE"]
        return {"data": [page | {"access_token": store.setting("page_token_value"), "tasks": tasks}]}
    if rest == ["permissions"]:
        return {"data": [{"permission": name, "status": "granted"} for name in access.PERMISSIONS]}
    raise failures.unknown_path("/".join(rest))


def _debug_token(store: Store, call: Call) -> dict[str, Any]:
    """Return what is known of `input_token`; the caller must be the app."""
    if not access.is_app_token(store, call.token):
        raise failures.invalid("You must provide an app access token, or a user access token of a developer.")
    which = access.token_kind(store, call.params.get("input_token", ""))
    state = store.setting(f"{which}_token") if which else "expired"
    data: dict[str, Any] = {
        "app_id": store.setting("app_id"),
        "application": "Newsletter",
        "type": which.upper() or "UNKNOWN",
        "is_valid": state == "valid",
        "issued_at": 0,
        "expires_at": 0,
        "data_access_expires_at": int(store.now()) + 90 * 86_400,
        "scopes": list(access.PERMISSIONS),
    }
    if which == "page":
        data["profile_id"] = store.setting("page_id")
    if state in failures.TOKENS:
        error = failures.TOKENS[state]
        data["error"] = {"code": error.code, "message": str(error), "subcode": error.subcode}
    return {"data": data}
