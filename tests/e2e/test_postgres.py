"""The room as it is started, on PostgreSQL: what it keeps, and what it says while that is away."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from contract.cluster import Cluster
from e2e.program import Program

BACK_WITHIN_S = 10.0
"""Seconds until posts are accepted again, once the database is back."""


def opened(folder: Path, address: str) -> Program:
    flags = ("--port", "0", "--hub", "none", "--no-lan", "--rate-limit", "off")
    return Program(folder, *flags, "--database", address)


@contextlib.contextmanager
def joined(program: Program, name: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=program.url, headers={"Origin": program.url}) as web:
        assert web.post("/api/join", json={"name": name, "code": ""}).status_code == httpx.codes.OK
        yield web


def post(web: httpx.Client, text: str) -> httpx.Response:
    return web.post("/api/messages", json={"client_id": f"mark-{text}", "text": text})


def said(web: httpx.Client) -> list[str]:
    return [each["text"] for each in web.get("/api/messages").json()["messages"]]


def post_until_it_is_kept(web: httpx.Client, text: str) -> httpx.Response:
    ends_at_s = time.monotonic() + BACK_WITHIN_S
    while (answer := post(web, text)).status_code != httpx.codes.CREATED:
        assert answer.json()["error"]["code"] == "storage_away"
        assert time.monotonic() < ends_at_s
    return answer


def test_what_was_said_is_there_after_a_restart(cluster: Cluster, tmp_path: Path) -> None:
    address = cluster.new_database()
    with opened(tmp_path, address) as program, joined(program, "Ana") as ana:
        assert post(ana, "before").status_code == httpx.codes.CREATED
        cookies = ana.cookies
    with opened(tmp_path, address) as program, httpx.Client(base_url=program.url) as again:
        again.cookies = cookies
        again.headers["Origin"] = program.url
        assert said(again) == ["before"]
        assert post(again, "after").json()["id"] == 2


def test_while_the_database_is_away_nothing_is_acknowledged_and_nothing_is_lost(
    cluster: Cluster, tmp_path: Path
) -> None:
    with opened(tmp_path, cluster.new_database()) as program, joined(program, "Ana") as ana:
        assert post(ana, "before").status_code == httpx.codes.CREATED
        cluster.crash()
        refused = post(ana, "meanwhile")
        cluster.start()
        assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert refused.json()["error"]["code"] == "storage_away"
        assert int(refused.headers["Retry-After"]) > 0
        assert post_until_it_is_kept(ana, "back").json()["id"] == 2
        assert post(ana, "meanwhile").json()["id"] == 3
        assert said(ana) == ["before", "back", "meanwhile"]


def test_the_operator_sees_that_the_database_is_away(cluster: Cluster, tmp_path: Path) -> None:
    with opened(tmp_path, cluster.new_database()) as program:
        [operator] = re.findall(r"Operator: +(\S+)", program.welcome)
        address, _, token = operator.partition("/#k=")
        with httpx.Client(base_url=address, headers={"X-Operator-Token": token}) as page:
            cluster.crash()
            status = page.get("/api/status")
            cluster.start()
        assert status.json()["store"]["state"] == "away"
