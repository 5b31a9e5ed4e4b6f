"""Save pictures of the window's pages, in both languages, light and dark, at 100 and 200 %.

python packaging/make_screenshots.py [--pages NAME…] [--languages …] [--schemes …] [--scales 1 2] [--out FOLDER]
"""

import argparse
import gettext
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from msgspec import structs
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QPushButton

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from compile_texts import LOCALE, merged
from core.images.builder import Item, Recipe, with_go
from gomedic import plans, stages
from gomedic.host import Host
from gomedic.model import Progress
from gomedic.policy.applying import verdict
from gomedic.policy.judging import judge
from gomedic.policy.model import Observed
from gomedic.proof import Change, Proof
from gomedic.report import check_json, encoded
from gomedic.settings import Settings
from gomedic.settings_edit import Own
from gomedic.texts import N_, Message
from gomedic_gui.app import application
from gomedic_gui.case import case_of
from gomedic_gui.failure import Failure
from gomedic_gui.images import checking
from gomedic_gui.instructing import joined
from gomedic_gui.judging import Judging
from gomedic_gui.outcome import outcome_of_failure
from gomedic_gui.plan_words import title_of_plan
from gomedic_gui.style import wear
from gomedic_gui.text import catalogue, speak, tr
from gomedic_gui.window import Window
from gui.samples import HEALTHY, ILL, PREPEND, SHADOWED, Clinic, step
from gui.samples_lasting import LASTING
from gui.samples_many import FIRST, PLAN, SECOND, Practice, with_history
from gui.samples_toolchains import OURS, SEEN, SIGNATURE, Shop, fetching

SIZE = (960, 640)
COLOURS = 64  # of a picture: with fewer the signs of two levels take the same, with more the repository grows


PROOF = Proof(
    (
        *(Change(kind, "go1.19.8", "go1.22.10") for kind in ("terminal", "ssh", "login")),
        Change("command", "go1.19.8", "go1.19.8"),
        Change("cron", None, None),
    ),
    (SHADOWED.id,),
    (),
    helps=True,
)


POLICY = """name = "Programming 1"

[go]
version = ">=1.22, <1.28"
sessions = ["terminal", "ssh"]

[account]
root = false
"""


def main() -> int:
    """Save the pictures that were asked for."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--pages", nargs="*", default=list(PAGES), choices=PAGES)
    asked.add_argument("--out", type=Path, default=ROOT / "docs/screenshots")
    asked.add_argument("--languages", nargs="*", default=["en", "zh_CN"])
    asked.add_argument("--schemes", nargs="*", default=["light", "dark"])
    asked.add_argument("--scales", nargs="*", default=["1", "2"])
    asked.add_argument("--size", nargs=2, type=int, default=SIZE)
    options = asked.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if "QT_SCALE_FACTOR" in os.environ:
        _take_all(options, "@2x" if os.environ["QT_SCALE_FACTOR"] == "2" else "")
        return 0
    codes = [_at_scale(scale) for scale in options.scales]
    _make_small(options.out)
    return max(codes)


def _at_scale(scale: str) -> int:
    """Take the pictures in a process of its own: the scale is settled when an application starts."""
    env = os.environ | {"QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run([sys.executable, *sys.argv], env=env, check=False).returncode


def _make_small(folder: Path) -> None:
    """Give pictures a palette where ImageMagick is installed."""
    convert = shutil.which("convert")
    for picture in folder.glob("*.png") if convert else ():
        words = [str(convert), str(picture), "+dither", "-colors", str(COLOURS), "-strip"]
        subprocess.run([*words, "-define", "png:compression-level=9", f"PNG8:{picture}"], check=True)


def _take_all(options: argparse.Namespace, mark: str) -> None:
    app = application("en")
    for language in options.languages:
        speak(_catalogue(language))
        for scheme in options.schemes:
            wear(app, scheme)
            for name, arrange in PAGES.items():
                if name in options.pages:
                    picture = options.out / f"{name}-{language[:2]}-{scheme}{mark}.png"
                    _take(arrange, tuple(options.size), picture)


def _catalogue(language: str) -> gettext.NullTranslations:
    """Return the program's texts and those of the samples, compiled in memory."""
    if language == "en":
        return gettext.NullTranslations()
    texts = _compiled(sorted((ROOT / LOCALE / language / "LC_MESSAGES").glob("*.po")))
    texts.add_fallback(_compiled([ROOT / f"tests/gui/samples-{language}.po"]))
    return texts


