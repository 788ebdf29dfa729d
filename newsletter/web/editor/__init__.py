"""Pages for editors and approvers."""

from fastapi import APIRouter

from newsletter.web.editor import (
    absence,
    account,
    beginning,
    compose,
    decide,
    decisions,
    findings,
    history,
    issues,
    login,
    office_copy,
    posts,
    preview,
    progress,
    record,
    report,
    setup,
    timing,
)

routers: tuple[APIRouter, ...] = (
    setup.router,
    login.open_router,
    login.router,
    account.router,
    beginning.router,
    issues.router,
    compose.router,
    history.router,
    decisions.router,
    findings.router,
    decide.router,
    office_copy.router,
    absence.router,
    record.router,
    timing.router,
    preview.router,
    progress.router,
    report.router,
    posts.router,
)
