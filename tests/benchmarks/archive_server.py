"""`python -m tests.benchmarks.archive_server FOLDER PAGES`: serve so many real issue pages, as `serve` does.

The first line printed is JSON: the port and the paths.
"""

import json
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from sqlalchemy import Engine, select

from newsletter import archive, config, database, publications
from newsletter import keys as key_file
from newsletter.config import Settings
from newsletter.models import ArchivePage, Issue
from newsletter.web import app as web_app
from newsletter.web.context import Context
from tests.conftest import ROOT
from tests.judges import site


def main() -> None:
    """Fill the folder and serve until told to stop."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    settings = config.load(ROOT / "config.toml", data_folder=folder)
    engine = database.connect(settings.database)
    database.upgrade(engine)
    now = datetime.now(UTC)
    with database.writing(engine) as session:
        publication_id = publications.sync(session, settings.publication, now=now).id
    site.fill(engine, settings, publication_id, now)
    paths = _copies(engine, settings, publication_id, count, now)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        sys.stdout.write(json.dumps({"port": listener.getsockname()[1], "paths": paths}) + "\n")
        sys.stdout.flush()
        context = Context(settings, key_file.load(folder), engine, publication_id)
        app = web_app.create(context)
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, access_log=False, proxy_headers=False, server_header=False)
        )
        server.run(sockets=[listener])


def _copies(engine: Engine, settings: Settings, publication_id: int, count: int, now: datetime) -> list[str]:
    """Publish the first sample issue again and again under other numbers; return the paths of the pages."""
    paths: list[str] = []
    with database.writing(engine) as session:
        first = session.scalars(select(Issue).order_by(Issue.id)).first()
        frozen = session.scalars(select(ArchivePage).where(ArchivePage.issue_id == (first.id if first else 0))).all()
        for number in range(100, 100 + count // len(frozen)):
            issue = Issue(
                publication_id=publication_id, number=number, slug=f"copy-{number}", state="closed", created_at=now
            )
            session.add(issue)
            session.flush()
            for page in frozen:
                session.add(
                    ArchivePage(
                        issue_id=issue.id,
                        language=page.language,
                        title=page.title,
                        description=page.description,
                        body=page.body,
                        image_hash=page.image_hash,
                        hash=page.hash,
                    )
                )
                session.flush()
                archive.publish(session, settings, issue, page.language, now=now - timedelta(days=number))
                paths.append(f"/{page.language}/issues/{issue.slug}/")
    return paths


if __name__ == "__main__":
    main()
