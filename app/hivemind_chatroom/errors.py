"""Every failure a person is told about, one class and one stable code each.

`web/errors.py` maps the codes to HTTP once, `cli.py` maps start errors to exit codes once.
The message of an error is one sentence for the person who met it; it never holds a secret.
"""

from __future__ import annotations

import traceback
from pathlib import PurePath
from typing import ClassVar, Final

_STEPS_TOLD: Final = 6


class ChatroomError(Exception):
    """Something went wrong that a person can be told about.

    What people meet in the room is said in their language: `sentence` is what the catalogues know
    it by, and `values` stand where it has holes.
    """

    code: ClassVar[str] = "internal"

    def __init__(self, sentence: str = "", **values: object) -> None:
        """Say what went wrong, in English.

        Args:
            sentence: With `{holes}` for the values, if there are any.
            values: What stands in the holes.
        """
        super().__init__(sentence.format(**values) if values else sentence)
        self.sentence = sentence
        self.values = values


class RetryLaterError(ChatroomError):
    """The same request will work later; `retry_after_s` says when, in seconds, 0 if at once."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        """Keep the wait beside the sentence, for the Retry-After header."""
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NameInvalidError(ChatroomError):
    """The name is empty, too long, reserved or has no letter in it."""

    code = "name_invalid"


class NameTakenError(ChatroomError):
    """Somebody in the room holds this name, or one that looks like it."""

    code = "name_taken"

    def __init__(self, sentence: str, name: str, suggestion: str) -> None:
        """Say who is here already (`name`) and which name is free."""
        super().__init__(sentence, name=name, suggestion=suggestion)
        self.name = name
        self.suggestion = suggestion


class LangInvalidError(ChatroomError):
    """The language is not a BCP-47 tag that anybody speaks."""

    code = "lang_invalid"


class SiteInvalidError(ChatroomError):
    """The site is longer than a site name can be, or has control characters in it."""

    code = "site_invalid"


class CodeWrongError(RetryLaterError):
    """The join code is missing or not this room's."""

    code = "code_wrong"

    def __init__(self, sentence: str, tries_left: int, retry_after_s: float = 0) -> None:
        """Say how many more wrong ones are taken, and after the last how long there is a pause."""
        super().__init__(sentence, retry_after_s)
        self.tries_left = tries_left


class DeviceCodeWrongError(ChatroomError):
    """The member has given out no such code for another device, or not lately."""

    code = "device_code_wrong"


class TooManyTriesError(RetryLaterError):
    """Too many wrong join codes came from one address."""

    code = "too_many_tries"


class NotJoinedError(ChatroomError):
    """The request needs a member and carries no valid cookie."""

    code = "not_joined"


class RoomFullError(ChatroomError):
    """As many people are here as the room lets in."""

    code = "room_full"


class RoomPausedError(ChatroomError):
    """The host lets nobody write for now."""

    code = "room_paused"


class MutedError(ChatroomError):
    """The host lets this member read and not write."""

    code = "muted"


class RemovedError(ChatroomError):
    """The host has put this member, and its browsers, out of the room."""

    code = "removed"


class TextEmptyError(ChatroomError):
    """There is nothing to say."""

    code = "text_empty"


class TextTooLongError(ChatroomError):
    """The text is longer than a message may be."""

    code = "text_too_long"


class TooFastError(RetryLaterError):
    """A member or an address sends faster than the room allows."""

    code = "too_fast"


class MessageUnknownError(ChatroomError):
    """There is no message of this member under the number."""

    code = "not_found"


class NotAskableError(ChatroomError):
    """The message was never asked, has its answer, or is on its way to one."""

    code = "not_askable"


class StorageError(ChatroomError):
    """Nothing can be kept now; the kind says why."""


class StorageFullError(StorageError):
    """The disk is full: nothing is accepted that could not be kept."""

    code = "storage_full"


