"""The review's web server: this machine only, one person's browser only.

- It listens on 127.0.0.1. A request whose Host is another name is refused (DNS rebinding), and so is one
  that says it comes from another page (Origin, Sec-Fetch-Site).
- The address that is printed holds a random token. Opened once, it is exchanged for a cookie that scripts
  cannot read and other sites cannot send (HttpOnly, SameSite=Strict). A program may send the token in the
  header X-Docextract-Token instead.
- What changes something is a POST of JSON, never a link.
"""

from __future__ import annotations

import hmac
import json
import secrets
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from docextract.errors import DocextractError
from docextract.report.desk import Desk
from docextract.report.gold import ConflictError, Edit
from docextract.report.html import closing, data, opening, policy, safe_json
from docextract.types import Json

HOST = "127.0.0.1"
HEADER = "X-Docextract-Token"
_MOST_BODY = 8 << 20
_TIMEOUT_S = 60.0


class ReviewServer(ThreadingHTTPServer):
    """Serve with `serve_forever`, end with `shutdown` and `server_close`. `url` is what the person opens."""

    daemon_threads = True

    def __init__(self, desk: Desk, port: int = 0) -> None:
        """Port 0 takes a free one. Raises OSError where the port is taken."""
        self.desk = desk
        self.token = secrets.token_urlsafe(32)
        super().__init__((HOST, port), _Exchange)
        self.port = int(self.server_address[1])
        self.cookie = f"docextract-{self.port}"

    @property
    def url(self) -> str:
        """With the token in it."""
        return f"http://{HOST}:{self.port}/?token={self.token}"


class _Refused(Exception):  # noqa: N818 - an answer, not an error of ours
    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Exchange(BaseHTTPRequestHandler):
    """One connection."""

    server: ReviewServer
    protocol_version = "HTTP/1.1"
    server_version = "docextract"
    sys_version = ""
    timeout = _TIMEOUT_S

    def do_GET(self) -> None:
        """Pages, rows, documents, pictures."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """Edits, and running again."""
        self._answer(self._post)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of http.server
        """Nothing: paths name documents, and the first one holds the token."""

    def _answer(self, work: Any) -> None:
        try:
            self._check_host()
            work()
        except _Refused as refused:
            self.close_connection = True  # a body that came with it was not read
            self._json({"message": str(refused)}, refused.status)
        except ConflictError as conflict:
            self._json({"message": str(conflict), "review": conflict.review}, HTTPStatus.CONFLICT)
        except DocextractError as error:
            self._json({"message": f"{error}: {error.hint}"}, HTTPStatus.UNPROCESSABLE_ENTITY)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True  # the browser went away

    def _check_host(self) -> None:
        known = {f"{HOST}:{self.server.port}", f"localhost:{self.server.port}"}
        if self.headers.get("Host") not in known:
            raise self._refusal(HTTPStatus.MISDIRECTED_REQUEST, "this server answers to 127.0.0.1 only")
        origin = self.headers.get("Origin")
        if origin is not None and origin not in {f"http://{name}" for name in known}:
            raise self._refusal(HTTPStatus.FORBIDDEN, "requests from other pages are refused")

    def _check_person(self) -> None:
        sent = self.headers.get(HEADER, "")
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            cookies = SimpleCookie()
        if not sent and self.server.cookie in cookies:
            sent = cookies[self.server.cookie].value
        if not self._is_token(sent):
            raise self._refusal(HTTPStatus.FORBIDDEN, "open the address that `docextract review` printed")
        if self.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise self._refusal(HTTPStatus.FORBIDDEN, "requests from other pages are refused")

    def _is_token(self, sent: str) -> bool:
        return hmac.compare_digest(sent.encode("utf-8", "replace"), self.server.token.encode())

    def _get(self) -> None:
        address = urlsplit(self.path)
        query = {key: values[-1] for key, values in parse_qs(address.query).items()}
        if address.path == "/" and self._is_token(query.get("token", "")):
            self._let_in()
            return
        self._check_person()
        desk = self.server.desk
        if address.path == "/":
            page = opening(served=True) + data("run", safe_json(desk.facts())) + closing()
            self._send(page.encode("utf-8", "replace"), "text/html; charset=utf-8")
        elif address.path == "/api/rows":
            self._json(desk.rows())
        elif address.path == "/api/document":
            self._json(desk.document(query.get("place", "")))
        elif address.path == "/api/again":
            self._json(desk.again.state(query.get("place", "")))
        elif address.path == "/picture":
            page_number = query.get("page", "")
            found = desk.picture(query.get("place", ""), int(page_number)) if page_number.isdecimal() else None
            if found is None:
                raise self._refusal(HTTPStatus.NOT_FOUND, "this page has no picture")
            self._send(found[1], found[0])
        else:
            raise self._refusal(HTTPStatus.NOT_FOUND, "there is no such page")

    def _post(self) -> None:
        body = self._body()
        self._check_person()
        if self.headers.get_content_type() != "application/json":
            raise self._refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "send JSON")
        try:
            asked = json.loads(body)
        except (ValueError, RecursionError):
            asked = None
        if not isinstance(asked, dict) or not isinstance(asked.get("place"), str):
            raise self._refusal(HTTPStatus.BAD_REQUEST, "this is no request of the review page")
        if self.path == "/api/edit":
            self._json(self.server.desk.edit(asked["place"], _edit(asked)))
        elif self.path == "/api/again":
            self._json(self.server.desk.run_again(asked["place"], dry=bool(asked.get("dry"))))
        else:
            raise self._refusal(HTTPStatus.NOT_FOUND, "there is no such page")

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _MOST_BODY:
            raise self._refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the request is too large")
        return self.rfile.read(int(length))

    def _let_in(self) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        cookie = f"{self.server.cookie}={self.server.token}; Path=/; HttpOnly; SameSite=Strict"
        self.send_header("Set-Cookie", cookie)
        self._close_head(0)

    def _refusal(self, status: HTTPStatus, message: str) -> _Refused:
        return _Refused(status, message)

    def _json(self, value: Json, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(json.dumps(value).encode("ascii"), "application/json", status)

    def _send(self, content: bytes, media_type: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self._close_head(len(content))
        self.wfile.write(content)

    def _close_head(self, length: int) -> None:
        for name, value in (
            ("Content-Length", str(length)),
            ("Content-Security-Policy", f"{policy(served=True)}; frame-ancestors 'none'"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ):
            self.send_header(name, value)
        self.end_headers()


def _edit(asked: dict[str, Any]) -> Edit:
    text, box, base = asked.get("text"), asked.get("box"), asked.get("base")
    return Edit(
        path=str(asked.get("path") or ""),
        op=str(asked.get("op") or ""),
        base=base if isinstance(base, int) else 0,
        who=str(asked.get("who") or ""),
        text=text if isinstance(text, str) else None,
        value=asked.get("value"),
        is_value="value" in asked and not isinstance(text, str),
        box=box if isinstance(box, dict) else None,
    )
