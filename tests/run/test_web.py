"""Documents named by their address: fetched as files, their images sent as links where the endpoint takes them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from docextract.testing.documents import write_pdf
from docextract.testing.endpoint import FakeEndpoint
from docextract.testing.ledgers import LEDGER_SCHEMA, make_ledger


@contextmanager
def _served(files: dict[str, bytes], *, only_us: bool = False) -> Iterator[str]:
    """A web server on this machine; with `only_us` it lets no model endpoint fetch anything."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.partition("?")[0].lstrip("/")
            if name == "moved.png":
                self.send_response(302)
                self.send_header("Location", "http://localhost:1/elsewhere.png")
                self.end_headers()
                return
            stranger = only_us and self.headers["User-Agent"] != "docextract"
            data = files.get(name) if not stranger else None
            self.send_response(200 if data is not None else 404)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A ledger of one page: as a PDF, and as a picture that fits the endpoint as it stands."""
    base = tmp_path_factory.mktemp("web")
    ledger = make_ledger(7, 12)
    write_pdf(base / "l.pdf", ledger)
    with pypdfium2.PdfDocument(base / "l.pdf") as document:
        document[0].render(scale=1.4).to_pil().save(base / "l.png")
    (base / "ledger.json").write_text(json.dumps(LEDGER_SCHEMA), encoding="utf-8")
    return {"pdf": (base / "l.pdf").read_bytes(), "png": (base / "l.png").read_bytes(),
            "schema": base / "ledger.json", "data": ledger.data}  # fmt: skip


def test_an_image_on_the_web_is_sent_by_its_address(page: Any, tmp_path: Path, run: Any) -> None:
    with _served({"l.png": page["png"], "l.pdf": page["pdf"]}) as web, FakeEndpoint("zai") as endpoint:
        inputs = [f"{web}/l.png", f"{web}/l.pdf?page=1"]
        done = run(endpoint, tmp_path, inputs=inputs, schema=[page["schema"]], ocr="off")
        again = run(endpoint, tmp_path, inputs=inputs, schema=[page["schema"]], ocr="off")
    assert done.data("l.png") == done.data("l.pdf") == page["data"]
    sizes = sorted(call.body_bytes for call in done.requests)
    assert sizes[0] < 8000 < len(page["png"]) < sizes[1]  # the PDF's page is our own picture: no address leads to it
    assert again.requests == []


def test_an_endpoint_that_cannot_fetch_is_sent_the_bytes(page: Any, tmp_path: Path, run: Any) -> None:
    with _served({"l.png": page["png"]}, only_us=True) as web, FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path, inputs=[f"{web}/l.png"], schema=[page["schema"]], ocr="off")
    assert done.data("l.png") == page["data"]
    assert [call.status for call in done.requests] == [400, 200]
    assert done.requests[1].body_bytes > len(page["png"])


def test_an_endpoint_that_takes_no_links_is_sent_the_bytes(page: Any, tmp_path: Path, run: Any) -> None:
    with _served({"l.png": page["png"]}) as web, FakeEndpoint("llamacpp") as endpoint:
        done = run(endpoint, tmp_path, inputs=[f"{web}/l.png"], schema=[page["schema"]], ocr="off")
    assert done.data("l.png") == page["data"]
    assert [call.body_bytes > len(page["png"]) for call in done.requests] == [True]


def test_what_cannot_be_had_is_named_and_its_neighbour_goes_on(page: Any, tmp_path: Path, run: Any) -> None:
    with _served({"l.png": page["png"], "empty.png": b""}) as web, FakeEndpoint("zai") as endpoint:
        names = ["l.png", "gone.png", "moved.png", "empty.png"]
        done = run(endpoint, tmp_path, inputs=[f"{web}/{name}" for name in names], schema=[page["schema"]], ocr="off")
    errors = {name: (done.meta(name)["error"] or {}) for name in names}
    assert errors["l.png"] == {}
    assert "404" in errors["gone.png"]["message"]
    assert errors["gone.png"]["code"] == errors["moved.png"]["code"] == "unreadable"
    assert "another host" in errors["moved.png"]["message"]
    assert errors["empty.png"]["code"] == "empty_file"
    assert done.summary.exit_code == 1


@pytest.mark.parametrize("url", ["http://example.com/a.pdf", "https://user:secret@example.com/a.pdf", "https:///a.pdf"])
def test_an_address_that_is_not_safe_is_never_asked(url: str, page: Any, tmp_path: Path, run: Any) -> None:
    with FakeEndpoint("zai") as endpoint:
        done = run(endpoint, tmp_path, inputs=[url], schema=[page["schema"]], ocr="off")
    assert done.summary.exit_code == 2
    assert done.summary.error.code == "config_error"
    assert "secret" not in done.summary.error.message
    assert done.requests == []