class StorageAwayError(RetryLaterError, StorageError):
    """The database does not answer: nothing is accepted that is not known to be kept."""

    code = "storage_away"


class BodyTooLargeError(ChatroomError):
    """The body is larger than any request of ours."""

    code = "body_too_large"


class BodyInvalidError(ChatroomError):
    """The body or a parameter is not what the route takes."""

    code = "body_invalid"


class MediaTypeError(ChatroomError):
    """The body is of another kind than the route takes."""

    code = "media_type"


class HostUnknownError(ChatroomError):
    """The Host header is none of this room's names or addresses."""

    code = "host_unknown"


class OriginForeignError(ChatroomError):
    """Another website, or nobody we can tell, asks to change something."""

    code = "origin_foreign"


class TokenWrongError(ChatroomError):
    """The request has not the token of the operator's window."""

    code = "token_wrong"


class OriginWrongError(ChatroomError):
    """A page that is not the operator's own calls the operator's API."""

    code = "origin_wrong"


class WindowMissingError(ChatroomError):
    """The room was started without a window."""

    code = "no_window"


class HubElsewhereError(ChatroomError):
    """Another instance of the room holds the link to the hub."""

    code = "hub_elsewhere"

    def __init__(self, place: str) -> None:
        """Name its computer."""
        super().__init__(
            f"Another instance of this room, on {place}, is linked to the hub. Do this there."
        )


class UndoUnknownError(ChatroomError):
    """There is nothing to undo under this id, or no longer."""

    code = "undo_unknown"


class MemberUnknownError(ChatroomError):
    """There is no member under this id."""

    code = "member_unknown"


class StartError(ChatroomError):
    """The room can't start as it was asked to."""

    code = "start_failed"


class SettingInvalidError(StartError):
    """A flag, an environment variable or a line of the settings file has no usable value."""

    code = "setting_invalid"

    def __init__(self, message: str, setting: str = "") -> None:
        """Keep the setting's name beside the sentence, if it is one setting's."""
        super().__init__(message)
        self.setting = setting


class PortTakenError(StartError):
    """Another program listens on the port."""

    code = "port_taken"

    def __init__(self, port: int, flag: str = "--port") -> None:
        """Name the port, and the flag that names another."""
        super().__init__(f"Port {port} is used by another program; choose one with {flag}.")
        self.port = port


class HostInvalidError(StartError):
    """The address to listen on is not one of this computer's."""

    code = "host_invalid"

    def __init__(self, host: str) -> None:
        """Name the address."""
        super().__init__(f"{host} is not an address of this computer; choose one with --host.")
        self.host = host


class FolderUnusableError(StartError):
    """A folder can't be made, read or written."""

    code = "folder_unusable"

    def __init__(self, folder: str, reason: str) -> None:
        """Name the folder and the system's reason."""
        super().__init__(f"The folder {folder} can't be used: {reason}.")


class FolderInUseError(StartError):
    """Another room keeps its messages in the folder."""

    code = "folder_in_use"

    def __init__(self, folder: str) -> None:
        """Name the folder."""
        super().__init__(
            f"Another room uses the folder {folder}; close it, or choose one with --data-dir."
        )


class AlreadyRunningError(StartError):
    """The program runs already and does not answer, so a second start can't show its window."""

    code = "already_running"

    def __init__(self, pid: int | None) -> None:
        """Name its process, if that is known."""
        process = f"process {pid}" if pid else "its process is not known"
        super().__init__(
            f"The room is already running ({process}), but it does not answer. "
            "End that process, then start the room again."
        )


class BackupFailedError(StartError):
    """The copy of the database that was asked for can't be made."""

    code = "backup_failed"


class ReportUnwritableError(StartError):
    """The file that a self-test is to report to can't be written."""

    code = "report_unwritable"

    def __init__(self, file: str, reason: str) -> None:
        """Name the file and the system's reason."""
        super().__init__(f"The report can't be written to {file}: {reason}.")


