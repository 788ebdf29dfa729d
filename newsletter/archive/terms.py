"""How the search cuts text into words: Latin by its spaces, Japanese and its like into neighbouring pairs; pure.

「観光庁」 is kept as 観光 光庁 庁: any part of it, from one character up, is then a word or a row of words,
which both databases find by their ordinary index (MySQL's and Groonga's "bigram"). Each word begins with its
language, so that a word which half of the stories of another language hold costs nothing here.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MOST_TERMS = 8
"""Of one question; more would only make the database work."""
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"  # noqa: E501 - one class: Thai, Lao, Burmese, Khmer, kana, Han, Hangul
_RUN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|(?P<word>(?:(?![{_UNSPACED}])[^\W_])+)")


@dataclass(frozen=True)
class Term:
    """Words that must stand side by side; the last one may be only a beginning."""

    words: tuple[str, ...]
    beginning: bool


def cut(text: str, language: str) -> list[str]:
    """Return the words of `text` in order, in the one spelling that is compared."""
    words: list[str] = []
    for match in _RUN.finditer(_plain(text)):
        if run := match["unspaced"]:
            words += [run[at : at + 2] for at in range(len(run))]  # the last one stands alone
        else:
            words.append(_bare(match["word"]))
    return [language + word for word in words]


def ask(question: str, language: str) -> list[Term]:
    """Return what must all be found for a reader's question; empty where it holds nothing to look for."""
    terms: list[Term] = []
    for match in _RUN.finditer(_plain(question)):
        run = match["unspaced"]
        if run and len(run) > 1:
            terms.append(Term(tuple(language + run[at : at + 2] for at in range(len(run) - 1)), beginning=False))
        else:
            terms.append(Term((language + (run or _bare(match["word"])),), beginning=True))
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def shown(question: str) -> re.Pattern[str] | None:
    """Return what finds the question's words in plain text, to mark them; None where there is nothing to mark."""
    runs = [match.group() for match in _RUN.finditer(unicodedata.normalize("NFKC", question))][:MOST_TERMS]
    return re.compile("|".join(map(re.escape, sorted(runs, key=len, reverse=True))), re.IGNORECASE) if runs else None


def fts5(terms: Sequence[Term]) -> str:
    """Return the question in the language of SQLite's FTS5 (sqlite.org/fts5.html, section 3)."""
    return " AND ".join(f'"{" ".join(term.words)}"{"*" if term.beginning else ""}' for term in terms)


def tsquery(terms: Sequence[Term]) -> str:
    """Return the question as PostgreSQL writes a tsquery."""
    return " & ".join(
        "(" + " <-> ".join(f"'{word}'" for word in term.words) + (":*" if term.beginning else "") + ")"
        for term in terms
    )


def tsvector(words: Sequence[str]) -> str:
    """Return words as PostgreSQL writes a tsvector: its own parser, which depends on the server's locale, stays out."""
    return " ".join(f"'{word}':{at}" for at, word in enumerate(words, start=1))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _bare(word: str) -> str:
    """Return a word without its accents, so that "cafe" finds "café"."""
    return "".join(each for each in unicodedata.normalize("NFKD", word) if not unicodedata.combining(each))
