from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest

from docextract.testing import script
from docextract.testing.documents import encode, paint, write_scan
from docextract.testing.endpoint import FakeEndpoint, wait_until
from docextract.testing.ledgers import LEDGER_SCHEMA, draw, make_ledger

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # the endpoint speaks plain http
LEDGER = make_ledger(9, 30)
SYSTEM = {"role": "system", "content": "Schema:\n" + json.dumps(LEDGER_SCHEMA)}


def image_part(data: bytes) -> dict[str, Any]:
    url = "data:image/jpeg;base64," + base64.b64encode(data).decode()
    return {"type": "image_url", "image_url": {"url": url}}


PAGES = [image_part(encode(paint(page, 1.4))) for page in draw(LEDGER)]


def body(**fields: Any) -> dict[str, Any]:
    user = {"role": "user", "content": [*PAGES, {"type": "text", "text": "Answer."}]}
    return {"model": "glm-5v-turbo", "messages": [SYSTEM, user], "thinking": {"type": "disabled"}, **fields}


def post(
    endpoint: FakeEndpoint, value: Any, *, path: str = "/chat/completions", key: str | None = None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key or endpoint.key}"}
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    with httpx.Client(verify=NO_TLS, trust_env=False, timeout=10) as client:
        return client.post(endpoint.base_url + path, content=content, headers=headers)


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def content(response: httpx.Response) -> str:
    text: str = response.json()["choices"][0]["message"]["content"]
    return text


def test_it_answers_from_the_pixels_it_is_sent() -> None:
    with FakeEndpoint() as endpoint:
        response = post(endpoint, body(response_format={"type": "json_object"}))
        assert json.loads(content(response)) == LEDGER.data
        one = body(response_format={"type": "json_object"})
        one["messages"][1]["content"].pop(1)
        rows = json.loads(content(post(endpoint, one)))["rows"]
        assert rows == LEDGER.data["rows"][: len(rows)]
        assert len(rows) < 30
        call = endpoint.requests[0]
        assert [row for _, row in call.rows] == [row.id for row in LEDGER.rows]
        assert call.pixels == ((833, 1179), (833, 1179))


def test_it_counts_as_its_usage_says_and_finds_prefixes_again() -> None:
    with FakeEndpoint() as endpoint:
        usages = [post(endpoint, body()).json()["usage"] for _ in range(2)]
        longer = body()
        longer["messages"] += [{"role": "assistant", "content": "{}"}, {"role": "user", "content": "Mend it."}]
        usages.append(post(endpoint, longer).json()["usage"])
    first, second, third = (usage["prompt_tokens_details"]["cached_tokens"] for usage in usages)
    assert (first, second) == (0, usages[0]["prompt_tokens"] - 1)
    assert third == usages[0]["prompt_tokens"]
    assert endpoint.requests[2].could_cache == third


def test_a_cache_may_miss() -> None:
    with FakeEndpoint(cache_misses=1.0) as endpoint:
        for _ in range(3):
            post(endpoint, body())
        assert [call.cached_tokens for call in endpoint.requests] == [0, 0, 0]
        assert endpoint.requests[2].could_cache > 0


def test_keys() -> None:
    with FakeEndpoint() as endpoint:
        assert code(post(endpoint, body(), key="wrong")) == (401, "1002")
        with httpx.Client(verify=NO_TLS, trust_env=False) as client:
            assert code(client.post(f"{endpoint.base_url}/chat/completions", json=body())) == (401, "1001")
        assert post(endpoint, body(), path="/nowhere").status_code == 404
        assert "secret" not in repr(endpoint.requests)


def test_it_refuses_what_the_documents_refuse(png: Callable[[int, int], bytes]) -> None:
    def with_parts(*parts: dict[str, Any], **fields: Any) -> dict[str, Any]:
        return body(**fields) | {"messages": [{"role": "user", "content": list(parts)}]}

    text = {"type": "text", "text": "x"}
    with FakeEndpoint() as endpoint:
        assert code(post(endpoint, b"not json")) == (400, "1214")
        assert code(post(endpoint, body() | {"messages": []})) == (400, "1214")
        assert code(post(endpoint, body() | {"messages": [SYSTEM]})) == (400, "1214")
        assert code(post(endpoint, body(stop=["a", "b"]))) == (400, "1210")
        assert code(post(endpoint, body(max_tokens=999_999))) == (400, "1210")
        assert code(post(endpoint, with_parts(image_part(b"GIF89a")))) == (400, "1210")
        assert code(post(endpoint, with_parts(image_part(png(6001, 10))))) == (400, "1210")
        assert code(post(endpoint, with_parts(*[image_part(png(40, 40))] * 151))) == (400, "1214")
        file = {"type": "file_url", "file_url": {"url": "https://example.com/a.pdf"}}
        assert code(post(endpoint, with_parts(image_part(png(40, 40)), file))) == (400, "1215")
        parts = {"role": "system", "content": [text]}
        assert code(post(endpoint, body() | {"messages": [parts, *body()["messages"][1:]]})) == (400, "1214")
    with FakeEndpoint(context=1000) as endpoint:
        assert code(post(endpoint, body())) == (400, "1261")
    with FakeEndpoint(model="zai/glm-4.7") as endpoint:
        assert code(post(endpoint, body())) == (400, "1210")


