"""The demo's servers as child processes: the mail catcher, the Graph simulator, and the product itself."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from newsletter import config, paths
from newsletter.errors import NewsletterError
from newsletter.sandbox.demo import ground as demo_ground
from newsletter.sandbox.demo.ground import Ground

READY_SECONDS = 20.0
STOP_SECONDS = 25.0


@contextmanager
def sandbox(ground: Ground) -> Iterator[None]:
    """Run catcher and simulator, and write the office's settings for them."""
    with ExitStack() as running:
        catcher = running.enter_context(_child(ground, "catcher", _catcher(ground)))
        graph = running.enter_context(_child(ground, "graph", _graph(ground)))
        demo_ground.write_settings(ground, _announced(graph, "the Graph simulator"), _announced(catcher, "the catcher"))
        yield


@contextmanager
def product(ground: Ground) -> Iterator[subprocess.Popen[str]]:
    """Run `newsletter serve` on the demo's settings until the block ends; wait until its pages answer."""
    words = ["-m", "newsletter", "--config", str(ground.config), "serve", "--parent", str(os.getpid())]
    with _child(ground, "serve", words) as process:
        _wait_for_pages(process, f"http://127.0.0.1:{ground.ports['web']}/en/", ground)
        yield process


def _catcher(ground: Ground) -> list[str]:
    ports = {"smtp": ground.ports["smtp"], "imap": ground.ports["imap"], "web": ground.ports["catcher"]}
    options = [f"--{name}-port={port}" for name, port in ports.items()]
    folder = str(ground.folder / "mail")
    return ["-m", "newsletter.sandbox.catcher", "--folder", folder, "--host", ground.host, *options]


def _graph(ground: Ground) -> list[str]:
    options = {
        "folder": str(ground.folder / "graph"),
        "host": ground.host,
        "port": str(ground.ports["graph"]),
        "public-url": ground.url("graph"),
        "page-name": config.load(paths.bundled("config.toml")).facebook.page_name,
    }
    return ["-m", "newsletter.sandbox.graph", *(f"--{name}={value}" for name, value in options.items())]


@contextmanager
def _child(ground: Ground, name: str, arguments: list[str]) -> Iterator[subprocess.Popen[str]]:
    log = (ground.folder / f"{name}.log").open("a", encoding="utf-8")
    with (
        log,
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", *arguments], stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _announced(process: subprocess.Popen[str], what: str) -> dict[str, Any]:
    line = process.stdout.readline() if process.stdout else ""
    try:
        announced: dict[str, Any] = json.loads(line)
    except ValueError as error:
        message = f"The demo could not start {what}; its log in the data folder says why."
        raise NewsletterError(message) from error
    return announced


def _wait_for_pages(process: subprocess.Popen[str], url: str, ground: Ground) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server on this machine
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    message = f"The newsletter did not start; {ground.folder / 'serve.log'} says why."
    raise NewsletterError(message)
