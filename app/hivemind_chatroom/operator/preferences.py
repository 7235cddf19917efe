"""The operator's preferences: written down and in force, both at once."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hivemind_chatroom.errors import SettingInvalidError
from hivemind_chatroom.operator.parts import Decided
from hivemind_chatroom.operator.ports import Json, Login
from hivemind_chatroom.operator.settings_file import write_settings
from hivemind_chatroom.settings import CODE_DIGITS, HubChoice, Settings, decide

CHANGEABLE: Final = (
    "room_name",
    "code",
    "paused",
    "keep_days",
    "keep_messages",
    "languages",
    "members_max",
    "language",
    "lan",
    "lan_name",
    "lan_interface",
    "set_up",
    "set_up_step",
    "set_up_later",
)
"""The settings that the page shows and changes; the others ask for a start."""

_LOGIN: Final = "start_at_login"
_WINDOW: Final = "the window"

_OPEN: Final = "none"
_NEW_CODE: Final = "auto"


class Preferences:
    """What the operator has decided; any thread may call, and of two changes one is the first."""

    def __init__(self, decided: Decided, login: Login | None) -> None:
        """Begin with what is decided already."""
        self._decided = decided
        self._login = login
        self._changing = threading.Lock()
        """Held until a change is in the file and in force: what is in both must be the same."""

    @property
    def settings(self) -> Settings:
        """What is in force."""
        return self._decided.settings()

    def all(self, code: str) -> Json:
        """Return all settings of the page.

        Args:
            code: The room's code, which the settings may leave to the start.
        """
        settings = self.settings
        values = {name: getattr(settings, name) for name in CHANGEABLE}
        fixed = {key: value for key, value in self._decided.fixed.items() if key in CHANGEABLE}
        return {
            **values,
            "code": code,
            "languages": list(settings.languages or self._decided.offered),
            _LOGIN: self._login.is_on() if self._login else None,
            "fixed": fixed,
        }

    def change(self, values: Mapping[str, object]) -> None:
        """Decide otherwise.

        Args:
            values: Some of the settings of the page.

        Raises:
            SettingInvalidError: One can't be so, or isn't to be changed here; nothing has changed.
            StorageFullError: It could not be written; nothing has changed.
        """
        with self._changing:
            wanted = {key: value for key, value in values.items() if key != _LOGIN}
            changed = self._checked(wanted)
            if _LOGIN in values:
                self._switch_login(values[_LOGIN])
            self._keep(changed, wanted)

    def rotate_code(self) -> None:
        """Give the room a new code.

        Raises:
            SettingInvalidError: The code isn't to be changed here.
            StorageFullError: It could not be written; nothing has changed.
        """
        self.change({"code": _NEW_CODE})

    def keep_hub(self, choice: HubChoice) -> None:
        """Remember which hub was chosen for the next start; one that a flag chose stays a flag's.

        Raises:
            StorageFullError: It could not be written.
        """
        with self._changing:
            if "hub" not in self._decided.fixed and choice is not self.settings.hub:
                changed = decide(self.settings, {"hub": choice.value}, _WINDOW)
                self._keep(changed, {"hub": choice.value})

    def _checked(self, wanted: dict[str, object]) -> Settings:
        for name in wanted:
            if name not in CHANGEABLE:
                raise SettingInvalidError(f"{name} is no setting that can be changed here.", name)
            if name in self._decided.fixed:
                origin = self._decided.fixed[name]
                raise SettingInvalidError(f"{name} is fixed by {origin}.", name)
        if "code" in wanted:
            wanted["code"] = _code(wanted["code"])
        changed = decide(self.settings, wanted, _WINDOW)
        languages = tuple(self._standard(tag, "languages") for tag in changed.languages)
        language = self._standard(changed.language, "language") if changed.language else ""
        return replace(changed, languages=languages, language=language)

    def _standard(self, tag: str, name: str) -> str:
        standard = self._decided.standard(tag)
        if standard is None:
            raise SettingInvalidError(f"{name} in {_WINDOW}: nobody speaks {tag!r}.", name)
        return standard

    def _keep(self, changed: Settings, wanted: Mapping[str, object]) -> None:
        if changed == self.settings:
            return
        write_settings(self._decided.file, {name: _plain(changed, name) for name in wanted})
        self._decided.put_in_force(changed, wanted.keys())

    def _switch_login(self, wanted: object) -> None:
        if not isinstance(wanted, bool):
            raise SettingInvalidError(f"{_LOGIN} is true or false.", _LOGIN)
        if self._login is None:
            raise SettingInvalidError("This system has no such thing.", _LOGIN)
        self._login.switch(on=wanted)


def _code(wanted: object) -> object:
    if wanted == _NEW_CODE:
        return "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    return _OPEN if wanted == "" else wanted


def _plain(settings: Settings, name: str) -> object:
    value = getattr(settings, name)
    return list(value) if isinstance(value, tuple) else value
