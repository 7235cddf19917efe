"""Where things are kept, and how a private folder is made."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

from hivemind_chatroom.errors import FolderUnusableError

_APP = "hivemind-chatroom"

PRIVATE_FILE = 0o600
"""The mode of all that is kept: its user's alone."""

_PRIVATE_FOLDER = 0o700
_PRIVATE_UMASK = 0o077


def data_folder() -> Path:
    """Return the folder of what the room keeps, unless the operator names another."""
    return platformdirs.user_data_path(_APP, appauthor=False)


def settings_file() -> Path:
    """Return the operator's settings file; it need not exist."""
    return platformdirs.user_config_path(_APP, appauthor=False) / "settings.toml"


def log_folder() -> Path:
    """Return upstream's log folder, `$XDG_STATE_HOME` or `~/.local/state`, then `hivemind`."""
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "hivemind"


def autostart_folder() -> Path:
    """Return where the system looks for what starts at login; none of Windows' concern."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents"
    return platformdirs.user_config_path() / "autostart"


def keep_files_private() -> None:
    """Make every file and folder this process creates from now on readable by its user alone.

    The HiveMind libraries write RSA keys with the umask's mode, so this runs before they load.
    """
    os.umask(_PRIVATE_UMASK)


def open_private(path: str, flags: int) -> int:
    """Open a file, made for its user alone if it is not there; the `opener` of Python's `open`.

    Args:
        path: Of the file.
        flags: As `os.open` takes them.

    Returns:
        The file's descriptor.
    """
    return os.open(path, flags, PRIVATE_FILE)


def private_folder(folder: Path) -> Path:
    """Make a folder that only its user can enter, and prove that it can be written.

    Returns:
        The folder, absolute.

    Raises:
        FolderUnusableError: It can't be made, is no folder, or can't be written.
    """
    try:
        if not folder.is_dir():
            folder.mkdir(mode=_PRIVATE_FOLDER, parents=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FolderUnusableError(str(folder), error.strerror or str(error)) from error
    return folder.absolute()
