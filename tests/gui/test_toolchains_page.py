"""What the Toolchains page lists and offers, for eyes, keys and a screen reader; releases and toolchains as values."""

from collections.abc import Callable

import pytest
from msgspec import structs
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QRadioButton
from pytestqt.qtbot import QtBot

from gomedic import plans
from gomedic.doctor import Treatment
from gomedic.model import GoCommand, InstallToolchain, Progress, Toolchain
from gomedic.texts import Message
from gomedic_gui.case import Treated
from gomedic_gui.outcome import outcome_of_fix
from gomedic_gui.toolchains_checklist import CheckList
from gomedic_gui.toolchains_entries import actions_of, entries_of, has_older
from gomedic_gui.toolchains_model import BESIDE, ENTRY, LEVEL, LINE, ToolchainsModel
from gomedic_gui.toolchains_stock import Stock
from gomedic_gui.window import Window
from gui.accessible import is_pressable, nameless, tab_round
from gui.conftest import PATIENCE, OpenWindow, button, is_idle
from gui.samples import HEALTHY, HOME, RECEIPT
from gui.samples_toolchains import (
    BROKEN,
    OURS,
    OWN,
    SEEN,
    UNREACHED,
    UNSIGNED,
    Shop,
    fetching,
    releases,
)
from gui.test_accessibility import mnemonic, texts_with_mnemonics
from gui.test_flows import words_on
from gui.test_screens import cut_off

SPOKEN = Qt.ItemDataRole.AccessibleTextRole
STOCK = Stock(OWN, releases(), asked=True)
Arrange = Callable[[Window], None]


@pytest.fixture
def model(dressed: object) -> ToolchainsModel:
    made = ToolchainsModel()
    made.setParent(owner := QObject())
    made.owner = owner  # type: ignore[attr-defined]
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def shown(
    model: ToolchainsModel, *, older: bool = False, stock: Stock = STOCK
) -> dict[str, dict[int, object]]:
    """Return what the rows say, by the key of their entry."""
    model.show_entries(entries_of(SEEN, stock, older=older), HOME)
    roles = (Qt.ItemDataRole.DisplayRole, BESIDE, LINE, LEVEL, SPOKEN)
    rows = [model.index(row) for row in range(model.rowCount())]
    return {row.data(ENTRY).key: {role: row.data(role) for role in roles} for row in rows}


def test_ours_come_first_and_say_who_uses_them(model: ToolchainsModel) -> None:
    rows = shown(model)
    assert list(rows)[:4] == ["installed", OURS.root, UNSIGNED.root, BROKEN.root]
    ours = rows[OURS.root]
    assert (ours[LEVEL], ours[BESIDE]) == ("ok", "installed by gomedic")
    assert ours[LINE] == "used by: New terminal, Login over ssh, Login shell (su -)"
    assert str(ours[SPOKEN]).startswith("Go 1.27.1, installed by gomedic, used by: New terminal")


def test_what_is_wrong_or_was_not_checked_is_said(model: ToolchainsModel) -> None:
    rows = shown(model)
    assert rows[UNSIGNED.root][LINE] == "not signature-checked  ·  no session uses it"
    assert rows[UNSIGNED.root][LEVEL] == "warning"
    assert rows[BROKEN.root][LEVEL] == "error"
    assert str(rows[BROKEN.root][LINE]).startswith("not complete")
    assert rows["/usr/lib/go-1.19"][LEVEL] == "", "somebody else's is neither good nor bad"


def test_a_heading_cannot_be_chosen(model: ToolchainsModel) -> None:
    shown(model)
    assert model.flags(model.index(0)) == Qt.ItemFlag.NoItemFlags
    assert model.first_row() == 1


def test_older_releases_are_shown_when_asked_for(model: ToolchainsModel) -> None:
    few, many = shown(model), shown(model, older=True)
    assert "release go1.26.4" in few, "of a line that gets fixes"
    assert "release go1.25.8" not in few
    assert "release go1.25.8" in many
    assert has_older(STOCK)
    assert few["release go1.26.5"][BESIDE] == "stable"
    assert few["release go1.26.4"][LINE] == "has later fixes: 1.26.5"
    assert few["release go1.27.1"][LINE] == "installed"
    order = [key.removeprefix("release go") for key in many if key.startswith("release ")]
    assert order[:4] == ["1.28rc1", "1.27.1", "1.27.0", "1.26.5"]


def test_nothing_installed_and_nothing_known_is_said(model: ToolchainsModel) -> None:
    model.show_entries(entries_of(structs.replace(HEALTHY, toolchains=()), Stock(), older=False), HOME)
    assert [model.index(row).data() for row in range(model.rowCount())] == [
        "Installed on this computer",
        "No Go is installed here yet.",
    ]