def _compiled(sources: list[Path]) -> gettext.GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, merged(sources))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _take(arrange: Callable[[Window], None], size: tuple[int, int], picture: Path) -> None:
    clinic = (
        Shop() if arrange in _OF_TOOLCHAINS else Clinic(HEALTHY if arrange is _thorough else ILL, proof=PROOF)
    )
    window = Window(clinic.doctor())
    window.resize(*size)
    window.show()
    arrange(window)
    _wait_for(lambda: not (window.is_busy or window.trials.is_busy or window.findings.is_drawing))
    _let_paint()
    plain = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    plain.save(str(picture), quality=0)  # of a PNG: as small as can be
    window.close()
    window.deleteLater()
    _let_paint()


def _let_paint(milliseconds: int = 60) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _show(window: Window, clinic: Clinic) -> None:
    window.show_case(case_of(clinic.doctor(), clinic.examination))
    window.show_overview()


def _findings(window: Window) -> None:
    _show(window, Clinic(ILL))


def _offered(window: Window) -> None:
    """Show that several can be put right as one."""
    _show(window, Practice())


def _chain(window: Window) -> None:
    _sessions(window)
    window.sessions.choose("login")
    window.sessions.pictures.setCurrentWidget(window.sessions.chain)
    window.sessions.chain.setFocus()


def _about(window: Window) -> None:
    _findings(window)
    _wait_for(lambda: not window.findings.is_drawing)
    window.findings.panel.findChild(QPushButton, "about").click()


def _thorough(window: Window) -> None:
    _healthy(window)
    window.examine_thoroughly()


def _healthy(window: Window) -> None:
    _show(window, Clinic(HEALTHY))


def _preview(window: Window) -> None:
    _findings(window)
    window.preview(SHADOWED, PREPEND)
    _wait_for(lambda: not window.preview_page.is_waiting)


def _result(window: Window) -> None:
    _preview(window)
    window.treat()
    _wait_for(lambda: window.pages.currentWidget() is window.result)


def _sessions(window: Window) -> None:
    _findings(window)
    window.tabs.setCurrentWidget(window.sessions)
    window.sessions.cards.setFocus()


def _overrides(window: Window) -> None:
    _findings(window)
    window.ask_instead(SHADOWED.sessions)
    _wait_for(lambda: not window.overrides.is_busy)


def _history(window: Window) -> None:
    _show(window, with_history())
    window.tabs.setCurrentWidget(window.history)


def _all_safe(window: Window) -> None:
    """Show the plan for all that is safe."""
    practice = Practice()
    window._doctor = practice.doctor()
    _show(window, practice)
    window.together.preview()
    _wait_for(lambda: not window.plan_page.is_waiting)


def _all_working(window: Window) -> None:
    _all_safe(window)
    fixes = [tr(fix.title) for _finding, fix in PLAN.chosen]
    window.show_working(title_of_plan(len(fixes)), may_ask=False, parts=fixes)
    window.working.show_part(1)
    window.working.show_progress(step("Examining again"))


def _all_done(window: Window) -> None:
    _all_safe(window)
    window.together._do()
    _wait_for(lambda: window.pages.currentWidget() is window.result)


def _all_back(window: Window) -> None:
    """Show what taking all back would do, where one file was changed since."""
    practice = with_history()
    practice.changed = {SECOND.id}
    window._doctor = practice.doctor()
    _show(window, practice)
    window.together.preview_return(practice.receipts[:2])
    _wait_for(lambda: not window.plan_page.is_waiting)


def _all_taken_back(window: Window) -> None:
    _all_back(window)
    window.together.take_back((SECOND, FIRST))
    _wait_for(lambda: window.pages.currentWidget() is window.result)


