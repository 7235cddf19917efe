"""The window itself, without a screen: real processes of the real command."""

from __future__ import annotations

import http.client
import json
import os
import re
import select
import signal
import stat
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from desktop.desktop import WITHIN_S, Desktop

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Qt shows no window elsewhere")

STOPS_WITHIN_S = 3.0

LOGGED = re.compile(r"[\d-]+ [\d:,]+ [A-Z]+ \S+ hivemind_chatroom\.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_window_and_room_in_time(tmp_path: Path, number: signal.Signals) -> None:
    with Desktop(tmp_path) as desktop:
        desktop.hears("painted")
        code, took_s = desktop.told(number)
        desktop.hears("stopped")
    assert code == 0
    assert took_s < STOPS_WITHIN_S
    assert not (tmp_path / "instance.json").exists()


def test_a_page_that_hangs_keeps_nothing_from_its_end(tmp_path: Path) -> None:
    with Desktop(tmp_path, "--wish-hang") as desktop:
        desktop.hears("hanging")
        code, took_s = desktop.told(signal.SIGTERM)
    assert code == 0
    assert took_s < STOPS_WITHIN_S


def test_a_signal_that_comes_before_the_window_is_heard(tmp_path: Path) -> None:
    with Desktop(tmp_path) as desktop:
        desktop.hears("served")
        assert desktop.told(signal.SIGTERM)[0] == 0
        desktop.hears("stopped")


def test_the_page_is_given_nothing_of_the_programs_and_its_address_holds_no_token(
    tmp_path: Path,
) -> None:
    with Desktop(tmp_path) as desktop:
        url = desktop.hears("served")["url"]
        painted = desktop.hears("painted")
    assert painted["bridge"] == []
    assert painted["href"] == url.partition("#")[0]


def test_the_program_says_nothing_of_its_page_and_its_browser(tmp_path: Path) -> None:
    with Desktop(tmp_path, "--log-path", "stdout", "--log-level", "DEBUG") as desktop:
        token = desktop.hears("served")["url"].partition("#k=")[2]
        desktop.hears("painted")
        desktop.says("has loaded the page")
        assert desktop.told(signal.SIGTERM)[0] == 0
    assert all(LOGGED.match(line) for line in desktop.lines), desktop.lines
    said = "".join(desktop.lines)
    assert token not in said
    assert "what somebody has said" not in said


def test_a_second_start_shows_the_first_and_ends(tmp_path: Path) -> None:
    with Desktop(tmp_path, "--background") as first:
        first.hears("ready")
        file = tmp_path / "instance.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert json.loads(file.read_text())["pid"] == first.process.pid
        with Desktop(tmp_path) as second:
            assert second.ends() == 0
        first.hears("show")
        first.hears("visible")
        assert first.process.poll() is None
        assert second.lines == []


def test_a_second_start_shows_a_first_that_is_only_starting(tmp_path: Path) -> None:
    with Desktop(tmp_path, "--background", "--wish-early") as first:
        assert first.hears("painted")["visible"] == "visible"


def test_a_page_whose_process_ends_is_loaded_again_with_its_token(tmp_path: Path) -> None:
    with Desktop(tmp_path) as desktop:
        desktop.hears("painted")
        os.kill(desktop.renderer(), signal.SIGKILL)
        desktop.hears("painted", times=2)
        assert desktop.told(signal.SIGTERM)[0] == 0


def test_a_window_whose_process_ends_is_opened_again_and_the_room_goes_on(tmp_path: Path) -> None:
    with Desktop(tmp_path) as desktop:
        desktop.hears("painted")
        os.kill(desktop.pane(), signal.SIGKILL)
        desktop.hears("painted", times=2)
        assert desktop.told(signal.SIGTERM)[0] == 0


def test_a_window_goes_with_a_program_that_is_killed(tmp_path: Path) -> None:
    with Desktop(tmp_path) as desktop:
        desktop.hears("painted")
        pane = os.pidfd_open(desktop.pane())
        desktop.process.kill()
        ended, _, _ = select.select([pane], [], [], WITHIN_S)
        os.close(pane)
    assert ended


def test_a_link_to_elsewhere_does_not_lead_the_window_away(tmp_path: Path) -> None:
    with Desktop(tmp_path, "--wish-away") as desktop:
        url = desktop.hears("served")["url"]
        assert desktop.hears("still here")["href"] == url.partition("#")[0]


def test_the_page_can_close_the_room(tmp_path: Path) -> None:
    with Desktop(tmp_path) as desktop:
        url = urlsplit(desktop.hears("served")["url"])
        desktop.hears("painted")
        connection = http.client.HTTPConnection(url.netloc)
        headers = {"X-Operator-Token": url.fragment.removeprefix("k=")}
        connection.request("POST", "/api/window/quit", b"{}", headers)
        assert connection.getresponse().status == http.client.NO_CONTENT
        connection.close()
        assert desktop.ends() == 0
        desktop.hears("stopped")


def test_without_any_display_the_room_runs_and_says_where_its_page_is(tmp_path: Path) -> None:
    desktop = Desktop(tmp_path, "--log-path", "stdout")
    del desktop.environment["QT_QPA_PLATFORM"]
    with desktop:
        desktop.hears("served")
        desktop.says("Press Ctrl+C")
        assert any("no window by qt" in line for line in desktop.lines)
        assert desktop.told(signal.SIGTERM)[0] == 0
