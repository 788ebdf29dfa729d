"""A small issue that is right, to plant mistakes in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter import checks, database, issues
from newsletter.checks import gathering
from newsletter.checks.material import Material
from newsletter.content import Fair, FairText, IssueText, Text
from newsletter.findings import Finding
from newsletter.rendering.views import AnyStory
from tests.newsletter import newsroom
from tests.newsletter.newsroom import FAIR, STORIES, Office


@dataclass
class Inspection:
    """Runs the checks on stories and texts."""

    office: Office
    speak: str = "en"
    changes: dict[str, Any] = field(default_factory=dict)

    def material(self, contents: Sequence[AnyStory] = STORIES, **changes: Any) -> Material:
        """Return what checks see of an issue of these stories; `changes` are to the issue's content."""
        with database.writing(self.office.engine) as session:
            issue = newsroom.draft(session, self.office, contents)
            told = {"texts": subjects("News", "おたより")} | changes
            content = issues.content(session, issue).model_copy(update=told)
            issues.save(session, issue, content, base=1, editor_id=None, now=self.office.now)
            return gathering.gather(session, self.office.settings, issue, speak=self.speak)

    def find(self, contents: Sequence[AnyStory] = STORIES, **changes: Any) -> list[Finding]:
        """Return what the checks find, but for the empty audience."""
        found = checks.running.examine(self.material(contents, **changes))
        return [finding for finding in found if finding.check != "audience"]


def fair(en: str = "", ja: str = "", **values: Any) -> Fair:
    """Return a fair whose texts say this."""
    texts = {"en": FairText(title="FIT", body=en), "ja": FairText(title="FITフェア", body=ja)}
    return FAIR.model_copy(update={"texts": texts, **values})


def subjects(en: str, ja: str) -> dict[str, IssueText]:
    """Return the texts of an issue."""
    return {
        "en": IssueText(subject=en, preheader="What is new"),
        "ja": IssueText(subject=ja, preheader="新しいこと"),
    }


def texts(**spoken: str) -> dict[str, Text]:
    """Return titles by language."""
    return {language: Text(title=title) for language, title in spoken.items()}
