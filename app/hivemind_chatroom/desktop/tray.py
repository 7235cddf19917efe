"""The tray: where a room that keeps running is seen, shown again and stopped."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from hivemind_chatroom.desktop.closing import OnClose
from hivemind_chatroom.desktop.sentences import Sentences
from hivemind_chatroom.desktop.window import OperatorWindow


class Tray:
    """An icon with a menu; made and used on the GUI thread."""

    def __init__(
        self,
        icon: QIcon,
        sentences: Sentences,
        owner: OperatorWindow,
        show: Callable[[], None],
    ) -> None:
        """Put the icon into the tray, as soon as there is one."""
        self._choice = owner.choice
        self._menu = QMenu()
        self._menu.addAction(sentences.show, show)
        self._keep = self._menu.addAction(sentences.keep_on_close)
        self._keep.setCheckable(True)
        self._keep.triggered.connect(self._choose)
        self._menu.addSeparator()
        self._menu.addAction(sentences.stop, owner.stop.tell)
        self._menu.aboutToShow.connect(self._update)
        self._icon = QSystemTrayIcon(icon)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(
            lambda reason: show() if reason is QSystemTrayIcon.ActivationReason.Trigger else None
        )
        self._icon.show()

    @property
    def is_there(self) -> bool:
        """Whether the desktop has a tray now; one that comes later takes the icon up by itself."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def _update(self) -> None:
        self._keep.setChecked(self._choice.on_close(has_tray=True) is not OnClose.STOP)

    def _choose(self, is_kept: bool) -> None:  # noqa: FBT001 - a signal's
        self._choice.remember(OnClose.KEEP if is_kept else OnClose.STOP)