def test_unknown_fields_are_ignored() -> None:
    with FakeEndpoint() as endpoint:
        value = body(max_completion_tokens=5, response_format={"type": "json_object"}, stream_options={})
        assert json.loads(content(post(endpoint, value | {"max_tokens": 9000}))) == LEDGER.data


@pytest.mark.parametrize(
    ("fields", "is_json"),
    [({"type": "json_schema", "json_schema": {"schema": LEDGER_SCHEMA}}, False), ({"type": "json_object"}, True)],
)
def test_zai_ignores_json_schema_with_a_friendly_200(fields: dict[str, Any], is_json: bool) -> None:
    with FakeEndpoint() as endpoint:
        response = post(endpoint, body(response_format=fields))
    assert response.status_code == 200
    assert content(response).startswith("{") is is_json
    assert "LG-00009" in content(response)


def test_switches_of_the_answer() -> None:
    asked = body(response_format={"type": "json_object"})
    with FakeEndpoint(echoes_schema=True) as endpoint:
        assert json.loads(content(post(endpoint, asked))) == {"type": "object", "properties": LEDGER.data}
    with FakeEndpoint(wraps_box=True) as endpoint:
        assert "<|begin_of_box|>{" in content(post(endpoint, asked))
    with FakeEndpoint(json_object="refused") as endpoint:
        assert code(post(endpoint, asked)) == (400, "1210")


def test_thinking_is_on_unless_it_is_sent_as_off() -> None:
    with FakeEndpoint() as endpoint:
        off, on = post(endpoint, body()), post(endpoint, body(thinking=None))
        assert "reasoning_content" not in off.json()["choices"][0]["message"]
        assert on.json()["choices"][0]["message"]["reasoning_content"]
        assert on.json()["usage"]["completion_tokens_details"]["reasoning_tokens"] > 0
    with FakeEndpoint(thinking_eats=True) as endpoint:
        choice = post(endpoint, body(thinking=None, max_tokens=100)).json()["choices"][0]
        assert (choice["finish_reason"], choice["message"]["content"]) == ("length", "")


def test_an_answer_over_the_cap_is_cut_and_goes_on_when_asked() -> None:
    with FakeEndpoint() as endpoint:
        asked = body(response_format={"type": "json_object"}, max_tokens=500)
        first = post(endpoint, asked).json()["choices"][0]
        assert first["finish_reason"] == "length"
        said = first["message"]["content"]
        asked["messages"] += [{"role": "assistant", "content": said}, {"role": "user", "content": "Continue, please."}]
        rest = content(post(endpoint, asked | {"max_tokens": 9000}))
    assert json.loads(said + rest) == LEDGER.data


def test_a_used_request_id_is_refused() -> None:
    with FakeEndpoint() as endpoint:
        assert post(endpoint, body(request_id="abc123")).json()["request_id"] == "abc123"
        assert code(post(endpoint, body(request_id="abc123"))) == (400, "1231")


def test_more_than_so_many_at_once_are_overload() -> None:
    def occupy() -> None:
        with suppress(httpx.HTTPError):  # cut off when the endpoint ends
            post(endpoint, body())

    with FakeEndpoint(script=script.first(["hang"] * 3), most_in_flight=3) as endpoint:
        threads = [threading.Thread(target=occupy) for _ in range(3)]
        for thread in threads:
            thread.start()
        assert wait_until(lambda: len(endpoint.requests) == 3)
        assert code(post(endpoint, body())) == (429, "1305")
        assert endpoint.peak_in_flight == 4
    for thread in threads:
        thread.join()


def test_the_stream_is_as_zai_sends_it() -> None:
    with FakeEndpoint(chunk_chars=50) as endpoint:
        text = post(endpoint, body(stream=True, response_format={"type": "json_object"})).text
    events = [json.loads(line[6:]) for line in text.split("\n\n") if line.startswith("data: {")]
    assert text.endswith("data: [DONE]\n\n")
    assert all(event["choices"][0]["delta"]["role"] == "assistant" for event in events)
    assert [event for event in events if "usage" in event] == [events[-1]]
    assert events[-1]["choices"][0]["finish_reason"] == "stop"
    assert json.loads("".join(event["choices"][0]["delta"]["content"] for event in events)) == LEDGER.data