def _toolchains(window: Window, key: str = OURS.root) -> None:
    window.show_case(case_of(Shop().doctor(), SEEN))
    window.show_overview()
    window.tabs.setCurrentWidget(window.toolchains)
    _wait_for(lambda: not window.toolchains.is_busy)
    window.toolchains.choose(key)
    window.toolchains.entries.setFocus()


def _release(window: Window) -> None:
    _toolchains(window, "release go1.26.5")


def _source(window: Window) -> None:
    _toolchains(window)
    window.toolchains.ask_for_source()
    window.toolchains.source.look("/media/usb/go")
    _wait_for(lambda: not window.toolchains.is_busy)


def _plan(window: Window) -> None:
    _release(window)
    window.toolchains.panel.do_first()


def _installing(window: Window) -> None:
    _plan(window)
    fix = plans.to_install("go1.26.5")
    window.show_working(tr(fix.title), may_ask=False, installs=True)
    window.working.show_progress(fetching(12_300_000, 5.2e6))


def _verifying(window: Window) -> None:
    _installing(window)
    authority = Message(N_("The SHA-256 is the one that {authority} says."), {"authority": "go.dev/dl"})
    signed = Message(
        N_("Signed by {signer} on {made}."), {"signer": SIGNATURE.signer, "made": SIGNATURE.made}
    )
    unpacking = Message(N_("Unpacking {version}"), {"version": "go1.26.5"})
    for what, stage in ((authority, stages.SUM), (signed, stages.SIGNATURE)):
        window.working.show_progress(Progress(what, step=stage))
    window.working.show_progress(Progress(unpacking, 0.4, step=stages.UNPACK))


def _working(window: Window) -> None:
    _preview(window)
    window.show_working(tr(PREPEND.title), may_ask=True)
    window.working.show_progress(step("Saving what is there", 0.3))


def _refused(window: Window) -> None:
    _findings(window)
    words = Message(N_("Nobody gave the password, so nothing was changed."))
    commands = ("sudo sed -i '2d' /etc/profile.d/golang.sh", "sudo chmod 644 /etc/profile.d/golang.sh")
    window.result.show_outcome(outcome_of_failure(Failure(words, commands=commands)))
    window.pages.setCurrentWidget(window.result)


def _ask(window: Window) -> None:
    _findings(window)
    window.tabs.setCurrentWidget(window.tabs.ask)
    window.tabs.ask.field.setPlainText(
        'compile: version "go1.22.10" does not match go tool version "go1.19.8"'
    )
    window.tabs.ask.ask()


def _ask_empty(window: Window) -> None:
    _healthy(window)
    window.tabs.setCurrentWidget(window.tabs.ask)


def _history_empty(window: Window) -> None:
    _healthy(window)
    window.tabs.setCurrentWidget(window.history)


def _ask_in_vain(window: Window) -> None:
    _show(window, Clinic(HEALTHY))
    window.tabs.setCurrentWidget(window.tabs.ask)
    window.tabs.ask.field.setPlainText("bash: go: 未找到命令")
    window.tabs.ask.ask()


def _report(window: Window) -> None:
    _findings(window)
    window.tabs.setCurrentWidget(window.tabs.report)


def _settings(window: Window) -> None:
    own = Own("~/.config/gomedic/config.toml", Settings(), Settings())
    window.tabs.settings._doctor = structs.replace(window._doctor, settings=lambda: own)
    _findings(window)
    window.tabs.setCurrentWidget(window.tabs.settings)
    _wait_for(lambda: not window.tabs.settings.is_busy)


def _images(window: Window) -> None:
    """Check three images of a class: one whose PATH is lost in logins, one with a closed file, a good one."""
    _findings(window)
    page = window.tabs.images.images
    page._doctor = structs.replace(window._doctor, check_image=partial(checking, None))
    window.tabs.setCurrentWidget(window.tabs.images)
    with tempfile.TemporaryDirectory() as folder:
        for name, recipe in _class_images().items():
            page.check(str(recipe.docker(Path(folder, name))))
        _wait_for(lambda: not page.is_busy)


