"""Start at login: an autostart file, a LaunchAgent or a value of the registry; off until asked for.

Each starts the program as it was started now, with its window away.
"""

from __future__ import annotations

import plistlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from hivemind_chatroom.errors import SettingInvalidError

NAME: Final = "HiveMind Chatroom"
LABEL: Final = "io.github.jarbashivemind.chatroom"
"""Of the LaunchAgent; the reversed name of the project's home, as Apple asks for."""

_RUN: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"

_QUOTED_IN_EXEC: Final = str.maketrans({char: f"\\{char}" for char in '"`$\\'})
"""Desktop Entry Specification 1.5, "The Exec key"."""


class StartAtLogin(Protocol):
    """What `operator.ports.Login` asks for."""

    def is_on(self) -> bool | None:
        """Tell whether the program starts at login; None: not on this system."""
        ...

    def switch(self, *, on: bool) -> None:
        """Have it start, or not.

        Raises:
            SettingInvalidError: The system did not let us.
        """
        ...


def start_at_login(
    command: Sequence[str], folder: Path, platform: str = sys.platform
) -> StartAtLogin:
    """Return the switch of a platform.

    Args:
        command: What starts the program, `--background` included.
        folder: Where the platform keeps what starts at login (`paths.autostart_folder`); unused
            on Windows.
        platform: As `sys.platform` has it.
    """
    if platform == "win32":
        return RunKey(command)
    if platform == "darwin":
        return LoginFile(folder / f"{LABEL}.plist", launch_agent(command))
    return LoginFile(folder / "hivemind-chatroom.desktop", desktop_entry(command))


class LoginFile:
    """A file that the desktop looks at when somebody logs in: XDG autostart, LaunchAgents."""

    def __init__(self, file: Path, content: bytes) -> None:
        """Switch on by writing `content` to `file`."""
        self._file = file
        self._content = content

    def is_on(self) -> bool:
        """Tell whether the file is there and is not switched off by the desktop's own settings."""
        try:
            lines = self._file.read_bytes().lower().splitlines()
        except OSError:
            return False
        return not {b"hidden=true", b"x-gnome-autostart-enabled=false"} & set(lines)

    def switch(self, *, on: bool) -> None:
        """Write the file, or remove it.

        Raises:
            SettingInvalidError: The system does not let us.
        """
        try:
            if on:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                self._file.write_bytes(self._content)
            else:
                self._file.unlink(missing_ok=True)
        except OSError as error:
            reason = error.strerror or "the system does not let us"
            raise SettingInvalidError(f"{self._file} can't be written: {reason}.") from error


class RunKey:
    """The registry's list of what starts when the user logs in to Windows."""

    def __init__(self, command: Sequence[str]) -> None:
        """Switch on by naming `command` there."""
        self._line = subprocess.list2cmdline(command)

    def is_on(self) -> bool | None:
        """Tell whether we are named there; None where there is no registry."""
        if sys.platform == "win32":
            import winreg  # noqa: PLC0415 - Windows alone has it

            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                    winreg.QueryValueEx(key, NAME)
            except OSError:
                return False
            return True
        return None

    def switch(self, *, on: bool) -> None:
        """Name the program there, or no longer.

        Raises:
            SettingInvalidError: There is no registry, or it does not let us.
        """
        if sys.platform == "win32":
            import winreg  # noqa: PLC0415 - as above

            try:
                with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN) as key:
                    if on:
                        winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, self._line)
                    elif self.is_on():
                        winreg.DeleteValue(key, NAME)
            except OSError as error:
                reason = error.strerror or "Windows does not let us"
                raise SettingInvalidError(f"The registry can't be changed: {reason}.") from error
        else:
            raise SettingInvalidError("This system has no list of what starts at login.")


def desktop_entry(command: Sequence[str]) -> bytes:
    """Return an autostart file for `command` (Desktop Entry Specification 1.5)."""
    arguments = (f'"{part.translate(_QUOTED_IN_EXEC)}"' for part in command)
    # Exec is quoted first, and then escaped as every string of such a file is.
    line = " ".join(arguments).replace("%", "%%").replace("\\", "\\\\")
    program = command[0].replace("\\", "\\\\")
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        f"Name={NAME}\n"
        f"Exec={line}\n"
        # Whoever removes the program for all users does not look into their homes.
        f"TryExec={program}\n"
        "Icon=hivemind-chatroom\n"
        "Terminal=false\n"
    ).encode()


def launch_agent(command: Sequence[str]) -> bytes:
    """Return a LaunchAgent for `command` (launchd.plist(5))."""
    agent = {"Label": LABEL, "ProgramArguments": list(command), "RunAtLoad": True}
    return plistlib.dumps(agent)
