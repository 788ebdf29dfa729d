"""The Graph simulator as a process under test, and what a test asks of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

from newsletter.config import FacebookSettings, Settings

START_SECONDS = 60


class Simulator:
    """One simulator process on a folder; restart it on the same folder to see what it kept."""

    def __init__(self, folder: Path, *options: str) -> None:
        """Start it and wait until it is ready."""
        self.folder = folder
        self._options = options
        self.start()

    def start(self) -> None:
        """Start the process."""
        command = [sys.executable, "-m", "newsletter.sandbox.graph", "--folder", str(self.folder), *self._options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.ready: dict[str, Any] = json.loads(self.process.stdout.readline())
        self.base = str(self.ready["base"])

    def stop(self, *, kill: bool = False) -> int:
        """Stop it by SIGTERM or SIGKILL; return its exit code."""
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        code = self.process.wait(START_SECONDS)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code

    def settings(self, settings: Settings, **changes: object) -> Settings:
        """Return `settings` connected to the simulated page."""
        values = settings.facebook.model_dump() | {
            "page_id": self.ready["page_id"],
            "graph_base": self.base,
            "token": self.ready["token"],
            "app_secret": self.ready["app_secret"],
        }
        return settings.model_copy(update={"facebook": FacebookSettings(**(values | changes))})

    def fault(self, do: str, *, method: str = "POST", path: str = "/feed", nth: int = 1, **spec: Any) -> None:
        """Add one line to the fault plan."""
        self.control("faults", {"match": {"method": method, "path": path, "nth": nth}, "do": do, **spec})

    def control(self, name: str, body: object) -> None:
        """Tell it something; it must agree."""
        answer = requests.post(f"{self.base}/__sim/{name}", json=body, timeout=60)
        assert answer.status_code == 200, answer.text

    def ask(self, name: str) -> Any:
        """Return what it tells about itself."""
        return requests.get(f"{self.base}/__sim/{name}", timeout=60).json()

    def visible(self) -> list[dict[str, Any]]:
        """Return the posts that visitors of the page see."""
        return [post for post in self.ask("posts")["data"] if post["visible"]]

    def calls(self, method: str = "POST", path: str = "/feed") -> list[dict[str, Any]]:
        """Return the logged calls of one kind."""
        return [call for call in self.ask("log")["data"] if call["method"] == method and call["path"].endswith(path)]
