"""What is said to macOS, as far as it can be read: it is built there alone."""

from __future__ import annotations

import plistlib
import runpy
from pathlib import Path
from typing import Final

from hivemind_chatroom.desktop.login import NAME

FOLDER: Final = Path(__file__).parents[2] / "packaging" / "macos"


def test_the_hardened_runtime_leaves_one_door_open() -> None:
    doors = plistlib.loads((FOLDER / "entitlements.plist").read_bytes())
    assert doors == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


def test_the_image_shows_the_program_and_where_to_drag_it() -> None:
    app = f"/somewhere/{NAME}.app"
    given = {"defines": {"app": app, "icon": "/somewhere/icon.icns"}}
    settings = runpy.run_path(str(FOLDER / "dmg_settings.py"), init_globals=given)
    assert settings["files"] == [app]
    assert settings["symlinks"] == {"Applications": "/Applications"}
    assert set(settings["icon_locations"]) == {f"{NAME}.app", "Applications"}


def test_without_a_certificate_the_signature_is_ad_hoc_and_that_is_said() -> None:
    script = (FOLDER / "make-dmg").read_text("utf-8")
    assert "codesign --force --sign - " in script
    assert "The signature is ad hoc" in script
