"""What is packaged: its version, its date and the names of what is made of it."""

from __future__ import annotations

import platform
import re
import runpy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Final

NAME: Final = "hivemind-chatroom"
COMMANDS: Final = (NAME, "hivemind-flask-chatroom")

ROOT: Final = Path(__file__).resolve().parents[2]
SHARE: Final = Path(__file__).with_name("share")

MAINTAINER: Final = "JarbasHiveMind <JarbasHiveMind@users.noreply.github.com>"
HOMEPAGE: Final = "https://github.com/JarbasHiveMind/HiveMind-flask-chatroom"

_PROCESSORS: Final = {"x86_64": "amd64", "aarch64": "arm64"}
"""What Debian calls the processors that Linux calls so."""

_PRE_RELEASE: Final = re.compile(r"\.?(a|b|rc|dev)(?=\d)")


@dataclass(frozen=True, slots=True)
class Product:
    """One release for one kind of processor."""

    version: str
    """As Python writes it (PEP 440): `2.0.0rc1`."""

    processor: str
    """As Linux calls it: `x86_64`."""

    date: int
    """Of the release, in seconds since 1970: all that is made says it was made then."""

    @property
    def day(self) -> str:
        """The date as people write it: `2026-11-23`."""
        return datetime.fromtimestamp(self.date, UTC).date().isoformat()

    @property
    def moment(self) -> str:
        """The date as Debian's changelogs have it (RFC 5322)."""
        return format_datetime(datetime.fromtimestamp(self.date, UTC))

    @property
    def debian_version(self) -> str:
        """As Debian orders versions: what comes before a release has a tilde."""
        return _PRE_RELEASE.sub(r"~\1", self.version)

    @property
    def architecture(self) -> str:
        """The processor as Debian calls it."""
        return _PROCESSORS[self.processor]

    @property
    def debian_package(self) -> str:
        """The name of the Debian package."""
        return f"{NAME}_{self.debian_version}_{self.architecture}.deb"

    @property
    def portable(self) -> str:
        """The name of the portable archive, without its ending, and of the folder in it."""
        return f"{NAME}-{self.version}-linux-{self.processor}"


def this_product() -> Product:
    """Return what the working copy makes on this computer.

    Raises:
        SystemExit: The processor is of a kind that nothing is made for.
    """
    processor = platform.machine()
    if processor not in _PROCESSORS:
        raise SystemExit(f"There are no packages for processors of the kind {processor}.")
    version = runpy.run_path(str(ROOT / "app" / "hivemind_chatroom" / "version.py"))["__version__"]
    date = runpy.run_path(str(ROOT / "packaging" / "bundle.py"))["source_date"]()
    return Product(version, processor, int(date))
