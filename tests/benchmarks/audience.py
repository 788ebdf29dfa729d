"""Audiences: enlisting, importing, and how much memory the sender needs for them."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from newsletter import database
from newsletter import keys as key_file
from newsletter.config import Settings
from newsletter.sandbox import people
from subscribers import bits
from subscribers.consent import Evidence
from subscribers.transfer import importing
from tests.benchmarks import ground, measures, sending, sinks


def enlist(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Measure how long it takes to make a queued delivery for each reader."""
    found: dict[str, Any] = {}
    for readers in (100_000,) if quick else (100_000, 1_000_000):
        office = ground.make(folder / f"audience-{readers}", readers=readers, enlisted=False)
        engine = database.connect(office.settings.database)
        counts: list[int] = []
        seconds = measures.timed(lambda: counts.append(ground.enlist(office, engine)))  # noqa: B023 - called here
        assert counts == [readers]
        engine.dispose()
        shutil.rmtree(office.folder)
        found[f"{readers:,} deliveries"] = {"seconds": round(seconds, 2), "per_second": round(readers / seconds)}
    return found


def grow(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Measure the most memory the sender holds at two sizes, ten times apart."""
    found: dict[str, Any] = {}
    with sinks.lean(folder) as port:
        for readers in (1_000, 10_000) if quick else (10_000, 100_000):
            office = ground.make(folder / f"memory-{readers}", readers=readers)
            sample = sending.send(office, folder / "copy", port)
            shutil.rmtree(office.folder)
            found[f"{readers:,} readers"] = {
                "memory_mb": round(sample.memory_mb, 1),
                "cpu_seconds_per_1000": round(sample.cpu, 4),
            }
    return found


def take_over(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Measure importing a CSV file of made-up people beside `.import` of the sqlite3 tool."""
    rows = 10_000 if quick else 100_000
    path = folder / "readers.csv"
    people.write_csv(path, rows)
    office = ground.make(folder / "import", readers=1, enlisted=False)
    settings = office.settings
    engine = database.connect(settings.database)
    seconds = measures.timed(lambda: _import(engine, settings, office.publication_id, path, rows))
    engine.dispose()
    shutil.rmtree(office.folder)
    found: dict[str, Any] = {"rows": rows, "seconds": round(seconds, 2), "per_second": round(rows / seconds)}
    tool = shutil.which("sqlite3")
    if tool is None:
        return found | {"skipped": "The sqlite3 tool is not installed, so importing was not compared with it."}
    command = [tool, str(folder / "bare.sqlite"), f".import --csv {path} people"]
    bare = measures.timed(lambda: subprocess.run(command, check=True))
    return found | {"ratios": {"times sqlite3 .import": round(bare / seconds, 3)}}


def _import(engine: Engine, settings: Settings, publication_id: int, path: Path, rows: int) -> None:
    """Import as `newsletter subscribers import` does: a transaction for each batch."""
    table = importing.read(path)
    mapping = importing.guess(table.header, languages=settings.publication.languages)
    suppression_key = key_file.load(settings.data_folder).suppression
    total, seen = importing.Result(), set[str]()
    with database.reading(engine) as session:
        known = bits.load(session, publication_id)
    for batch in importing.batches(table.rows):
        with database.writing(engine) as session:
            result = importing.apply(
                session,
                publication_id,
                batch,
                mapping=mapping,
                bits=known,
                evidence=Evidence(method="import", note=path.name),
                basis="",
                suppression_key=suppression_key,
                now=datetime.now(UTC),
                seen=seen,
            )
        total.add(result)
    assert total.added == rows, f"only {total.added} of {rows} rows were taken"
