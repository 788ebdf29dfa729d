"""Freeze an issue's audience as rows: one delivery for each reader who is due one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter import choosing
from newsletter.choosing import Choice
from newsletter.delivery.sql import Sql
from newsletter.models import Edition, Issue

Stories = tuple[int, ...]


@dataclass(frozen=True)
class Enlisted:
    """How many readers get the issue, and for how many it holds nothing."""

    enlisted: int
    nothing: int


def enlist(
    session: Session, *, issue_id: int, language: str, choices: Sequence[Choice], publication_id: int, now: datetime
) -> Enlisted:
    """Make a queued delivery for every active reader of `language` whom any of the issue's stories reaches.

    Each combination of topics and interests gets its frozen edition; one that was unknown at
    freezing gets the largest frozen edition that holds nothing the reader did not choose.
    Whoever has a delivery of this issue already, in another language, gets no second one.
    """
    sql = Sql(session.connection())
    editions = _editions(session, issue_id, language)
    readers = sql.all(
        "SELECT s.topics, s.interests, COUNT(*) FROM subscription s JOIN subscriber p ON p.id = s.subscriber_id"
        " WHERE s.publication_id = ? AND s.state = 'active' AND p.language = ? AND p.email IS NOT NULL"
        " GROUP BY s.topics, s.interests",
        publication_id,
        language,
    )
    mapping: list[tuple[int, int, int]] = []
    nothing = 0
    for topics, interests, count in readers:
        edition_id = edition_for(choosing.stories_for(choices, topics, interests), editions)
        if edition_id is None:
            nothing += count
        else:
            mapping.append((topics, interests, edition_id))
    enlisted = _insert(sql, mapping, issue_id=issue_id, language=language, publication_id=publication_id)
    sql.run(
        "UPDATE release SET enlisted = enlisted + ?, released_at = COALESCE(released_at, ?)"
        " WHERE issue_id = ? AND language = ?",
        enlisted,
        sql.time(now),
        issue_id,
        language,
    )
    return Enlisted(enlisted, nothing)


def edition_for(stories: Stories, editions: Mapping[Stories, int]) -> int | None:
    """Return the id of the edition for a reader of `stories`, of those in `editions`; None where none fits."""
    if not stories:
        return None
    if stories in editions:
        return editions[stories]
    wanted = set(stories)
    fitting = [held for held in editions if held and wanted.issuperset(held)]
    return editions[max(fitting, key=lambda held: (len(held), held))] if fitting else None


def _editions(session: Session, issue_id: int, language: str) -> dict[Stories, int]:
    issue = session.get_one(Issue, issue_id)
    frozen = session.execute(
        select(Edition.stories, Edition.id).where(
            Edition.issue_id == issue_id, Edition.language == language, Edition.revision == issue.frozen_revision
        )
    )
    return {tuple(json.loads(stories)): edition_id for stories, edition_id in frozen}


def _insert(sql: Sql, mapping: list[tuple[int, int, int]], *, issue_id: int, language: str, publication_id: int) -> int:
    # A temporary table, because a list of values in the statement has a limit and combinations may be thousands.
    sql.run(
        "CREATE TEMPORARY TABLE enlisting (topics BIGINT, interests BIGINT, edition_id INTEGER,"
        " PRIMARY KEY (topics, interests))"
    )
    sql.run_many("INSERT INTO enlisting VALUES (?, ?, ?)", mapping)
    enlisted = sql.run(
        "INSERT INTO delivery (issue_id, edition_id, subscription_id, subscriber_id, state, attempts)"
        " SELECT ?, m.edition_id, s.id, s.subscriber_id, 'queued', 0"
        " FROM subscription s JOIN subscriber p ON p.id = s.subscriber_id"
        " JOIN enlisting m ON m.topics = s.topics AND m.interests = s.interests"
        " WHERE s.publication_id = ? AND s.state = 'active' AND p.language = ? AND p.email IS NOT NULL"
        " ORDER BY s.id"
        " ON CONFLICT (issue_id, subscriber_id) DO NOTHING",
        issue_id,
        publication_id,
        language,
    )
    sql.run("DROP TABLE enlisting")
    return enlisted
