"""Takes the pictures of docs/report.md: the report and the review of examples/inbox, in headless Chromium.

    python docs/pictures/take.py [FOLDER]

Needs `pip install -e ".[local,dev]"` and Chromium (Debian: apt-get install chromium). Each is under 150 kB.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from PIL import Image

from docextract.report.desk import Desk
from docextract.report.server import ReviewServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 150_000


def main(folder: Path) -> int:
    """Run the examples, look at them, take the pictures."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        out = Path(work) / "out"
        job = ["run", "examples/inbox", "--model", "local", "--out", str(out), "--quiet"]
        subprocess.run([sys.executable, "-m", "docextract", *job], cwd=ROOT, check=False)
        # The sandbox needs a user who is not root; the page is our own.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        report = (out / "report.html").as_uri()
        with opened(browser, report) as page:
            keep(page, folder / "report.png")
        with opened(
            browser, f"{report}#/document/invoice-english.pdf?{quote('/grand_total', safe='')}", dark=True
        ) as page:
            keep(page, folder / "document.png")
        with serving(out) as server, opened(browser, server.url) as page:
            correct(page)
            keep(page, folder / "review.png")
        with serving(out) as server, opened(browser, server.url, width=390, height=844) as page:
            show(page, "receipt-photo.jpg", "/total")
            keep(page, folder / "review-narrow.png")
        browser.close()
    return 0


@contextmanager
def serving(out: Path) -> Iterator[ReviewServer]:
    """The review of a folder."""
    desk = Desk(out, out / "gold")
    server = ReviewServer(desk)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        desk.close()


@contextmanager
def opened(browser: Browser, url: str, *, width: int = 1280, height: int = 860, dark: bool = False) -> Iterator[Page]:
    """A page that has been drawn."""
    scheme: Literal["dark", "light"] = "dark" if dark else "light"
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector("html[data-ready]")
    yield page
    context.close()


def show(page: Page, name: str, path: str) -> None:
    """Choose a value of a document."""
    page.evaluate(
        "([name, path]) => { location.hash = `#/document/${name}?${encodeURIComponent(path)}`; }", [name, path]
    )
    page.wait_for_selector(f'.value.lit[data-path="{path}"]')
    page.wait_for_selector(".sheet img")


def correct(page: Page) -> None:
    """Accept one value, correct another, and look at a third."""
    page.fill(".who", "Ada")
    show(page, "invoice-german.pdf", "/number")
    page.keyboard.press("a")
    page.wait_for_selector(".value .s-reviewed")
    show(page, "invoice-german.pdf", "/grand_total")
    page.keyboard.press("e")
    page.wait_for_selector(".edit input")


def keep(page: Page, file: Path) -> None:
    """The picture with few colours: a page of text needs no more."""
    page.wait_for_timeout(400)
    image = Image.open(io.BytesIO(page.screenshot()))
    for colours in (255, 128, 64, 32):
        buffer = io.BytesIO()
        image.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        if len(buffer.getvalue()) < MOST_BYTES:
            break
    file.write_bytes(buffer.getvalue())
    print(f"{file.name}: {len(buffer.getvalue()) // 1000} kB")


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
