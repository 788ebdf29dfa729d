"""Views of an issue's pages are shown by day and language."""

from datetime import date

from newsletter import database, urls
from newsletter.archive import views
from newsletter.models import Issue
from tests.newsletter.corrections import ground as lay
from tests.newsletter.newsroom import Office
from tests.newsletter.web.editor.conftest import Browser, text


def test_views_stand_in_a_table_by_day(office: Office, browser: Browser) -> None:
    ground = lay.lay(office, first=11)
    page = f"/desk/issues/{ground.issue_id}"
    assert "Nobody has opened" in text(browser.get(f"{page}/views"))
    with database.writing(office.engine) as session:
        slug = session.get_one(Issue, ground.issue_id).slug
        path = {one: urls.path(urls.issue_page(office.settings, one, slug)) for one in ("en", "ja")}
        first, second = date(2026, 12, 1), date(2026, 12, 2)
        views.add(session, {(first, path["en"]): 1200, (second, path["en"]): 34, (first, path["ja"]): 5})

    shown = text(browser.get(f"{page}/views"))

    assert "1,234" in shown
    assert shown.index("2 Dec 2026") < shown.index("1 Dec 2026")
    assert f"{page}/views" in browser.get(page).text