class BackupInvalidError(ChatroomError):
    """What was to be restored is no backup of a room, or is damaged."""

    code = "backup_invalid"


class DatabaseForeignError(StartError):
    """What the database was to be is somebody else's file, or no file; it is left alone."""

    code = "database_foreign"

    def __init__(self, file: str, what: str = "not this room's database") -> None:
        """Name the file and what it is."""
        super().__init__(f"{file} is {what}. Name another file or move this one away.")


class DatabaseNewerError(StartError):
    """A newer version of the program has written the database."""

    code = "database_newer"

    def __init__(self, file: str) -> None:
        """Name the file."""
        super().__init__(
            f"The database {file} is of a newer version; update the room, or move the file away."
        )


class DatabaseEncodingError(StartError):
    """The database can't keep every script that people write."""

    code = "database_encoding"

    def __init__(self, place: str, encoding: str) -> None:
        """Name the database, without what proves who we are, and what it is encoded in."""
        super().__init__(
            f"The database {place} is encoded in {encoding}, in which not every text can be kept. "
            "Make another one: createdb --encoding UTF8 --locale C --template template0 ..."
        )


class DatabaseAwayError(StartError):
    """The database's server does not answer, or does not let us in."""

    code = "database_away"

    def __init__(self, place: str, reason: str) -> None:
        """Name the database, without what proves who we are, and the kind of failure."""
        super().__init__(f"The database {place} can't be reached ({reason}).")


class DatabaseInUseError(StartError):
    """Somebody must be alone with the database, to move a room, and somebody else isn't through."""

    code = "database_in_use"

    def __init__(self, place: str) -> None:
        """Name the database, without what proves who we are."""
        super().__init__(
            f"The database {place} is in use: a room runs on it, or is being moved. "
            "End that first, then try again."
        )


class UpgradeFailedError(StartError):
    """A database of an older version can't be made one of this version."""

    code = "upgrade_failed"

    def __init__(self, file: str, reason: str) -> None:
        """Name the file and what the database says."""
        super().__init__(
            f"The database {file} is of an older version, and it can't be brought up to date: "
            f"{reason}. It is unchanged; the version of the room that wrote it still opens it."
        )


class MigrationRefusedError(StartError):
    """A room can't be moved from where it was said to be, or to where."""

    code = "migration_refused"


class MigrationUnfinishedError(StartError):
    """A room is being moved into the database, and not all of it is there."""

    code = "migration_unfinished"

    def __init__(self, place: str) -> None:
        """Name the database, without what proves who we are."""
        super().__init__(
            f"Not all of a room has been moved to the database {place} yet. Run `migrate` once "
            "more, as before; until it has ended, only the database that it moves from has it all."
        )


class MigrationFailedError(ChatroomError):
    """Moving a room has stopped before its end; the room it was moved from is as it was."""

    code = "migration_failed"


class IdentityError(ChatroomError):
    """The HiveMind identity can't be used; the message says what the operator does next."""

    code = "identity_unusable"


class IdentityMissingError(IdentityError):
    """No identity has been set up on this computer."""

    code = "identity_missing"


class IdentityBrokenError(IdentityError):
    """The identity file is there and can't be read as one."""

    code = "identity_broken"


class IdentityIncompleteError(IdentityError):
    """What the operator has given names no key, no password or no hub."""

    code = "identity_incomplete"


class BuiltinHubError(ChatroomError):
    """The built-in hub's process did not come up."""

    code = "builtin_hub_failed"


def traced(error: BaseException) -> str:
    """Return an exception's type and where it was raised, for the log.

    Its own words stay out: they may quote what somebody has said or sent.
    """
    steps = traceback.extract_tb(error.__traceback__)[-_STEPS_TOLD:]
    places = [f"{PurePath(step.filename).name}:{step.lineno} {step.name}" for step in steps]
    return f"{type(error).__name__} at {', '.join(places) or 'no known place'}"
