"""`python -m newsletter.sandbox.catcher`: run the catcher, which says in one JSON line when and where it is ready."""

import argparse
import json
import os
import signal
import socket
import sys
import threading
import tomllib
from pathlib import Path

import uvicorn

from newsletter import paths
from newsletter.sandbox.catcher import web
from newsletter.sandbox.catcher.catcher import LOOPBACK, Catcher

WATCH_SECONDS = 0.3


def main() -> int:
    """Serve until SIGTERM, SIGINT or the end of the parent process; return the exit code."""
    options = _options()
    catcher = Catcher(
        options.folder, options.address or _sample_office(), smtp_port=options.smtp_port, imap_port=options.imap_port
    )
    try:
        with socket.create_server((options.host, options.web_port)) as pages, catcher:
            server = _server(catcher)
            sys.stdout.write(json.dumps(_ready(catcher, pages)) + "\n")
            sys.stdout.flush()
            server.run(sockets=[pages])
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        sys.stderr.write(f"The mail catcher cannot start: {reason}.\n")
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="catcher", description="A mail server that takes everything and sends nothing."
    )
    parser.add_argument("--folder", type=Path, required=True, help="where messages and the office's mailbox are kept")
    parser.add_argument("--smtp-port", type=int, default=0, help="0: any free one")
    parser.add_argument("--imap-port", type=int, default=0, help="0: any free one")
    parser.add_argument("--web-port", type=int, default=0, help="0: any free one")
    parser.add_argument("--host", default=LOOPBACK, help="0.0.0.0 shows the pages, and only them, to the network")
    parser.add_argument("--address", action="append", help="an address of the office; the sample office's without it")
    return parser.parse_args()


def _sample_office() -> tuple[str, ...]:
    tree = tomllib.loads(paths.bundled("config.toml").read_text(encoding="utf-8"))
    publication = tree["publication"]
    return tree["office"]["address"], publication["from_address"], publication["bounce_address"]


def _server(catcher: Catcher) -> uvicorn.Server:
    server = uvicorn.Server(
        uvicorn.Config(web.create(catcher), log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    )

    def stop(*_signal: object) -> None:
        server.should_exit = True

    # uvicorn takes the signals over, and raises them once more for whoever had them before it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    threading.Thread(target=_watch_parent, args=(os.getppid(), server), daemon=True).start()
    return server


def _watch_parent(parent: int, server: uvicorn.Server) -> None:
    """End with the parent. The kernel's parent-death signal would come already when the parent's thread ends."""
    while os.getppid() == parent:
        threading.Event().wait(WATCH_SECONDS)
    server.should_exit = True


def _ready(catcher: Catcher, pages: socket.socket) -> dict[str, object]:
    return {
        "smtp_port": catcher.smtp_port,
        "imap_port": catcher.imap_port,
        "imap_user": catcher.imap_user,
        "imap_password": catcher.imap_password,
        "web_port": pages.getsockname()[1],
    }


if __name__ == "__main__":
    sys.exit(main())