def test_openai_sends_usage_apart_and_only_when_asked() -> None:
    with FakeEndpoint("openai") as endpoint:
        asked = {"type": "json_schema", "json_schema": {"name": "a", "schema": LEDGER_SCHEMA, "strict": True}}
        with_usage = post(
            endpoint, body(stream=True, response_format=asked, stream_options={"include_usage": True})
        ).text
        without = post(endpoint, body(stream=True, response_format=asked)).text
    assert '"choices": [], "usage"' in with_usage
    assert "usage" not in without


@pytest.mark.parametrize(
    "broken", [{"additionalProperties": True}, {"required": ["number"]}, {"default": {}}, {"x-reader": "a"}]
)
def test_openai_refuses_schemas_outside_its_subset(broken: dict[str, Any]) -> None:
    with FakeEndpoint("openai") as endpoint:
        form = {"type": "json_schema", "json_schema": {"name": "a", "schema": LEDGER_SCHEMA | broken, "strict": True}}
        response = post(endpoint, body(response_format=form))
    assert response.status_code == 400
    assert "Invalid schema for response_format" in response.json()["error"]["message"]


def test_scripts_choose_by_number_by_share_and_by_what_is_asked() -> None:
    rules = script.at({2: "balance"}) + script.when(lambda question: question.body.get("user") == "x", "locked")
    with FakeEndpoint(script=rules) as endpoint:
        statuses = [post(endpoint, body(user=user)).status_code for user in ("a", "b", "x", "d")]
        assert statuses == [200, 429, 429, 200]
        assert [call.trouble for call in endpoint.requests] == [None, "balance", "locked", None]
    drawn = []
    for _ in range(2):
        with FakeEndpoint(script=script.share(0.5, ["rate_limit", "server_error"], seed=4)) as endpoint:
            for number in range(40):
                post(endpoint, body(max_tokens=1000 + number))
            drawn.append([call.trouble for call in endpoint.requests])
    assert drawn[0] == drawn[1]
    assert 10 <= sum(kind is not None for kind in drawn[0]) <= 30
    assert {"rate_limit", "server_error"} <= set(drawn[0])


def test_retry_after_is_given_where_it_is_switched_on() -> None:
    with FakeEndpoint(script=script.first(["rate_limit"]), retry_after="7") as endpoint:
        assert post(endpoint, body()).headers["retry-after"] == "7"


def test_the_other_paths_of_zai(tmp_path: Any) -> None:
    with FakeEndpoint() as endpoint:
        counted = post(endpoint, body() | {"model": "glm-4.6v"}, path="/tokenizer").json()["usage"]
        assert counted["prompt_tokens"] > counted["image_tokens"] > 0
        assert code(post(endpoint, body(), path="/tokenizer")) == (400, "1211")
        write_scan(tmp_path / "a.pdf", LEDGER, dpi=120)
        file = "data:application/pdf;base64," + base64.b64encode((tmp_path / "a.pdf").read_bytes()).decode()
        parsed = post(endpoint, {"model": "glm-ocr", "file": file}, path="/layout_parsing").json()
        assert parsed["data_info"]["num_pages"] == 2
        assert "R00030" in parsed["md_results"]
        box = parsed["layout_details"][0][1]["bbox_2d"]
        assert box[2] > 100  # pixels, not fractions
        line = {"method": "POST", "url": "/v4/chat/completions", "body": body()}
        lines = "\n".join(json.dumps({"custom_id": f"c{number}", **line}) for number in range(3))
        headers = {"Authorization": f"Bearer {endpoint.key}"}
        with httpx.Client(verify=NO_TLS, trust_env=False, headers=headers) as client:
            files = {"file": ("batch.jsonl", lines.encode(), "application/jsonl")}
            uploaded = client.post(f"{endpoint.base_url}/files", data={"purpose": "batch"}, files=files).json()
            batch = post(endpoint, {"input_file_id": uploaded["id"]}, path="/batches").json()
            done = client.get(f"{endpoint.base_url}/batches/{batch['id']}").json()
            assert done["status"] == "completed"
            results = client.get(f"{endpoint.base_url}/files/{done['output_file_id']}/content").text.splitlines()
            assert client.get(f"{endpoint.base_url}/models").json()["data"]
        assert sorted(json.loads(line)["custom_id"] for line in results) == ["c0", "c1", "c2"]  # in no order


def test_the_log_is_whole_and_can_be_cleared() -> None:
    with FakeEndpoint() as endpoint:
        post(endpoint, body(request_id="abcdef"))
        assert wait_until(lambda: endpoint.requests[0].ended > 0)
        call = endpoint.requests[0]
        assert call.ended >= call.started
        assert (call.request_id, call.thinking, call.finish, call.model) == (
            "abcdef",
            "disabled",
            "stop",
            "glm-5v-turbo",
        )
        endpoint.clear()
        assert endpoint.requests == []
        assert post(endpoint, body(request_id="abcdef")).status_code == 200
        assert endpoint.requests[0].cached_tokens == 0
