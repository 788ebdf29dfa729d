"""One request, with its parameters from wherever they came: query, form, multipart or JSON."""

import io
import json
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from python_multipart import parse_form

from newsletter.sandbox.graph import versions
from newsletter.sandbox.graph.failures import GraphError


@dataclass(frozen=True)
class Call:
    """A request as the endpoints see it."""

    method: str
    path: str  # without the version
    asked_version: str
    token: str
    base: str  # the address of this server as the caller knows it
    headers: Message
    params: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    body: bytes = b""

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a parameter as true or false."""
        return self.params.get(name, str(default)).lower() in ("true", "1")

    def listed(self, name: str) -> list[Any]:
        """Return a list given as JSON, or as name[0], name[1], ... each holding JSON."""
        try:
            if name in self.params:
                return list(json.loads(self.params[name]))
            return [json.loads(value) for key, value in sorted(self.params.items()) if key.startswith(f"{name}[")]
        except ValueError as error:
            raise GraphError(100, f"(#100) Param {name} must be valid JSON") from error


def read(method: str, target: str, headers: Message, body: bytes, base: str) -> Call:
    """Return the call; the token may stand in the header (Bearer, OAuth) or among the parameters."""
    parts = urlsplit(target)
    version, path = versions.split(parts.path)
    params = dict(parse_qsl(parts.query, keep_blank_values=True))
    files: dict[str, bytes] = {}
    kind = headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind == "application/json" and body:
        params |= _from_json(body)
    elif kind == "multipart/form-data":
        _read_multipart(headers, body, params, files)
    elif body:
        params |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    token = params.pop("access_token", "")
    scheme, _, credentials = headers.get("Authorization", "").partition(" ")
    if scheme.lower() in ("bearer", "oauth"):
        token = credentials.strip()
    return Call(method, path, version, token, base, headers, params, files, body)


def _from_json(body: bytes) -> dict[str, str]:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise GraphError(100, "(#100) The body is not valid JSON") from error
    if not isinstance(content, dict):
        raise GraphError(100, "(#100) The body must be a JSON object")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in content.items()}


def _read_multipart(headers: Message, body: bytes, params: dict[str, str], files: dict[str, bytes]) -> None:
    def keep_field(part: Any) -> None:
        params[part.field_name.decode()] = (part.value or b"").decode("utf-8", "replace")

    def keep_file(part: Any) -> None:
        part.file_object.seek(0)
        files[part.field_name.decode()] = part.file_object.read()

    raw = {"Content-Type": headers["Content-Type"].encode(), "Content-Length": str(len(body)).encode()}
    parse_form(raw, io.BytesIO(body), keep_field, keep_file)
