"""Graph's field expressions: `id,message,attachments{url,target},comments.summary(total_count).limit(0)`."""

import re
from typing import Any

from newsletter.sandbox.graph.failures import GraphError

Tree = dict[str, "Tree"]
"""Field names with the fields asked of each."""

_PIECE = re.compile(r"[A-Za-z0-9_]+|\.[a-z_]+\([^)]*\)|[{},]")


def parse(text: str) -> Tree:
    """Return the fields that `text` asks for; modifiers such as .limit(0) are accepted and ignored."""
    return _level(_PIECE.findall(text))


def project(node: dict[str, Any], tree: Tree, kind: str) -> dict[str, Any]:
    """Return what `tree` asks of `node`, always with its id; raise GraphError for a field that it cannot have."""
    chosen: dict[str, Any] = {"id": node["id"]} if "id" in node else {}
    for name, inner in tree.items():
        if name not in node:
            message = f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})"
            raise GraphError(100, message)
        if node[name] is not None:
            chosen[name] = _inner(node[name], inner)
    return chosen


def _level(pieces: list[str]) -> Tree:
    tree: Tree = {}
    last = ""
    while pieces:
        piece = pieces.pop(0)
        if piece == "{":
            tree[last] = _level(pieces)
        elif piece == "}":
            break
        elif piece != "," and not piece.startswith("."):
            last = piece
            tree[last] = {}
    return tree


def _inner(value: Any, tree: Tree) -> Any:
    if isinstance(value, list):
        return [_inner(entry, tree) for entry in value]
    if not tree or not isinstance(value, dict):
        return value
    if "data" in value:
        return {"data": _inner(value["data"], tree)}
    return {name: _inner(value[name], inner) for name, inner in tree.items() if name in value}
