"""How an answer goes over the wire: whole, or spoiled by a fault."""

import json
import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from newsletter.sandbox.graph.faults import Fault

HTML_502 = b"<html><head><title>502 Bad Gateway</title></head><body>Sorry, something went wrong.</body></html>"


@dataclass(frozen=True)
class Response:
    """Status, header fields and body of one answer."""

    status: int
    body: bytes
    media_type: str = "application/json; charset=UTF-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return `content` as Graph sends it: non-ASCII characters escaped."""
    return Response(status, json.dumps(content).encode(), headers=headers or {})


def instead(fault: Fault) -> Response | None:
    """Return what is answered in place of carrying out the request; None: the connection is closed without a word."""
    if fault.do == "html_502_before":
        return Response(502, HTML_502, "text/html")
    if fault.do == "204":
        return Response(204, b"")
    if fault.do == "redirect":
        return Response(302, b"", "text/html", {"Location": str(fault.spec.get("location", "https://example.org/"))})
    return None


def send(handler: BaseHTTPRequestHandler, response: Response) -> None:
    """Send all of it."""
    handler.wfile.write(_head(handler, response) + response.body)


def spoil(handler: BaseHTTPRequestHandler, response: Response, fault: Fault, stopped: threading.Event) -> None:
    """Send `response` as `fault` has it."""
    if fault.do == "reset_after_store":
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
    elif fault.do == "hang_after_store":
        stopped.wait(fault.seconds)
    elif fault.do == "cut_json_after_store":
        handler.wfile.write(_head(handler, response) + response.body[: len(response.body) // 2])
    elif fault.do == "html_502_after_store":
        send(handler, Response(502, HTML_502, "text/html"))
    elif fault.do == "slow_headers":
        _drip(handler, _head(handler, response) + response.body, fault, stopped)
    elif fault.do == "drip":
        handler.wfile.write(_head(handler, response))
        _drip(handler, response.body, fault, stopped)
    handler.close_connection = True


def _drip(handler: BaseHTTPRequestHandler, content: bytes, fault: Fault, stopped: threading.Event) -> None:
    for byte in content:
        if stopped.wait(float(fault.spec.get("every", 5))):
            return
        handler.wfile.write(bytes((byte,)))


def _head(handler: BaseHTTPRequestHandler, response: Response) -> bytes:
    fields = {
        "Content-Type": response.media_type,
        "Content-Length": str(len(response.body)),
        "X-Graphsim": "1",
        **response.headers,
    }
    lines = [f"HTTP/1.1 {response.status} {handler.responses.get(response.status, ('',))[0]}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")