def actions(key: str) -> list[tuple[str, str, bool]]:
    """Return for an entry what can be done: the action, with which version, and whether it can be done now."""
    (entry,) = (entry for entry in entries_of(SEEN, STOCK, older=True) if entry.key == key)
    return [(each.kind, each.version, each.why_not is None) for each in actions_of(entry)]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (OURS.root, [("use", "go1.27.1", False), ("remove", "go1.27.1", True)]),
        (UNSIGNED.root, [("use", "go1.25.9", True), ("remove", "go1.25.9", True)]),
        (BROKEN.root, [("use", "go1.24.2", False)]),
        ("release go1.26.5", [("install", "go1.26.5", True)]),
        ("release go1.25.9", [("use", "go1.25.9", True), ("remove", "go1.25.9", True)]),
        ("installed", []),
    ],
)
def test_each_has_its_sensible_action(key: str, expected: list[tuple[str, str, bool]]) -> None:
    assert actions(key) == expected


def test_one_in_opt_can_be_led_to(dressed: object) -> None:
    shared = Toolchain("/opt/go-1.26.5", "go1.26.5", "official", True)
    seen = structs.replace(SEEN, toolchains=(shared,))
    (entry,) = (entry for entry in entries_of(seen, Stock(), older=False) if entry.kind == "installed")
    (action,) = actions_of(entry)
    assert (action.kind, action.version, action.to, action.why_not) == ("use", "go1.26.5", "/opt", None)


def test_what_ours_lacks_is_known_before_the_examination_is_repeated() -> None:
    own = (structs.replace(OWN[1], whole=False),)
    entries = entries_of(SEEN, Stock(own), older=False)
    (entry,) = (entry for entry in entries if entry.key == UNSIGNED.root)
    assert [(each.kind, each.again) for each in actions_of(entry)] == [("install", True), ("remove", False)]


def test_steps_pass_in_their_order_and_never_go_back(qtbot: QtBot, dressed: object) -> None:
    steps = CheckList()
    qtbot.addWidget(steps)
    assert {row.state for row in steps.rows} == {"to come"}
    assert not steps.has_fetched
    steps.show_progress(fetching(10_000_000, 5e6))
    assert [row.state for row in steps.rows][:2] == ["now", "to come"]
    assert steps.has_fetched
    for step in ("sum", "signature", "unpack", "fetch", ""):
        steps.show_progress(Progress(Message("x"), step=step))
    assert [row.state for row in steps.rows] == ["passed"] * 3 + ["now"] + ["to come"] * 3
    assert steps.rows[0].accessibleName() == "Fetched: done. from dl.google.com"


def test_a_signature_that_was_not_checked_is_not_ticked_off(qtbot: QtBot, dressed: object) -> None:
    steps = CheckList()
    qtbot.addWidget(steps)
    for step in ("fetch", "sum", "unpack"):
        steps.show_progress(Progress(Message("x"), step=step))
    assert [row.state for row in steps.rows][:4] == ["passed", "passed", "left out", "now"]
    assert steps.rows[2].accessibleName().startswith("Signature not checked: left out.")


# ------------------------------------------------------------------ the page


@pytest.fixture
def shop(examined: OpenWindow, qtbot: QtBot) -> Window:
    """A window whose Toolchains page is in front, with all that is known."""
    window = examined(Shop(UNREACHED))
    window.tabs.setCurrentWidget(window.toolchains)
    qtbot.waitUntil(lambda: not window.toolchains.is_busy, timeout=PATIENCE)
    return window


def listed(window: Window) -> None:
    window.toolchains.choose(UNSIGNED.root)


def about_the_list(window: Window) -> None:
    window.toolchains.choose("problems")


def source(window: Window) -> None:
    window.toolchains.ask_for_source()
    window.toolchains.source.look("/media/usb")


def plan(window: Window) -> None:
    window.toolchains.choose("release go1.26.5")
    window.toolchains.panel.do_first()


def working(window: Window) -> None:
    window.show_working("Install Go 1.26.5", may_ask=True, installs=True)
    window.working.show_progress(fetching(12_300_000, 5.2e6))


@pytest.fixture(params=[listed, about_the_list, source, plan, working], ids=lambda page: page.__name__)
def page(request: pytest.FixtureRequest, shop: Window, qtbot: QtBot) -> Window:
    request.param(shop)
    qtbot.waitUntil(lambda: is_idle(shop) and not shop.toolchains.is_busy, timeout=PATIENCE)
    return shop


def test_whatever_takes_the_focus_has_a_name(page: Window) -> None:
    assert nameless(page) == []


def test_every_button_is_reached_by_tab(page: Window, qtbot: QtBot) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow, timeout=PATIENCE)
    wanted = {each for each in page.findChildren(QAbstractButton) if is_pressable(each)}
    radios = {
        each for each in wanted if each.objectName().startswith("place ")
    }  # one of them: the arrows lead on
    assert wanted - radios - set(tab_round(page, qtbot)) == set()


