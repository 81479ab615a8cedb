"""What report.html of a large run costs: to write, and to open, filter and scroll in headless Chromium.

    python benchmarks/report_page.py [DOCUMENTS]

Figures of one machine, for ratios within one run; tests/report checks that the rows drawn stay few.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from docextract.report.facts import facts_of  # noqa: E402 - the path comes first
from docextract.report.lines import run_head, run_lines  # noqa: E402
from docextract.report.write import ReportFile  # noqa: E402
from tests.report.conftest import many  # noqa: E402


def main(count: int) -> int:
    """Print a line a figure."""
    with tempfile.TemporaryDirectory() as work:
        out = many(Path(work) / "out", count)
        began = time.process_time()
        with ReportFile(out) as report:
            for line in run_lines(out):
                report.add(line)
            file = report.finish(facts_of(out, run_head(out), {}))
        print(f"{count} documents: {time.process_time() - began:.2f} CPU s to write {file.stat().st_size / 1e6:.1f} MB")
        look_at(file)
    return 0


def look_at(file: Path) -> None:
    """Open, filter and scroll it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The sandbox needs a user who is not root; the page is our own.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        began = time.perf_counter()
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]")
        print(f"open      {1000 * (time.perf_counter() - began):.0f} ms")
        typed = "each => { const t = performance.now(); each.value = 'doc-0'; "
        typed += "each.dispatchEvent(new Event('input')); return performance.now() - t; }"
        print(f"filter    {page.locator('input[type=search]').evaluate(typed):.0f} ms")
        sort = "each => { const t = performance.now(); each.click(); return performance.now() - t; }"
        print(f"sort      {page.locator('.head button').nth(8).evaluate(sort):.0f} ms")
        page.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
        page.wait_for_timeout(300)
        print(f"rows      {page.locator('.list .row').count()} in the document")
        browser.close()


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
