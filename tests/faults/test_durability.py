"""What is acknowledged is on the disk, once; what the disk did not take is not acknowledged."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from faults.figures import Figures
from faults.posting import joined, room_without_hub, visitor, whole_log

TOGETHER = 100
"""Posts of one client_id at the same time."""

TRACED_POSTS = 20
POSTS_ON_A_FULL_DISK = 200
POSTS_AFTERWARDS = 20
SMALL_DISK = "1m"
LEFT_FREE = 128 * 1024
"""Bytes on it when the posts begin: room for the first of them."""

needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="there is no strace")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")


def test_a_hundred_posts_of_one_client_id_at_once_are_one_message(
    tmp_path: Path, figures: Figures
) -> None:
    together = threading.Barrier(TOGETHER)
    answers: list[httpx.Response] = []

    def post(url: str, cookie: str, number: int) -> None:
        with visitor(url, cookie) as web:
            web.get("/api/me")  # the connection stands before the start
            together.wait()
            body = {"client_id": "the same", "text": f"try {number}"}
            answers.append(web.post("/api/messages", json=body))

    with room_without_hub(tmp_path) as program:
        cookie = joined(program.url, "Ana")
        threads = [
            threading.Thread(target=post, args=(program.url, cookie, number), daemon=True)
            for number in range(TOGETHER)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kept = whole_log(program.url)
    codes = Counter(answer.status_code for answer in answers)
    assert codes == {httpx.codes.CREATED: 1, httpx.codes.OK: TOGETHER - 1}
    assert len({(answer.json()["id"], answer.json()["text"]) for answer in answers}) == 1
    with figures.of(f"{TOGETHER} posts of one client_id at once") as seen:
        seen.exactly("messages", 1, len(kept))


@needs_strace
def test_every_acknowledgement_is_preceded_by_a_sync(tmp_path: Path, figures: Figures) -> None:
    trace = tmp_path / "trace"
    with room_without_hub(tmp_path) as program:
        assert program.process
        cookie = joined(program.url, "Ana")
        tracer = subprocess.Popen(
            ["strace", "-f", "-s", "20", "-e", "trace=fdatasync,fsync,sendto,send,sendmsg,write",
             "-o", str(trace), "-p", str(program.process.pid)],
            stderr=subprocess.PIPE,
        )  # fmt: skip
        assert tracer.stderr
        assert b"attached" in tracer.stderr.readline()
        with visitor(program.url, cookie) as web:
            for number in range(TRACED_POSTS):
                body = {"client_id": str(number), "text": "hello"}
                assert web.post("/api/messages", json=body).status_code == httpx.codes.CREATED
        tracer.send_signal(signal.SIGINT)
        tracer.communicate()
    syncs, since_last = 0, []
    for line in trace.read_text().splitlines():
        if re.search(r"f(data)?sync(\(| resumed).*= 0$", line):
            syncs += 1
        elif "HTTP/1.1 201" in line:
            since_last.append(syncs)
            syncs = 0
    assert len(since_last) == TRACED_POSTS
    with figures.of(f"{TRACED_POSTS} posts one by one, system calls traced") as seen:
        seen.at_most("201 without a sync since the last", 0, since_last.count(0))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK},mode=0700", "none", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@needs_root
def test_on_a_full_disk_nothing_is_acknowledged_and_it_goes_on_by_itself(
    tmp_path: Path, small_disk: Path, figures: Figures
) -> None:
    with contextlib.ExitStack() as stack:
        program = stack.enter_context(
            room_without_hub(tmp_path, "--data-dir", str(small_disk), "--log-path", "stdout")
        )
        url = program.url
        web = stack.enter_context(visitor(url, joined(url, "Ana")))
        ballast = fill(small_disk, but=LEFT_FREE)
        answers = {}
        for number in range(POSTS_ON_A_FULL_DISK):
            body = {"client_id": str(number), "text": "x" * 900}
            answers[number] = web.post("/api/messages", json=body)
        acknowledged = [n for n, answer in answers.items() if answer.status_code == 201]
        refused = [n for n, answer in answers.items() if answer.status_code == 507]
        assert acknowledged
        assert len(refused) >= POSTS_AFTERWARDS
        assert len(acknowledged) + len(refused) == len(answers)
        assert {answers[n].json()["error"]["code"] for n in refused} == {"storage_full"}
        promised = {answers[number].json()["id"] for number in acknowledged}
        kept = {message["id"] for message in whole_log(url)}
        ballast.unlink()
        accepted = 0
        for number in refused[:POSTS_AFTERWARDS]:
            body = {"client_id": str(number), "text": "again"}
            accepted += web.post("/api/messages", json=body).status_code == httpx.codes.CREATED
        numbers = [message["id"] for message in whole_log(url)]
    assert numbers == list(range(1, len(acknowledged) + POSTS_AFTERWARDS + 1))
    with figures.of("a full disk of 1 MB") as seen:
        seen.told("refused with 507", len(refused), "posts")
        seen.at_most("acknowledged and not kept", 0, len(promised - kept))
        seen.at_most("refused and kept", 0, len(kept - promised))
        seen.exactly("accepted once there is room, no restart", POSTS_AFTERWARDS, accepted)


def fill(folder: Path, *, but: int) -> Path:
    """Write a file that leaves no more than so many bytes free."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    os.truncate(ballast, ballast.stat().st_size - but)
    return ballast