@pytest.mark.parametrize(
    "arrange", [listed, about_the_list, source, plan, working], ids=lambda each: each.__name__
)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_page_fits_a_small_screen(
    arrange: Arrange, language: str, request: pytest.FixtureRequest, examined: OpenWindow, qtbot: QtBot
) -> None:
    if language == "zh_CN":
        request.getfixturevalue("chinese")
    window = examined(Shop(UNREACHED))
    window.resize(QSize(800, 600))
    window.tabs.setCurrentWidget(window.toolchains)
    qtbot.waitUntil(lambda: not window.toolchains.is_busy, timeout=PATIENCE)
    arrange(window)
    qtbot.waitUntil(lambda: is_idle(window) and not window.toolchains.is_busy, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not [text for text in cut_off(window) if text], timeout=2000)
    letters = [letter for text in texts_with_mnemonics(window) if (letter := mnemonic(text))]
    assert sorted(letters) == sorted(set(letters))
    assert window.minimumSizeHint().width() <= 800
    assert window.minimumSizeHint().height() <= 600


def test_the_whole_way_by_keys_alone(shop: Window, qtbot: QtBot) -> None:
    shop.activateWindow()
    qtbot.waitUntil(shop.isActiveWindow, timeout=PATIENCE)
    shop.show_overview()
    assert QApplication.focusWidget() is shop.toolchains.entries
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Down):
        qtbot.keyClick(shop.toolchains.entries, key)
    assert shop.toolchains.entries.currentIndex().data(ENTRY).key == UNSIGNED.root
    qtbot.keyClick(shop.toolchains.entries, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shop.pages.currentWidget() is shop.preview_page, timeout=PATIENCE)
    assert QApplication.focusWidget() is button(shop, "do")
    assert "It becomes the Go of: New terminal" in words_on(shop.preview_page)
    qtbot.keyClick(button(shop, "do"), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: shop.pages.currentWidget() is shop.tabs, timeout=PATIENCE)
    assert QApplication.focusWidget() is shop.toolchains.entries


def test_the_sum_alone_does_only_where_somebody_says_so(shop: Window, qtbot: QtBot) -> None:
    plan(shop)
    page = shop.preview_page
    box = page.findChild(QCheckBox, "sum-alone")
    assert not box.isChecked()
    shop.activateWindow()
    qtbot.waitUntil(shop.isActiveWindow, timeout=PATIENCE)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "it stays marked “not signature-checked”" in words_on(page), timeout=PATIENCE)
    assert page.findChild(QCheckBox, "sum-alone").hasFocus()
    assert shop.treatments.chosen is not None
    assert shop.treatments.chosen[1].install == InstallToolchain("go1.26.5", without_signature=True)
    page.findChild(QRadioButton, "place /opt").click()
    qtbot.waitUntil(lambda: page.findChild(QCheckBox, "sum-alone") is None, timeout=PATIENCE)
    assert shop.treatments.chosen[1].install == InstallToolchain("go1.26.5", to="/opt")


def test_what_was_chosen_stays_chosen_when_more_becomes_known(shop: Window, qtbot: QtBot) -> None:
    shop.toolchains.choose("release go1.26.5")
    shop.examine()
    qtbot.waitUntil(lambda: is_idle(shop) and not shop.toolchains.is_busy, timeout=PATIENCE)
    assert shop.toolchains.entries.currentIndex().data(ENTRY).key == "release go1.26.5"


def test_a_removal_names_who_loses_it(shop: Window, qtbot: QtBot) -> None:
    shop.toolchains.choose(OURS.root)
    button(shop, "second-action").click()
    qtbot.waitUntil(lambda: shop.pages.currentWidget() is shop.preview_page, timeout=PATIENCE)
    said = words_on(shop.preview_page)
    assert "Remove Go 1.27.1" in said
    assert "These use it now" in said
    assert "until two later removals need the room" in said


def test_servers_are_asked_once(shop: Window, qtbot: QtBot) -> None:
    clinic = shop._doctor.available.__self__  # type: ignore[attr-defined]
    shop.tabs.setCurrentWidget(shop.findings)
    shop.tabs.setCurrentWidget(shop.toolchains)
    qtbot.waitUntil(lambda: not shop.toolchains.is_busy, timeout=PATIENCE)
    assert clinic.asked.count("servers") == 1


def test_what_came_of_it_says_that_a_signature_was_not_checked(shop: Window) -> None:
    in_use = GoCommand("/usr/bin/go", f"{UNSIGNED.root}/bin/go", UNSIGNED.version, UNSIGNED.root)
    now = structs.replace(SEEN, sessions=tuple(structs.replace(each, go=in_use) for each in SEEN.sessions))
    fix = plans.to_install(UNSIGNED.version)
    treatment = Treatment(RECEIPT, (), (), False, now, notes=(Message("C programs cannot be built."),))
    treated = Treated(plans.wish(fix), fix, treatment, shop._case)  # type: ignore[arg-type]
    outcome = outcome_of_fix(treated, SEEN)
    assert outcome.headline == "Go 1.25.9 is installed."
    said = [(each.level, each.words) for each in outcome.lines]
    assert ("warning", "Go 1.25.9 is not signature-checked.") in said
    assert ("hint", "C programs cannot be built.") in said
