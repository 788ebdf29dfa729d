"""`python -m newsletter.sandbox.graph`: run the simulator, which says in one JSON line when and where it is ready."""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from newsletter.sandbox.graph.server import Server
from newsletter.sandbox.graph.store import Store

WATCH_SECONDS = 0.3


def main() -> None:
    """Serve until SIGTERM, SIGINT, or the end of the parent process."""
    options = _options()
    store = Store(options.folder)
    store.seed(page_id=options.page_id, page_name=options.page_name)
    server = _open(options.host, options.port or int(store.setting("port", 0)), store, options.public_url)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_watch_parent, args=(os.getppid(), stop), daemon=True).start()
    store.put("port", server.server_port)
    sys.stdout.write(json.dumps(_ready(store, server)) + "\n")
    sys.stdout.flush()
    _serve(server, stop)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="graph", description="A simulation of a Facebook page and its Graph API.")
    parser.add_argument("--folder", type=Path, required=True, help="where posts, tokens and faults are kept")
    parser.add_argument("--port", type=int, default=0, help="0: the one used before in this folder, or any free one")
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 shows the page, and only it, to the network")
    parser.add_argument("--public-url", default="", help="what permalinks begin with")
    parser.add_argument("--page-id", default="")
    parser.add_argument("--page-name", default="")
    return parser.parse_args()


def _open(host: str, port: int, store: Store, public_url: str) -> Server:
    try:
        return Server((host, port), store, public_url)
    except OSError:
        return Server((host, 0), store, public_url)


def _ready(store: Store, server: Server) -> dict[str, object]:
    port, page_id = server.server_port, str(store.setting("page_id"))
    return {
        "port": port,
        "page_id": page_id,
        "token": store.setting("page_token_value"),
        "app_secret": store.setting("app_secret_value"),
        "app_id": store.setting("app_id"),
        "user_token": store.setting("user_token_value"),
        "base": f"http://127.0.0.1:{port}",
        "page_url": f"http://127.0.0.1:{port}/{page_id}",
    }


def _serve(server: Server, stop: threading.Event) -> None:
    """Serve, closing the listener for a while where the fault plan asks for it."""
    while True:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        while thread.is_alive() and not stop.wait(0.05):
            pass
        if stop.is_set():
            break
        thread.join()
        server.server_close()
        stop.wait(server.closed_for)
        server = Server((str(server.server_address[0]), server.server_port), server.store, server.public_url)
    server.stopped.set()
    server.shutdown()
    server.server_close()


def _watch_parent(parent: int, stop: threading.Event) -> None:
    """End with the parent. The kernel's parent-death signal would come already when the parent's thread ends."""
    while not stop.wait(WATCH_SECONDS):
        if os.getppid() != parent:
            stop.set()


if __name__ == "__main__":
    main()
