"""The room's log: to a rotating file only its user can read, or to the console."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path

from hivemind_chatroom.errors import FolderUnusableError
from hivemind_chatroom.paths import PRIVATE_FILE, private_folder

LOGGER = "hivemind_chatroom"
"""The only logger that is written down: what libraries log may hold what people say."""

STDOUT = "stdout"

LOG_FILE = "flask-chat.log"
"""Upstream's file name; older ones end in `.1` to `.4`."""
_FILES = 5
_FILE_BYTES = 1_000_000
_FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


class Logs:
    """Opens the log and closes it again."""

    def __init__(self, level: str, folder: Path | None) -> None:
        """Prepare a log of `level` in `folder`; None logs to the console."""
        self._level = level
        self._folder = folder
        self._handler: logging.Handler | None = None

    def start(self) -> None:
        """Write down what happens from now on.

        Raises:
            FolderUnusableError: The file can't be written.
        """
        self._handler = self._console() if self._folder is None else self._file(self._folder)
        self._handler.setFormatter(logging.Formatter(_FORMAT))
        logger = logging.getLogger(LOGGER)
        logger.addHandler(self._handler)
        logger.setLevel(self._level)
        logger.propagate = False

    def stop(self) -> None:
        """Close the log."""
        if self._handler:
            logging.getLogger(LOGGER).removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def _console(self) -> logging.Handler:
        return logging.StreamHandler(sys.stdout)

    def _file(self, folder: Path) -> logging.Handler:
        file = private_folder(folder) / LOG_FILE
        try:
            file.touch(mode=PRIVATE_FILE)
            file.chmod(PRIVATE_FILE)
            return logging.handlers.RotatingFileHandler(
                file, maxBytes=_FILE_BYTES, backupCount=_FILES - 1, encoding="utf-8"
            )
        except OSError as error:
            raise FolderUnusableError(str(folder), error.strerror or str(error)) from error
