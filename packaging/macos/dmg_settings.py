"""How the disk image looks when somebody opens it: the program, and the folder to drag it to.

dmgbuild reads this as settings, by their names:
dmgbuild --settings dmg_settings.py -D app=<HiveMind Chatroom.app> "HiveMind Chatroom" <image>
"""

from __future__ import annotations

from pathlib import Path

_app = Path(defines["app"])  # type: ignore[name-defined]  # noqa: F821 - dmgbuild gives it

format = "ULFO"  # noqa: A001 - dmgbuild's name; compressed, for macOS 10.11 and newer
filesystem = "HFS+"
files = [str(_app)]
symlinks = {"Applications": "/Applications"}
icon = str(Path(defines["icon"]))  # type: ignore[name-defined]  # noqa: F821 - as above
background = str(Path(icon).with_name("installer") / "dmg.png")

default_view = "icon-view"
window_rect = ((200, 200), (560, 340))
icon_size = 112
text_size = 13
icon_locations = {_app.name: (150, 150), "Applications": (410, 150)}
