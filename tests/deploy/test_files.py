"""What the container and the service of packaging/ say, held to the program that they run."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from deploy.front import ROOT
from hivemind_chatroom.settings import ENVIRONMENT_PREFIX, Settings, load_settings

DOCKER = ROOT / "packaging" / "docker"
COMPOSE = ROOT / "packaging" / "compose"
SYSTEMD = ROOT / "packaging" / "systemd"
UNIT = SYSTEMD / "hivemind-flask-chatroom.service"
INSTANCE = SYSTEMD / "instance.conf"
PROXIES = [
    ROOT / "packaging" / "nginx" / "hivemind-chatroom.conf",
    ROOT / "packaging" / "caddy" / "Caddyfile",
]
SAYING = [
    DOCKER / "Dockerfile",
    DOCKER / "compose.yaml",
    DOCKER / "compose.ports.yaml",
    COMPOSE / "compose.yaml",
    UNIT,
    SYSTEMD / "hivemind-chatroom.env",
    ROOT / "docs" / "deployment.md",
    *PROXIES,
]
SAID = re.compile(rf"({ENVIRONMENT_PREFIX}[A-Z_]+)(?:=|: )[\"']?([^\s\"'\\`]+)?")
SETTINGS = {field.name for field in fields(Settings)}


def decided(file: Path) -> dict[str, str]:
    """Return the environment that a file gives to the room."""
    return dict(SAID.findall(file.read_text("utf-8")))


@pytest.mark.parametrize("file", SAYING, ids=lambda file: f"{file.parent.name}-{file.name}")
def test_what_is_decided_for_a_room_can_be_decided(file: Path, tmp_path: Path) -> None:
    said = decided(file)
    names = {name.removeprefix(ENVIRONMENT_PREFIX).lower() for name in said}
    assert names
    assert names <= SETTINGS
    known = {name: value for name, value in said.items() if not value.startswith("$")}
    load_settings(tmp_path / "settings.toml", known, {})


def test_the_image_takes_along_what_its_recipe_copies() -> None:
    recipe = (DOCKER / "Dockerfile").read_text("utf-8")
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", recipe, re.MULTILINE)
        for name in line.split()
    }
    kept = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    assert copied == kept
    assert {name for name in copied if not (ROOT / name).exists()} == set()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
@pytest.mark.parametrize("name", [UNIT.name, f"{UNIT.stem}@8985.service"])
def test_the_service_is_one_that_systemd_takes_and_may_do_little(name: str, tmp_path: Path) -> None:
    unit = tmp_path / name
    for_instances = tmp_path / f"{UNIT.stem}@.service.d" / INSTANCE.name
    for_instances.parent.mkdir()
    for file, copy in ((UNIT, unit), (INSTANCE, for_instances)):
        said = re.sub(r"(?m)^ExecStart=/\S+", "ExecStart=/bin/true", file.read_text("utf-8"))
        copy.write_text(said, "utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    exposed = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=15", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    assert exposed.returncode == 0, exposed.stdout


@pytest.mark.parametrize("file", PROXIES, ids=lambda file: file.name)
def test_no_proxy_knows_the_operators_port(file: Path) -> None:
    lines = [
        line for line in file.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")
    ]
    assert set(re.findall(r"127\.0\.0\.1:(\d+)", "\n".join(lines))) == {"8985"}
