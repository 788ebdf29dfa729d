"""Audiences: enlisting, importing, and how much memory the sender needs for them."""

import shutil
import statistics
import subprocess
from collections.abc import Sequence
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

SIZES = (10_000, 100_000, 1_000_000)
QUICK_SIZES = (10_000, 50_000)
ROUNDS_BELOW = 50_000
"""A smaller audience is sent to three times, and the median taken."""


def grow(folder: Path, *, quick: bool, sizes: Sequence[int] = ()) -> dict[str, Any]:
    """Enlist audiences of growing size and send to them; measure the time, the memory and the processor time."""
    sizes = sizes or (QUICK_SIZES if quick else SIZES)
    found = {}
    with sinks.lean(folder) as port:
        for readers in sizes:
            found[readers] = _grown(folder, port, readers)
    first, last = found[min(sizes)], found[max(sizes)]
    return {f"{readers:,} readers": facts for readers, facts in found.items()} | {
        "memory_growth_mb": round(last["memory_mb"] - first["memory_mb"], 1),
        "ratios": {
            f"processor time of a message, {max(sizes):,} readers to {min(sizes):,}": round(
                last["cpu_seconds_per_1000"] / first["cpu_seconds_per_1000"], 3
            )
        },
    }


def _grown(folder: Path, port: int, readers: int) -> dict[str, float]:
    office = ground.make(folder / f"audience-{readers}", readers=readers, enlisted=False)
    engine = database.connect(office.settings.database)
    counts: list[int] = []
    seconds = measures.timed(lambda: counts.append(ground.enlist(office, engine)))
    assert counts == [readers]
    engine.dispose()
    copies = [folder / "copy"] * 3 if readers < ROUNDS_BELOW else [None]
    runs = measures.Series([sending.send(office, copy, port) for copy in copies])
    shutil.rmtree(office.folder)
    return {
        "enlisting_seconds": round(seconds, 2),
        "per_second": round(runs.rate, 1),
        "cpu_seconds_per_1000": round(runs.cpu, 4),
        "memory_mb": round(statistics.median(sample.memory_mb for sample in runs.samples), 1),
    }


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
