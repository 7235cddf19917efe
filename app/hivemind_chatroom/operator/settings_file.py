"""The settings file, as the operator's page writes it: comments and order stay as they are."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hivemind_chatroom.errors import SettingInvalidError, StorageFullError

_FOLDER_MODE = 0o700


def write_settings(file: Path, values: Mapping[str, object]) -> None:
    """Put values into a settings file; what else is in it stays.

    A crash leaves the old file or the new one, never a half; only its user can read it, as a join
    code may be in it.

    Args:
        file: TOML; made if it isn't there.
        values: By the names of the settings: texts, numbers, switches, lists of texts.

    Raises:
        SettingInvalidError: The file that is there is no TOML; it stays.
        StorageFullError: It can't be written, and stays as it was.
    """
    import tomlkit  # noqa: PLC0415 - the page is served before anything is decided
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415 - as above

    try:
        document = tomlkit.parse(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        document = tomlkit.document()
    except (OSError, ValueError, TOMLKitError) as error:
        raise SettingInvalidError(f"The settings file {file} can't be read.") from error
    for name, value in values.items():
        document[name] = value
    _replace(file, tomlkit.dumps(document))


def _replace(file: Path, text: str) -> None:
    file = file.resolve()  # whoever keeps it elsewhere, behind a link, keeps the link
    try:
        file.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as copy:
                copy.write(text)
                copy.flush()
                os.fsync(copy.fileno())
            Path(name).replace(file)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageFullError(
            "The settings can't be written: {reason}.", reason=error.strerror or error
        ) from error
