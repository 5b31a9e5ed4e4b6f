"""Open the window on a machine, in a language."""

import os
import signal
import sys

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from gomedic.bundled import bundle_folder
from gomedic.host import Host
from gomedic.texts import N_, catalogue_for
from gomedic_gui.bindings import keep_constants_alive
from gomedic_gui.display import obstacle, platforms
from gomedic_gui.doctor import doctor_for
from gomedic_gui.fontconfig import read_settings_quietly
from gomedic_gui.fonts import can_show, set_font
from gomedic_gui.icons import application_icon
from gomedic_gui.locales import have_utf_8
from gomedic_gui.opening import Opener
from gomedic_gui.portal import theme_for_dialogs
from gomedic_gui.running_window import meet
from gomedic_gui.style import follow_desktop
from gomedic_gui.summons import Summons
from gomedic_gui.text import speak, tr
from gomedic_gui.window import Window

DESKTOP_FILE = "io.github.gomedic.gomedic"  # without .desktop: the app id under Wayland
_UNSEEN = 2000  # milliseconds
_COULD_NOT = 3  # exit code: could not do it, the machine is as it was


def main(host: Host, language: str) -> int:
    """Show the window until the person closes it, or bring the one that is open to the front; return the exit code."""
    speak(catalogue_for(language))
    why_not = obstacle(os.environ)
    if why_not is not None:
        sys.stderr.write(tr(why_not) + "\n")
        return _COULD_NOT
    met = meet(os.environ, host.home)
    if met.answered:
        sys.stdout.write(tr(N_("The window that is open already was brought to the front.")) + "\n")
        return 0
    os.environ.setdefault("QT_QPA_PLATFORM", platforms(os.environ))
    if (theme := theme_for_dialogs(os.environ)) is not None:
        os.environ["QT_QPA_PLATFORMTHEME"] = theme
    app = application(language)
    _let_signals_through(app)
    Opener(host, app)
    window = Window(doctor_for(host), at_once=False)
    window.show()
    if met.seat is not None:
        Summons(met.seat, window)
    _begin_once_painted(window)
    return app.exec()


def application(language: str) -> QApplication:
    """Return the application, dressed and speaking `language` as far as the fonts here can show it."""
    keep_constants_alive()
    have_utf_8()
    if bundle_folder() is not None:
        read_settings_quietly()
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(["gomedic"])
    app.setApplicationName("gomedic")
    app.setApplicationDisplayName("gomedic")
    app.setDesktopFileName(DESKTOP_FILE)
    app.setStyle("Fusion")
    app.setWindowIcon(application_icon())
    set_font(app)
    spoken = language if can_show(language) else "en"
    speak(catalogue_for(spoken))
    _translate_stock_texts(app, spoken)
    follow_desktop(app, os.environ)
    return app


def _translate_stock_texts(app: QApplication, language: str) -> None:
    """Let Qt's own buttons and menus speak the language too."""
    QLocale.setDefault(QLocale(language))
    translator = QTranslator(app)
    if translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)


def _begin_once_painted(window: Window) -> None:
    """Make the rest of the window and examine after the first paint, or where nobody looks after a while."""
    begun = [False]

    def begin() -> None:
        if not begun[0]:
            begun[0] = True
            window.finish()
            window.examine()

    window.first_painted.connect(begin)
    QTimer.singleShot(_UNSEEN, begin)


def _let_signals_through(app: QApplication) -> None:
    """Close on Ctrl+C and `kill`: Python handles a signal only when some Python code runs."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: QTimer.singleShot(0, app.closeAllWindows))
    ticking = QTimer(app)
    ticking.timeout.connect(lambda: None)
    ticking.start(500)
