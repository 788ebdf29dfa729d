"""The HTTP server: reads a request, applies the fault plan, writes the log, answers."""

import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from newsletter.sandbox.graph import api, calls, control, failures, faults, page, versions, wire
from newsletter.sandbox.graph.calls import Call
from newsletter.sandbox.graph.failures import GraphError
from newsletter.sandbox.graph.faults import Fault
from newsletter.sandbox.graph.store import Store
from newsletter.sandbox.graph.wire import Response

LOOPBACK = ("127.0.0.1", "::1")


class Server(ThreadingHTTPServer):
    """Serves one store until it is stopped; `closed_for` is set where the fault plan wants the listener gone."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], store: Store, public_url: str = "") -> None:
        """Bind `address`; permalinks begin with `public_url`, or with the address the caller used."""
        super().__init__(address, Handler)
        self.store = store
        self.public_url = public_url.rstrip("/")
        self.stopped = threading.Event()
        self.closed_for = 0.0

    def close_for(self, seconds: float) -> None:
        """Stop listening; whoever runs the server opens it again after `seconds`."""
        self.closed_for = seconds
        threading.Thread(target=self.shutdown, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that went away; they are the point of this server."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Answer a page, a control call or an API call."""
        self._serve()

    def do_POST(self) -> None:
        """Answer a control call or an API call."""
        self._serve()

    def do_DELETE(self) -> None:
        """Answer an API call."""
        self._serve()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature is the base class's
        """Write no line a request; /__sim/log has them."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        base = self.server.public_url or f"http://{self.headers.get('Host', '')}"
        local = self.client_address[0] in LOOPBACK
        if self.command == "GET" and (shown := page.serve(self.server.store, self.path, self.headers, base)):
            wire.send(self, shown)
        elif not local:
            wire.send(self, Response(403, b"Only this machine may ask that.", "text/plain"))
        else:
            self._serve_call(body, base)

    def _serve_call(self, body: bytes, base: str) -> None:
        try:
            call = calls.read(self.command, self.path, self.headers, body, base)
        except GraphError as error:
            wire.send(self, wire.as_json(error.body(_trace()), error.status))
            return
        if call.path.startswith("/__sim"):
            self._control(call)
        else:
            self._serve_api(call)

    def _control(self, call: Call) -> None:
        if call.path.rstrip("/") == "/__sim/refuse":
            wire.send(self, wire.as_json({"success": True}))
            self.server.close_for(float(json.loads(call.body)["seconds"]))
            return
        try:
            wire.send(self, wire.as_json(control.run(self.server.store, call)))
        except GraphError as error:
            wire.send(self, wire.as_json(error.body(_trace()), error.status))
        except (ValueError, KeyError, TypeError) as error:
            wire.send(self, wire.as_json({"error": {"message": f"{type(error).__name__}: {error}"}}, 400))

    def _serve_api(self, call: Call) -> None:
        store = self.server.store
        plan = faults.fitting(store, call.method, call.path)
        entry = _log(store, call, plan)
        early = next((fault for fault in plan if fault.do in faults.BEFORE), None)
        if early is not None:
            self._refuse(early, entry)
            return
        response, stored = _carry_out(store, call, plan)
        late = next((fault for fault in plan if fault.do in faults.AFTER), None)
        if late is not None and late.do == "error_after_store":
            response = _failed(late.error(), call, store, plan)
        store.run("UPDATE log SET status = ?, stored = ? WHERE id = ?", response.status, stored, entry)
        if late is None or late.do == "error_after_store":
            wire.send(self, response)
        else:
            wire.spoil(self, response, late, self.server.stopped)

    def _refuse(self, fault: Fault, entry: int) -> None:
        self.close_connection = True
        if fault.do == "hang":
            self.server.stopped.wait(fault.seconds)
            return
        error = fault.error() if fault.do == "error" else None
        response = wire.as_json(error.body(_trace()), error.status, error.headers()) if error else wire.instead(fault)
        if response is not None:
            self.server.store.run("UPDATE log SET status = ? WHERE id = ?", response.status, entry)
            wire.send(self, response)


def _carry_out(store: Store, call: Call, plan: list[Fault]) -> tuple[Response, bool]:
    try:
        answer = api.run(store, call, plan)
    except GraphError as error:
        return _failed(error, call, store, plan), False
    except (ValueError, AttributeError) as error:  # a number that is none, an object that is none
        return _failed(failures.invalid(f"Invalid parameter: {error}"), call, store, plan), False
    return wire.as_json(answer.body, headers=_headers(store, call, plan)), answer.stored


def _failed(error: GraphError, call: Call, store: Store, plan: list[Fault]) -> Response:
    return wire.as_json(error.body(_trace()), error.status, _headers(store, call, plan) | error.headers())


def _headers(store: Store, call: Call, plan: list[Fault]) -> dict[str, str]:
    """Return the fields Graph adds; the two x-fb-* from memory."""
    fields = {"x-fb-trace-id": _trace(), "x-fb-request-id": _trace()}
    if version := versions.served(call.asked_version, store.now()):
        fields["facebook-api-version"] = version
    if rate := faults.one(plan, "rate"):
        percent, minutes = int(rate.spec.get("percent", 100)), int(rate.spec.get("minutes", 60))
        usage = {"type": "pages", "call_count": percent, "total_cputime": 1, "total_time": 1}
        usage["estimated_time_to_regain_access"] = minutes
        fields["X-Business-Use-Case-Usage"] = json.dumps({store.setting("page_id"): [usage]})
    return fields


def _log(store: Store, call: Call, plan: list[Fault]) -> int:
    masked = f"{call.token[:6]}…{call.token[-4:]}" if call.token else ""
    return store.run(
        "INSERT INTO log (at, method, path, token, body_hash, fault) VALUES (?, ?, ?, ?, ?, ?)",
        time.time(),
        call.method,
        call.path,
        masked,
        hashlib.sha256(call.body).hexdigest(),
        ",".join(fault.do for fault in plan) or None,
    )


def _trace() -> str:
    return f"A{secrets.token_urlsafe(16)}"
