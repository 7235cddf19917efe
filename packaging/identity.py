"""What the bundle calls itself: to people, to Windows, to macOS."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

NAME: Final = "HiveMind Chatroom"
COMMAND: Final = "hivemind-chatroom"
COMMAND_WITHOUT_WINDOW: Final = "hivemind-flask-chatroom"

BUNDLE_ID: Final = "io.github.jarbashivemind.chatroom"
"""By which systems know the program whatever it is called; AppStream has it, too."""

OLDEST_MACOS: Final = "11.0"
"""The first of Apple's own processors; what Python's and the libraries' wheels are built for."""

_LOCAL_NETWORK: Final = (
    "Phones and computers in your home open the room in their browsers, "
    "and the room finds your voice assistant."
)
"""What macOS quotes when it asks whether the program may speak to the network."""

_WINDOWS: Final = """\
VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={numbers}, prodvers={numbers}, mask=0x3F, flags={flags}, OS=0x40004,
    fileType=0x1, subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('040904B0', [
      StringStruct('CompanyName', 'JarbasHiveMind'),
      StringStruct('FileDescription', '{name}'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('InternalName', '{command}'),
      StringStruct('LegalCopyright', 'Apache License 2.0'),
      StringStruct('OriginalFilename', '{command}.exe'),
      StringStruct('ProductName', '{name}'),
      StringStruct('ProductVersion', '{version}')])]),
    VarFileInfo([VarStruct('Translation', [0x409, 0x4B0])])])
"""

_PRERELEASE: Final = 0x2
"""VS_FF_PRERELEASE (VS_FIXEDFILEINFO, dwFileFlags)."""


def windows_version(version: str, command: str) -> str:
    """Return what PyInstaller makes the details of a program from, which Windows shows.

    Args:
        version: As Python writes it (PEP 440).
        command: The program, without its `.exe`.
    """
    release = release_of(version)
    return _WINDOWS.format(
        numbers=(*release, 0),
        flags=_PRERELEASE if version != ".".join(map(str, release)) else 0,
        name=NAME,
        version=version,
        command=command,
    )


def info_plist(version: str, languages: Sequence[str], services: Sequence[str]) -> dict[str, Any]:
    """Return what macOS reads of the program before it starts it.

    Args:
        version: As Python writes it (PEP 440).
        languages: That the program speaks, by their tags.
        services: The kinds of services that it announces and looks for, with their domain.
    """
    release = ".".join(map(str, release_of(version)))
    return {
        "CFBundleDisplayName": NAME,
        "CFBundleExecutable": COMMAND,
        "CFBundleLocalizations": [*languages],
        "CFBundleShortVersionString": release,  # three numbers are all it may have
        "CFBundleVersion": release,
        "LSApplicationCategoryType": "public.app-category.social-networking",
        "LSBackgroundOnly": False,  # as the command without a window is in there, too
        "LSMinimumSystemVersion": OLDEST_MACOS,
        "NSAppTransportSecurity": {"NSAllowsLocalNetworking": True},  # the page is plain HTTP
        "NSBonjourServices": [service.removesuffix(".local.") for service in services],
        "NSHighResolutionCapable": True,
        "NSLocalNetworkUsageDescription": _LOCAL_NETWORK,
    }


def release_of(version: str) -> tuple[int, int, int]:
    """Return the three numbers of a version, without what says that it comes before them.

    Raises:
        ValueError: It does not begin with three numbers.
    """
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    if found is None:
        raise ValueError(f"{version} does not begin with three numbers")
    major, minor, patch = map(int, found.groups())
    return major, minor, patch
