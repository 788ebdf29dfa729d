"""Pages for editors and approvers."""

from fastapi import APIRouter

from newsletter.web.editor import account, decisions, issues, login, posts, preview, progress, report, setup, timing

routers: tuple[APIRouter, ...] = (
    setup.router,
    login.open_router,
    login.router,
    account.router,
    issues.router,
    decisions.router,
    timing.router,
    preview.router,
    progress.router,
    report.router,
    posts.router,
)
