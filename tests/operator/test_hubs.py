"""Identity and hub, as the operator's page asks for them; no secret ever comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fakes import STARTED_AT
from hivemind_chatroom.room.model import Address, Delivery, Ending, HubState, HubStatus
from hivemind_chatroom.room.operating import Check, CheckName, CheckState, Credentials
from operator_stage import DEADLINE_S, HOST, KEY, PASSWORD, TOKEN, OperatorStage, error_of

PASTED = f"Access Key: {KEY}\nPassword: {PASSWORD}"
CREDENTIALS = {"key": KEY, "password": PASSWORD, "host": "hub.local", "port": 5678}


def checks(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.splitlines()]


def test_what_is_found_in_a_pasted_text_comes_back_masked(stage: OperatorStage) -> None:
    answer = stage.ask("POST", "/api/identity/parse", {"text": PASTED})
    assert answer.get_json() == {
        "key": {"found": True, "masked": "5498…"},
        "password": {"found": False, "masked": ""},
        "host": "hub.local",
        "port": 5678,
        "tls": True,
        "site_id": "",
        "weak": False,
    }


def test_a_text_without_an_identity_finds_nothing(stage: OperatorStage) -> None:
    answer = stage.ask("POST", "/api/identity/parse", {"text": "hello"})
    assert answer.status_code == 200
    assert not answer.get_json()["key"]["found"]


def test_each_check_is_a_line(stage: OperatorStage) -> None:
    answer = stage.ask("POST", "/api/identity/test", CREDENTIALS)
    assert answer.content_type == "application/x-ndjson"
    told = checks(answer.data)
    assert told[0] == {
        "check": "reached",
        "state": "ok",
        "ms": 12,
        "code": "",
        "text": "",
        "command": "",
        "address": "hub.local:5678",
    }
    assert [(each["check"], each["state"]) for each in told[1:]] == [
        ("key", "failed"),
        ("password", "skipped"),
        ("allowed", "skipped"),
        ("answered", "skipped"),
    ]
    assert told[1]["code"] == "hub.key"
    assert stage.hub.credentials == Credentials(
        key=KEY, password=PASSWORD, host="hub.local", port=5678
    )


def test_a_check_is_told_as_it_ends_and_a_page_that_goes_away_ends_the_test(
    stage: OperatorStage,
) -> None:
    stage.hub.go_on.clear()
    answer = stage.app.test_client().post(
        "/api/identity/test",
        json=CREDENTIALS,
        headers={"Host": HOST, "X-Operator-Token": TOKEN},
        buffered=False,
    )
    first = next(iter(answer.response))
    assert isinstance(first, bytes)
    assert checks(first)[0]["check"] == "reached"
    assert not stage.hub.was_closed.is_set()
    stage.hub.go_on.set()
    answer.close()
    assert stage.hub.was_closed.wait(DEADLINE_S)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/identity/test"), ("PUT", "/api/identity")]
)
def test_an_identity_that_lacks_something_is_refused(
    stage: OperatorStage, method: str, path: str
) -> None:
    assert error_of(stage.ask(method, path, {})) == (422, "identity_incomplete")


@pytest.mark.parametrize("body", [{"port": "5678"}, {"port": 0}, {"key": 7}, {"text": None}, []])
def test_what_is_no_identity_at_all_is_refused(stage: OperatorStage, body: object) -> None:
    for method, path in (("POST", "/api/identity/test"), ("PUT", "/api/identity")):
        assert error_of(stage.ask(method, path, body)) == (400, "body_invalid")


def test_an_identity_that_is_saved_is_told_without_its_secrets(stage: OperatorStage) -> None:
    assert stage.get("/api/identity")["is_set"] is False
    answer = stage.ask("PUT", "/api/identity", CREDENTIALS)
    assert answer.get_json() == stage.get("/api/identity")
    assert answer.get_json() == {
        "is_set": True,
        "host": "hub.local",
        "port": None,
        "tls": False,
        "site_id": "",
        "key": {"found": True, "masked": "5498…"},
        "password": {"found": False, "masked": ""},
        "file": "/home/ana/_identity.json",
        "broken": "",
    }
    assert KEY not in answer.text
    assert PASSWORD not in answer.text


def test_the_hub_is_tried_and_trusted_when_the_operator_says_so(stage: OperatorStage) -> None:
    assert stage.ask("POST", "/api/hub/reconnect").status_code == 204
    assert stage.ask("POST", "/api/hub/trust-new-key").status_code == 204
    assert stage.hub.told == ["reconnect", "trust new key"]
    assert stage.hub.credentials is None


def test_the_hub_that_was_tested_is_the_one_that_is_trusted(stage: OperatorStage) -> None:
    tested = {"text": "what the hub printed", "host": "hub.local", "port": 5679}
    assert stage.ask("POST", "/api/hub/trust-new-key", tested).status_code == 204
    assert stage.hub.credentials == Credentials(
        text="what the hub printed", host="hub.local", port=5679
    )


def test_the_hubs_that_announce_themselves_are_listed(stage: OperatorStage) -> None:
    assert stage.get("/api/hubs") == {
        "hubs": [
            {
                "name": "Living room",
                "host": "192.168.1.10",
                "port": 5678,
                "tls": False,
                "is_reachable": None,
            }
        ],
        "is_searching": True,
    }


def test_credentials_leave_their_secrets_out_of_their_representation() -> None:
    shown = repr(Credentials(text=PASTED, key=KEY, password=PASSWORD, host="hub.local"))
    assert "hub.local" in shown
    assert KEY not in shown
    assert PASSWORD not in shown


def test_a_hub_with_nobody_behind_it_is_called_so_until_somebody_answers(
    stage: OperatorStage,
) -> None:
    stage.hub.address = "hub.local:5678"
    stage.hub.ending = Check(
        CheckName.ANSWERED, CheckState.FAILED, code="hub.no_agent", address="hub.local:5678"
    )
    assert len(checks(stage.ask("POST", "/api/identity/test", CREDENTIALS).data)) == 5
    told = stage.get("/api/status")["hub"]
    assert (told["state"], told["reason"]) == ("no_assistant", "hub.no_agent")
    stage.hub.ending = Check(CheckName.ANSWERED, CheckState.OK, address="hub.local:5678")
    assert len(checks(stage.ask("POST", "/api/identity/test", CREDENTIALS).data)) == 5
    assert stage.get("/api/status")["hub"]["state"] == "connected"


def test_what_happens_now_agrees_with_how_the_hub_stands(stage: OperatorStage) -> None:
    stage.hub.address = "hub.local:5678"
    stage.hub.ending = Check(
        CheckName.ANSWERED, CheckState.FAILED, code="hub.no_agent", address="hub.local:5678"
    )
    checks(stage.ask("POST", "/api/identity/test", CREDENTIALS).data)
    assert hub_lines(stage) == [("hub.no_agent", True)]
    stage.room.hub_is(HubStatus(HubState.UNREACHABLE, STARTED_AT, "hub.lost"))
    stage.room.hub_is(HubStatus(HubState.CONNECTED, STARTED_AT))
    assert hub_lines(stage)[1:] == [("hub.lost", True), ("hub.no_agent", True)]
    stage.say(stage.join("Ana"), "is somebody there?")
    [utterance] = stage.room.utterances.waiting()
    stage.room.utterances.sending(utterance)
    stage.room.utterances.sent(utterance)
    stage.room.utterances.end(Ending(Address(corr=utterance.corr), Delivery.ANSWERED))
    assert hub_lines(stage)[3:] == [("connected", False)]


def hub_lines(stage: OperatorStage) -> list[tuple[str, bool]]:
    """Return what was told of the hub, oldest first, and whether it was a problem."""
    told = stage.get("/api/status")["now"]
    return [(line["detail"], line["is_problem"]) for line in told if line["kind"] == "hub"]
