"""What the window's tests share: an application dressed as the real one, and windows that are closed again."""

import gettext
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from gomedic_gui.app import application
from gomedic_gui.map_view import MapView
from gomedic_gui.text import speak
from gomedic_gui.window import Window
from gui.samples import Clinic
from loading import ROOT, script

PATIENCE = 20_000  # milliseconds; the machine that tests may be busy
OpenWindow = Callable[[Clinic], Window]
CHINESE = ROOT / "resources/gomedic_resources/locale/zh_CN/LC_MESSAGES"


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Folders for what Qt and the accessibility bus write, which would be the account's own ones otherwise."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
            folder = tmp_path_factory.mktemp("own")
            folder.chmod(0o700)
            patch.setenv(name, str(folder))
        yield


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    return application("en")


@pytest.fixture(autouse=True)
def english(dressed: QApplication) -> Iterator[None]:
    speak(gettext.NullTranslations())
    yield
    speak(gettext.NullTranslations())


@pytest.fixture(scope="session")
def chinese_catalogue() -> gettext.NullTranslations:
    """The catalogue as it will be compiled, made in memory so that no build step is needed first."""
    compiled = BytesIO()
    write_mo(compiled, script("packaging/compile_texts.py").merged(sorted(CHINESE.glob("*.po"))))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@pytest.fixture
def chinese(chinese_catalogue: gettext.NullTranslations, english: None) -> None:
    speak(chinese_catalogue)


@pytest.fixture
def open_window(qtbot: QtBot, english: None) -> Iterator[OpenWindow]:
    """Open a window on a clinic, not yet examining; it is closed after the test, when its work has ended."""
    opened: list[tuple[Window, Clinic]] = []

    def open_on(clinic: Clinic) -> Window:
        window = Window(clinic.doctor())
        opened.append((window, clinic))
        window.show()
        qtbot.waitExposed(window, timeout=PATIENCE)
        return window

    yield open_on
    for window, _clinic in opened:
        window.close()
        qtbot.waitUntil(lambda window=window: not window.isVisible(), timeout=PATIENCE)
        window.deleteLater()


@pytest.fixture
def examined(open_window: OpenWindow, qtbot: QtBot) -> OpenWindow:
    """Open a window on a clinic and wait for its first examination."""

    def open_on(clinic: Clinic) -> Window:
        window = open_window(clinic)
        window.examine()
        qtbot.waitUntil(
            lambda: window.pages.currentWidget() is window.tabs and is_idle(window), timeout=PATIENCE
        )
        return window

    return open_on


def is_idle(window: Window) -> bool:
    return not window.is_busy and not (window.tabs.is_drawing or window.trials.is_busy)


def map_of(page: QWidget) -> str:
    """Return what the map that is shown on a page says, a line for each session; "" where none is shown."""
    shown = [view.model() for view in page.findChildren(MapView) if view.isVisible()]
    role = Qt.ItemDataRole.AccessibleTextRole
    return "\n".join(
        str(model.index(row, 0).data(role)) for model in shown for row in range(model.rowCount())
    )


def button(window: Window, name: str) -> QPushButton:
    """Return the button with an object name that is on the screen now."""
    found = [each for each in window.findChildren(QPushButton, name) if each.isVisible()]
    assert len(found) == 1, f"{name}: {len(found)} on the screen"
    return found[0]
