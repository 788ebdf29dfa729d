"""The languages in which an issue is told, and whose readers are due a copy when one of them goes out."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from newsletter.models import Release
from subscribers import languages
from subscribers.audience import Among


@dataclass(frozen=True)
class Parts:
    """The languages that readers may get, those that are out, and among them the one that goes out now.

    A wish is "en", or "en+ja" for both in one mail (`subscribers.languages`).
    """

    spoken: frozenset[str]
    out: frozenset[str]
    now: str

    def read(self, wish: str) -> str:
        """Return what readers of `wish` get of this issue; empty where it says nothing in their languages."""
        return languages.within(wish, self.spoken)

    def due(self, wish: str) -> bool:
        """Return whether readers of `wish` get their copy now: this is the last of their languages."""
        return self.now in self._mine(wish) <= self.out

    def missed(self, wish: str) -> bool:
        """Return whether all languages of `wish` went out before: a copy is due only to who waited for another."""
        mine = self._mine(wish)
        return bool(mine) and self.now not in mine and mine <= self.out

    def waits(self, wish: str) -> bool:
        """Return whether a language of `wish` is still to come."""
        return not self._mine(wish) <= self.out

    def _mine(self, wish: str) -> frozenset[str]:
        return frozenset(languages.of(wish)) & self.spoken


def of(session: Session, issue_id: int, language: str, among: Among) -> Parts:
    """Return the parts of an issue as `language` goes out; one that was cancelled is not waited for."""
    told = select(Release.language, Release.state).where(Release.issue_id == issue_id, Release.state != "cancelled")
    states = dict(session.execute(told).all())
    spoken = frozenset({*states, language})
    out = frozenset({*(one for one, state in states.items() if state == "released"), language})
    return Parts(spoken & frozenset(among.languages or spoken), out, language)
