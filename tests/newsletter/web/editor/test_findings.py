"""At the desk, warnings are ticked and links looked at; approval is offered once nothing waits."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from newsletter import checks, database, issues
from newsletter.checks import links
from newsletter.findings import Finding
from newsletter.models import Tick
from newsletter.web.context import Context
from tests.newsletter import newsroom
from tests.newsletter.checks.inspection import subjects
from tests.newsletter.checks.sites import Site, status
from tests.newsletter.newsroom import FAIR, Office
from tests.newsletter.web.editor.conftest import Browser, text


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site({"/": status(200)})
    yield site
    site.close()


def _long(office: Office, url: str = "") -> int:
    """Return an issue whose subject is too long, so that it has one warning."""
    with database.writing(office.engine) as session:
        issue = newsroom.draft(session, office, [FAIR.model_copy(update={"url": url})])
        content = issues.content(session, issue).model_copy(update={"texts": subjects("long " * 20, "おたより")})
        issues.save(session, issue, content, base=1, editor_id=None, now=office.now)
        return issue.id


def _found(office: Office, issue_id: int) -> list[Finding]:
    with database.reading(office.engine) as session:
        return checks.run(session, office.settings, issues.get(session, issue_id))


def _warned(office: Office, issue_id: int) -> dict[str, str]:
    return {one.check: one.fingerprint for one in _found(office, issue_id)}


def test_approval_is_offered_once_every_warning_is_ticked(browser: Browser, office: Office) -> None:
    issue_id = _long(office)
    page = f"/desk/issues/{issue_id}"
    warned = _warned(office, issue_id)

    before = browser.get(page)
    answer = browser.post(f"{page}/ticks", shown=warned["subject"], stands=warned["subject"])
    for other in set(warned.values()) - {warned["subject"]}:
        browser.post(f"{page}/ticks", shown=other, stands=other)
    after = browser.get(page)

    assert f'action="{page}/ask"' not in before.text
    assert "to be mended or ticked" in text(before)
    assert answer.headers["location"] == f"{page}?done=ticked#findings"
    assert f'action="{page}/ask"' in after.text
    assert "Ticked by Hana Mori, Tue 24 Nov 2026, 10:00" in text(after)


def test_a_tick_is_taken_back_by_unticking(browser: Browser, office: Office) -> None:
    issue_id = _long(office)
    fingerprint = _warned(office, issue_id)["subject"]

    browser.post(f"/desk/issues/{issue_id}/ticks", shown=fingerprint, stands=fingerprint)
    browser.post(f"/desk/issues/{issue_id}/ticks", shown=fingerprint)

    with database.reading(office.engine) as session:
        assert session.scalars(select(Tick)).all() == []


def test_what_was_not_shown_or_is_not_found_cannot_be_ticked(browser: Browser, office: Office) -> None:
    issue_id = _long(office)
    fingerprint = _warned(office, issue_id)["subject"]

    browser.post(f"/desk/issues/{issue_id}/ticks", stands=fingerprint)
    browser.post(f"/desk/issues/{issue_id}/ticks", shown="0" * 64, stands="0" * 64)
    forged = browser.forge(f"/desk/issues/{issue_id}/ticks", {"origin": "https://evil.test"}, shown=fingerprint)

    with database.reading(office.engine) as session:
        assert session.scalars(select(Tick)).all() == []
    assert forged.status_code == 403


def test_ticks_are_told_in_the_editors_language(kens_browser: Browser, browser: Browser, office: Office) -> None:
    issue_id = _long(office)
    fingerprint = _warned(office, issue_id)["subject"]

    waiting = text(kens_browser.get(f"/desk/issues/{issue_id}"))
    browser.post(f"/desk/issues/{issue_id}/ticks", shown=fingerprint, stands=fingerprint)
    ticked = text(kens_browser.get(f"/desk/issues/{issue_id}"))

    assert "直すか、印を付けてください" in waiting
    assert "Hana Moriさんが確認済み（2026年11月24日（火）10:00）" in ticked


def test_links_are_looked_at_when_an_editor_asks(
    browser: Browser, context: Context, office: Office, site: Site
) -> None:
    allowed = context.settings.checks.model_copy(update={"links_on_this_machine": True})
    browser._client.app.state.context = Context(  # type: ignore[attr-defined]
        context.settings.model_copy(update={"checks": allowed}),
        context.keys,
        context.engine,
        context.publication_id,
        now=context.now,
    )
    issue_id = _long(office, site.url("/gone"))
    page = f"/desk/issues/{issue_id}"

    before = text(browser.get(page))
    answer = browser.post(f"{page}/links")
    after = text(browser.get(page))

    assert "The issue has 1 link, not looked at yet." in before
    assert answer.headers["location"] == f"{page}?done=looked#links"
    assert site.asked == ["/gone"]
    assert "The page does not exist" in after
    assert "The issue has 1 link, looked at since Tue 24 Nov 2026, 10:00." in after


def test_a_link_into_the_office_is_not_looked_at_from_the_desk(browser: Browser, office: Office, site: Site) -> None:
    issue_id = _long(office, site.url())

    browser.post(f"/desk/issues/{issue_id}/links")

    assert site.asked == []
    with database.reading(office.engine) as session:
        assert [probe.outcome for probe in links.known(session, [site.url()]).values()] == ["private"]