def _class_images() -> dict[str, Recipe]:
    line = "export PATH=/usr/local/go/bin:$PATH\n"
    closed = with_go(User="student")
    closed.run("COPY golang.sh /etc/profile.d/", Item("etc/profile.d/golang.sh", line, mode=0o600))
    good = with_go().run("COPY golang.sh /etc/profile.d/", Item("etc/profile.d/golang.sh", line))
    return {"go-course-1.tar": good, "go-course-2.tar": closed, "go-course-3.tar": with_go()}


def _set_up(window: Window) -> None:
    _findings(window)
    window.tabs.images.setCurrentWidget(window.tabs.images.exports)
    window.tabs.setCurrentWidget(window.tabs.images)


def _policy(window: Window) -> None:
    """Choose a policy that this machine does not keep."""
    judging = Judging(Host({}, "/", ILL.account))
    page = window.tabs.images.policy
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "gomedic.toml")
        file.write_text(POLICY, encoding="utf-8")
        policy = judging.read(str(file))
    page._doctor = structs.replace(window._doctor, policy=lambda _file: policy)
    observed = Observed(ILL.account, ILL.sessions, ILL.findings, {}, {})
    broken = judge(policy, observed)
    said = verdict(policy.name, len(broken))
    seen = structs.replace(ILL, findings=(*broken, *ILL.findings), notes=(said,))
    page.use(str(file))
    _wait_for(lambda: not page.is_busy)
    _show(window, Clinic(seen))
    window.tabs.images.setCurrentWidget(page)
    window.tabs.setCurrentWidget(window.tabs.images)


def _lasting(window: Window) -> None:
    _findings(window)
    page = window.tabs.images.lasting
    page._doctor = structs.replace(window._doctor, lasting=lambda _seen, _image: iter((LASTING,)))
    window.tabs.images.setCurrentWidget(page)
    window.tabs.setCurrentWidget(window.tabs.images)
    _wait_for(lambda: not page.is_busy)
    page.table.setFocus()


def _class(window: Window) -> None:
    """Join the reports of a class of three."""
    _findings(window)
    page = window.tabs.images.reports
    page._doctor = structs.replace(window._doctor, joined=partial(joined, Host({}, "/", ILL.account)))
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"{name}.json") for name in ("li", "wang", "zhang")]
        for file, seen in zip(files, (ILL, HEALTHY, ILL), strict=True):
            file.write_text(encoded(check_json(seen, catalogue())), encoding="utf-8")
        page.read([str(file) for file in files])
        _wait_for(lambda: not page.is_busy)
    window.tabs.images.setCurrentWidget(page)
    window.tabs.setCurrentWidget(window.tabs.images)


def _wait_for(done: Callable[[], bool]) -> None:
    for _attempt in range(200):
        if done():
            return
        _let_paint(10)


PAGES = {
    "findings": _findings,
    "about": _about,
    "sessions": _sessions,
    "chain": _chain,
    "preview": _preview,
    "result": _result,
    "overrides": _overrides,
    "history": _history,
    "all-offered": _offered,
    "all-safe": _all_safe,
    "all-working": _all_working,
    "all-done": _all_done,
    "all-back": _all_back,
    "all-taken-back": _all_taken_back,
    "ask": _ask,
    "ask-in-vain": _ask_in_vain,
    "ask-empty": _ask_empty,
    "history-empty": _history_empty,
    "report": _report,
    "images": _images,
    "set-up": _set_up,
    "policy": _policy,
    "lasting": _lasting,
    "class": _class,
    "settings": _settings,
    "toolchains": _toolchains,
    "release": _release,
    "source": _source,
    "plan": _plan,
    "installing": _installing,
    "verifying": _verifying,
    "healthy": _healthy,
    "thorough": _thorough,
    "working": _working,
    "refused": _refused,
}
_OF_TOOLCHAINS = (_toolchains, _release, _source, _plan, _installing, _verifying)

if __name__ == "__main__":
    sys.exit(main() if QApplication.instance() is None else 1)
