"""`python -m tests.judges [--quick]`: print what the judges find; exit 1 where they find anything.

The npm packages `vnu-jar` and `lighthouse` lie in the folder named by NEWSLETTER_TEST_NODE, or in
`.venv/node_modules`: `npm install --prefix .venv vnu-jar lighthouse@12`.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.conftest import ROOT
from tests.judges import lighthouse, nu, site
from tests.judges.site import Site


def main() -> int:
    """Judge every page."""
    parser = argparse.ArgumentParser(prog="python -m tests.judges", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="Lighthouse looks at one page of each kind and language")
    given = parser.parse_args()
    packages = Path(os.environ.get("NEWSLETTER_TEST_NODE") or ROOT / ".venv" / "node_modules")
    chromium = os.environ.get("NEWSLETTER_TEST_CHROMIUM") or shutil.which("chromium") or ""
    missing = list(_missing(packages, chromium))
    if missing:
        _say(f"not judged: {', '.join(missing)} missing (see the beginning of {Path(__file__).name})")
        return 1
    with tempfile.TemporaryDirectory(prefix="judges-") as data, site.opened(Path(data)) as served:
        found = list(_judge(served, packages, chromium, quick=given.quick))
    return 1 if found else 0


def _judge(served: Site, packages: Path, chromium: str, *, quick: bool) -> Iterator[str]:
    pages = served.pages()
    count = 0
    for line in nu.judge(packages, [*pages, f"{served.url}/static/reader.css"]):
        count += 1
        _say(line)
        yield line
    _say(f"Nu HTML checker: {len(pages)} pages, {count} findings")
    looked_at = _one_of_each(pages) if quick else pages
    count = 0
    for number, page in enumerate(looked_at):
        for line in lighthouse.judge(packages, chromium, page, "mobile" if number % 2 else "desktop"):
            count += 1
            _say(line)
            yield line
    _say(f"Lighthouse: {len(looked_at)} pages, {count} below 100")


def _one_of_each(pages: list[str]) -> list[str]:
    """Return one page of each kind and language: of issues, stories, topics, the others."""
    found: dict[tuple[str, ...], str] = {}
    for page in pages:
        language, *rest = urlsplit(page).path.strip("/").split("/")
        found.setdefault((language, *rest[:1], str(len(rest))), page)
    return list(found.values())


def _missing(packages: Path, chromium: str) -> Iterator[str]:
    for program in ("java", "node"):
        if shutil.which(program) is None:
            yield program
    for name in (nu.JAR, lighthouse.SCRIPT):
        if not (packages / name).exists():
            yield f"npm's {name.partition('/')[0]}"
    if not chromium:
        yield "Chromium"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
