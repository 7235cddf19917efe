"""The window by PySide6: what pywebview leaves open there, and the tray."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Final

import webview
from PySide6.QtCore import QMargins, QObject, QStandardPaths, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QIcon
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineNavigationRequest,
    QWebEnginePage,
    QWebEngineSettings,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMainWindow, QMessageBox

from hivemind_chatroom.children import systems_own_libraries
from hivemind_chatroom.desktop.able import PROGRAM
from hivemind_chatroom.desktop.closing import OnClose
from hivemind_chatroom.desktop.crashes import Crashes
from hivemind_chatroom.desktop.sentences import Sentences, system_language
from hivemind_chatroom.desktop.tray import Tray
from hivemind_chatroom.desktop.window import OperatorWindow

ICON: Final = Path(__file__).parents[1] / "web" / "static" / "icon.svg"

_FRAME: Final = QMargins(8, 40, 8, 8)
"""What a window manager may draw around a window, in pixels: left, top, right, bottom."""

_log = logging.getLogger(__name__)


class QtToolkit(QObject):
    """Everything on the GUI thread; what other threads want of it comes by a signal."""

    _wanted = Signal(object)

    def __init__(self, owner: OperatorWindow, sentences: Sentences) -> None:
        """Belong to `owner`, whose window is not made yet."""
        super().__init__()
        self._owner = owner
        self._page = owner.page
        self._sentences = sentences
        self._crashes = Crashes()
        self._printer: QPrinter | None = None
        """While a print is asked for or under way: Qt draws to it after `print` has returned."""
        self._question: QMessageBox | None = None
        self._wanted.connect(lambda action: action(), Qt.ConnectionType.QueuedConnection)

    @property
    def has_tray(self) -> bool:
        """Whether there is a tray now; after a login it may come later than we."""
        return self._tray.is_there

    def settle(self, window: webview.Window) -> None:
        """Keep the page at home, and let it print, copy, save and come back after a crash."""
        QApplication.setQuitOnLastWindowClosed(False)  # a hidden window is no end
        QApplication.setApplicationDisplayName(self._page.title)
        QApplication.setDesktopFileName(PROGRAM)
        icon = QIcon(str(ICON))
        QApplication.setWindowIcon(icon)
        native: Any = window.native
        self._window: QMainWindow = native
        self._view: QWebEngineView = native.webview
        self._fit_into_screen()
        page = self._view.page()
        page.setBackgroundColor(self._own_colour())
        page.settings().setAttribute(
            QWebEngineSettings.WebAttribute.JavascriptCanAccessClipboard,
            True,  # noqa: FBT003 - Qt takes it by its place alone
        )
        if tag := system_language():  # else Qt tells the server none
            page.profile().setHttpAcceptLanguage(f"{tag},{tag.partition('-')[0]};q=0.9")
        page.navigationRequested.connect(self._keep_at_home)
        page.renderProcessTerminated.connect(self._recover)
        page.printRequested.connect(self._print)
        self._view.printFinished.connect(self._has_printed)
        page.pdfPrintingFinished.connect(self._has_printed)
        page.profile().downloadRequested.connect(self._save)
        self._tray = Tray(icon, self._sentences, self._owner, self.to_front)

    def to_front(self) -> None:
        """Show the window, before all others; any thread may call."""
        self._wanted.emit(self._raise)

    def hide(self) -> None:
        """Put the window away."""
        self._window.hide()

    def ask(self) -> None:
        """Ask what closing shall mean."""
        if self._question is not None:
            self._question.activateWindow()
            return
        says = self._sentences
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(says.question)
        box.setInformativeText(says.tray_hint if self.has_tray else says.start_hint)
        keep = box.addButton(says.keep, QMessageBox.ButtonRole.AcceptRole)
        stop = box.addButton(says.stop, QMessageBox.ButtonRole.DestructiveRole)
        box.setEscapeButton(box.addButton(says.cancel, QMessageBox.ButtonRole.RejectRole))
        box.setDefaultButton(keep)
        meanings: dict[QAbstractButton, OnClose] = {keep: OnClose.KEEP, stop: OnClose.STOP}
        box.finished.connect(lambda: self._answer(meanings.get(box.clickedButton(), OnClose.ASK)))
        self._question = box
        box.open()

    def let_go(self) -> None:
        """Free the threads that wait for what the page would have answered to a script."""
        native: Any = self._window
        for awaited in tuple(native._js_results.values()):  # noqa: SLF001 - it has no other name
            awaited["semaphore"].release()

    def _answer(self, choice: OnClose) -> None:
        if self._question is not None:
            self._question.deleteLater()
            self._question = None
        self._owner.answered(choice)

    def _fit_into_screen(self) -> None:
        """Keep the frame of a new window in view, also on the small screen of an old notebook."""
        room = self._view.screen().availableGeometry().marginsRemoved(_FRAME)
        self._window.resize(self._window.size().boundedTo(room.size()))
        place = self._window.geometry()
        place.moveCenter(room.center())
        self._window.setGeometry(place)

    def _raise(self) -> None:
        state = self._window.windowState() & ~Qt.WindowState.WindowMinimized
        self._window.setWindowState(state)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _keep_at_home(self, request: QWebEngineNavigationRequest) -> None:
        """Let a link to elsewhere open in the browser, where people expect it."""
        url = request.url()
        if not request.isMainFrame() or self._page.has(url.toString()):
            return
        request.reject()
        if url.scheme() in {"http", "https"}:
            with systems_own_libraries():
                QDesktopServices.openUrl(url)

    def _recover(self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int) -> None:
        if status is QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            return
        is_reloaded = self._crashes.may_reload()
        _log.error(
            "the page's process ended (%s, %d); it is %s",
            status.name,
            code,
            "loaded again" if is_reloaded else "left as it is: it has crashed too often",
        )
        if is_reloaded:  # from its first address: the one it has now lacks the token
            QTimer.singleShot(0, self, lambda: self._view.load(QUrl(self._page.url)))

    def _print(self) -> None:
        if self._printer is not None:
            return
        printer = self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._print_to(printer))
        dialog.rejected.connect(self._has_printed)
        dialog.show()

    def _own_colour(self) -> QColor:
        return self._view.palette().window().color()

    def _print_to(self, printer: QPrinter) -> None:
        self._view.page().setBackgroundColor(Qt.GlobalColor.white)  # of the margins, too
        if printer.outputFormat() is not QPrinter.OutputFormat.PdfFormat:
            self._view.print(printer)
            return
        # Chromium writes text; what Qt draws on a printer is a picture of megabytes.
        file, layout, pages = printer.outputFileName(), printer.pageLayout(), printer.pageRanges()
        self._view.page().printToPdf(file, layout, pages)

    def _has_printed(self) -> None:
        # Qt is still at work with it when it says so.
        QTimer.singleShot(0, self, self._let_printer_go)

    def _let_printer_go(self) -> None:
        self._printer = None
        self._view.page().setBackgroundColor(self._own_colour())

    def _save(self, download: QWebEngineDownloadRequest) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DownloadLocation)
        chosen, _ = QFileDialog.getSaveFileName(
            self._window, self._sentences.save_as, f"{folder}/{download.suggestedFileName()}"
        )
        download.isFinishedChanged.connect(lambda: self._tell_page(download))
        if not chosen:
            download.cancel()
            return
        folder, _, name = chosen.rpartition("/")  # Qt writes it so on every system
        download.setDownloadDirectory(folder)
        download.setDownloadFileName(name)
        download.accept()

    def _tell_page(self, download: QWebEngineDownloadRequest) -> None:
        """Let the page know what has become of a file that it has handed over."""
        state = QWebEngineDownloadRequest.DownloadState
        outcomes = {state.DownloadCompleted: "saved", state.DownloadCancelled: "cancelled"}
        outcome = outcomes.get(download.state(), "failed")
        detail = json.dumps({"name": download.suggestedFileName(), "outcome": outcome})
        script = f'dispatchEvent(new CustomEvent("download", {{ detail: {detail} }}))'
        self._view.page().runJavaScript(script)
