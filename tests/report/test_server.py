"""The review's server: only this machine, only who has the token, only its own page; nothing outside the folder."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from docextract.report.server import HEADER, ReviewServer
from tests.report.conftest import INVOICE


def ask(server: ReviewServer, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    content = None
    if body is not None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    connection.request(method, path, content, sent)
    answer = connection.getresponse()
    raw = answer.read()
    connection.close()
    is_json = answer.headers.get_content_type() == "application/json"
    return answer.status, json.loads(raw) if is_json else raw, answer.headers


def token(server: ReviewServer) -> dict[str, str]:
    return {HEADER: server.token}


EDIT = {"place": INVOICE, "path": "/number", "op": "set", "text": "B-2", "base": 0}


def test_listens_on_this_machine_only(review: ReviewServer) -> None:
    assert review.server_address[0] == "127.0.0.1"
    with socket.socket() as other:
        assert other.connect_ex(("127.0.0.2", review.port)) != 0


@pytest.mark.parametrize(
    "path", ["/", "/api/rows", f"/api/document?place={INVOICE}", f"/picture?place={INVOICE}&page=1"]
)
def test_nothing_without_the_token(review: ReviewServer, path: str) -> None:
    for headers in ({}, {HEADER: "guessed"}, {"Cookie": f"{review.cookie}=guessed"}, {"Cookie": "a=\x01;;"}):
        status, said, _ = ask(review, "GET", path, **headers)
        assert status == 403
        assert "docextract review" in said["message"]
    assert ask(review, "GET", "/?token=guessed")[0] == 403
    assert ask(review, "POST", "/api/edit", EDIT)[0] == 403


def test_the_token_is_exchanged_for_a_cookie_that_other_sites_cannot_send(review: ReviewServer) -> None:
    status, _, headers = ask(review, "GET", f"/?token={review.token}")
    assert (status, headers["Location"]) == (303, "/")
    cookie = headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    status, page, headers = ask(review, "GET", "/", Cookie=cookie.split(";")[0])
    assert status == 200
    assert review.token.encode() not in page
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80", "Origin": "http://evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_other_pages_and_other_names_are_refused(review: ReviewServer, out: Path, headers: dict[str, str]) -> None:
    for method, path, body in (("GET", "/api/rows", None), ("POST", "/api/edit", EDIT)):
        status, _, _ = ask(review, method, path, body, **token(review), **headers)
        assert status in {403, 421}
    assert not (out / "gold").exists()


def test_only_json_changes_anything(review: ReviewServer, out: Path) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert ask(review, "POST", "/api/edit", EDIT, **token(review), **form)[0] == 415
    for body in (b"{", b"[]", b'{"place": 3}', b"[" * 100_000):
        assert ask(review, "POST", "/api/edit", body, **token(review))[0] == 400
    with socket.create_connection(("127.0.0.1", review.port), timeout=60) as raw:
        head = f"POST /api/edit HTTP/1.1\r\nHost: 127.0.0.1:{review.port}\r\n{HEADER}: {review.token}\r\n"
        raw.sendall(f"{head}Content-Length: 9000000\r\n\r\n".encode())
        assert b" 413 " in raw.recv(100)
    assert ask(review, "GET", "/api/edit", **token(review))[0] == 404
    assert not (out / "gold").exists()


@pytest.mark.parametrize("place", ["../secret", "/etc/passwd", "run", f"../out/{INVOICE}", ".docextract/last-run", ""])
def test_no_place_leads_out_of_the_run(review: ReviewServer, out: Path, place: str) -> None:
    (out.parent / "secret.meta.json").write_text("{}", encoding="utf-8")
    for path in (f"/api/document?place={place}", f"/picture?place={place}&page=1"):
        assert ask(review, "GET", path, **token(review))[0] == 422
    assert ask(review, "POST", "/api/edit", {**EDIT, "place": place}, **token(review))[0] == 422
    assert not (out / "gold").exists()


def test_rows_documents_and_pictures_are_served(review: ReviewServer) -> None:
    status, told, headers = ask(review, "GET", "/api/rows", **token(review))
    assert status == 200
    assert headers["Cache-Control"] == "no-store"
    assert sorted(row[3] for row in told["rows"]) == ["complete", "complete", "complete", "failed"]
    _, found, _ = ask(review, "GET", f"/api/document?place={INVOICE}", **token(review))
    assert found["account"]["data"]["number"] == "HF-2024-0187"
    assert found["review"] == {"version": 0, "fields": {}}
    status, picture, headers = ask(review, "GET", f"/picture?place={INVOICE}&page=1", **token(review))
    assert (status, headers["Content-Type"]) == (200, "image/jpeg")
    assert picture[:2] == b"\xff\xd8"
    assert ask(review, "GET", f"/picture?place={INVOICE}&page=7", **token(review))[0] == 404


def test_pictures_that_were_not_kept_are_drawn_from_the_source(review: ReviewServer, out: Path) -> None:
    for kept in out.rglob(".docextract/pages/*/*/*"):
        kept.unlink()
    status, picture, _ = ask(review, "GET", f"/picture?place={INVOICE}&page=1", **token(review))
    assert status == 200
    assert len(picture) > 5_000
    assert len([*out.rglob(".docextract/pages/*/*/*.jpeg")]) == 1
    _, found, _ = ask(review, "GET", "/api/document?place=people/halvorsen.docx", **token(review))
    assert "Halvorsen" in found["account"]["texts"]["1"]


def test_an_edit_is_saved_before_it_is_answered(review: ReviewServer, out: Path) -> None:
    status, told, _ = ask(review, "POST", "/api/edit", {**EDIT, "who": "Ada"}, **token(review))
    assert (status, told["review"]["version"]) == (200, 1)
    assert json.loads((out / "gold" / f"{INVOICE}.json").read_text(encoding="utf-8"))["number"] == "B-2"
    status, told, _ = ask(review, "POST", "/api/edit", {**EDIT, "text": "B-3"}, **token(review))
    assert status == 409
    assert told["review"]["fields"]["/number"]["value"] == "B-2"
    for wrong in (
        {"path": "/no/such"},
        {"op": "remove"},
        {"path": "/grand_total", "text": "x"},
        {"op": "set", "path": ""},
    ):
        assert ask(review, "POST", "/api/edit", {**EDIT, "base": 1, **wrong}, **token(review))[0] == 422


def test_a_failed_document_has_nothing_to_correct(review: ReviewServer) -> None:
    status, told, _ = ask(review, "POST", "/api/edit", {**EDIT, "place": "empty.pdf"}, **token(review))
    assert status == 422
    assert "no data" in told["message"]
