"""A publisher in a process of its own, so that a test can kill it: `python -m ... job.json`."""

import json
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from newsletter import database
from newsletter.config import FacebookSettings, Settings
from newsletter.social import posts
from newsletter.social.facebook import Client


def main(job: dict[str, Any]) -> None:
    """Publish what is due at the time the job names."""
    facebook = FacebookSettings(**job["facebook"])
    settings = cast("Settings", SimpleNamespace(facebook=facebook))
    now = datetime.fromisoformat(job["now"])
    posts.publish_due(database.connect(job["database"]), settings, Client(facebook), now=lambda: now)


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
