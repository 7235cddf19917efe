"""Whatever happens to the process or its disk: what was acknowledged is there, once."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from e2e.program import Program

KILLS = 10
"""In the short form; FAULTS_KILLS asks for more."""

CLIENTS = 4
BACK_WITHIN_S = 3.0
POSTS_BEFORE_KILL = (20, 120)
TRACED_POSTS = 20
SMALL_DISK = "1m"
JOIN = {"lang": "en", "site_id": "test"}


class Client(threading.Thread):
    """Posts as fast as it can, and repeats what was not acknowledged, as a page does."""

    def __init__(self, number: int, cookie: str, posted: threading.Semaphore) -> None:
        super().__init__(name=f"client-{number}", daemon=True)
        self._number = number
        self._cookie = cookie
        self._posted = posted
        self._is_up = threading.Event()
        self._is_done = threading.Event()
        self._url = ""
        self.acknowledged: dict[str, int] = {}

    def meet(self, url: str) -> None:
        """The room is at this address from now on."""
        self._url = url
        self._is_up.set()

    def miss(self) -> None:
        """The room is gone for now."""
        self._is_up.clear()

    def end(self) -> None:
        """Post no more."""
        self._is_done.set()
        self._is_up.set()
        self.join(BACK_WITHIN_S)

    def run(self) -> None:
        while not self._is_done.is_set():
            self._is_up.wait()
            with contextlib.suppress(httpx.HTTPError), visitor(self._url, self._cookie) as web:
                while not self._is_done.is_set():
                    self._post(web, f"{self._number}-{len(self.acknowledged)}")

    def _post(self, web: httpx.Client, mark: str) -> None:
        answer = web.post("/api/messages", json={"client_id": mark, "text": f"line {mark}"})
        assert answer.status_code in {httpx.codes.OK, httpx.codes.CREATED}, answer.text
        self.acknowledged[f"line {mark}"] = answer.json()["id"]
        self._posted.release()


def visitor(url: str, cookie: str) -> httpx.Client:
    """Return a browser that has joined."""
    return httpx.Client(base_url=url, headers={"Origin": url}, cookies={"room_session": cookie})


def room(folder: Path) -> Program:
    return Program(folder, "--port", "0", "--hub", "none", "--rate-limit", "off")


def joined(url: str, name: str) -> str:
    answer = httpx.post(f"{url}/api/join", json={"name": name, **JOIN}, headers={"Origin": url})
    assert answer.status_code == httpx.codes.OK, answer.text
    return str(answer.cookies["room_session"])


def whole_log(url: str) -> list[dict[str, object]]:
    messages: list[dict[str, object]] = []
    after = 0
    while True:
        page = httpx.get(f"{url}/api/messages?after={after}&limit=100").json()
        messages += page["messages"]
        if not page["more"]:
            return messages
        after = page["messages"][-1]["id"]


@pytest.mark.timeout(600)
def test_killed_at_random_points_it_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    kills = int(os.environ.get("FAULTS_KILLS", KILLS))
    chance = random.Random(7)  # noqa: S311 - a schedule, not a secret
    back_s = []
    posted = threading.Semaphore(0)
    with room(tmp_path) as first:
        cookies = [joined(first.url, f"Client {n}") for n in range(CLIENTS)]
    clients = [Client(number, cookie, posted) for number, cookie in enumerate(cookies)]
    for client in clients:
        client.start()
    for _ in range(kills):
        begun = time.monotonic()
        program = room(tmp_path).start()
        assert httpx.get(f"{program.url}/healthz").status_code == httpx.codes.OK
        back_s.append(time.monotonic() - begun)
        for client in clients:
            client.meet(program.url)
        for _ in range(chance.randint(*POSTS_BEFORE_KILL)):
            assert posted.acquire(timeout=BACK_WITHIN_S)
        program.end(signal.SIGKILL)
        for client in clients:
            client.miss()
        while posted.acquire(blocking=False):
            """Forget those of before the kill."""
    for client in clients:
        client.end()
    with room(tmp_path) as last:
        kept = whole_log(last.url)
    by_text = {str(message["text"]): message["id"] for message in kept}
    acknowledged: dict[str, int] = {}
    for client in clients:
        acknowledged |= client.acknowledged
    print(  # noqa: T201 - the figures are what the long form is run for
        f"{kills} kills, {len(acknowledged)} acknowledged, {len(kept)} kept, "
        f"back in {max(back_s):.2f} s at most"
    )
    assert [message["id"] for message in kept] == list(range(1, len(kept) + 1))
    assert len(by_text) == len(kept)
    assert {text: by_text.get(text) for text in acknowledged} == acknowledged


needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="there is no strace")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts a small disk")


@needs_strace
def test_every_acknowledgement_is_preceded_by_a_sync(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    with room(tmp_path) as program:
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
    assert min(since_last) >= 1


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
    tmp_path: Path, small_disk: Path
) -> None:
    ballast = small_disk / "ballast"
    program = Program(
        tmp_path, "--port", "0", "--hub", "none", "--rate-limit", "off",
        "--data-dir", str(small_disk), "--log-path", "stdout",
    )  # fmt: skip
    with contextlib.ExitStack() as stack:
        stack.enter_context(program)
        url = program.url
        web = stack.enter_context(visitor(url, joined(url, "Ana")))
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        answers = {}
        for number in range(200):
            body = {"client_id": str(number), "text": "x" * 900}
            answers[number] = web.post("/api/messages", json=body)
        acknowledged = [n for n, answer in answers.items() if answer.status_code == 201]
        refused = [n for n, answer in answers.items() if answer.status_code == 507]
        assert refused
        assert len(acknowledged) + len(refused) == len(answers)
        assert {answers[n].json()["error"]["code"] for n in refused} == {"storage_full"}
        assert len(whole_log(url)) == len(acknowledged)
        ballast.unlink()
        for number in refused[:20]:
            body = {"client_id": str(number), "text": "again"}
            assert web.post("/api/messages", json=body).status_code == httpx.codes.CREATED
        numbers = [message["id"] for message in whole_log(url)]
        assert numbers == list(range(1, len(acknowledged) + 21))
