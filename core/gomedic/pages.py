"""A page for each check: what it means, how it is found and cured, and where people met it."""

import re
import textwrap
import unicodedata
from collections.abc import Callable
from typing import Any

from msgspec import Struct

from gomedic.diagnosis import Check
from gomedic.model import Severity
from gomedic.report import OF_POLICY, PAGES, Catalogue, Line
from gomedic.texts import N_, Message, in_language

WIDTH = 88  # of a page on a terminal
INTRO = N_("gomedic's check {check} sees whether this holds. Where it does not, gomedic says, for example:")
MEANS = N_("What it means")
GRAVE = N_("How grave it is")
FOUND = N_("How it is found")
CURED = N_("How it is cured")
THREADS = N_("Where people met it, and more to read")
KEPT = N_("Before a fix changes anything it shows every change, and `gomedic undo` takes it back.")
WORDS = {
    Severity.ERROR: N_("Problem: Go does not work there."),
    Severity.WARNING: N_("Warning: Go works, but not as you may think, or it will break sooner or later."),
    Severity.HINT: N_("Good to know: nothing is broken."),
}
WORDS_OF_POLICIES = {
    Severity.ERROR: N_("Problem: what the policy demands is not so."),
    Severity.WARNING: N_("Warning: what the policy demands could not be looked at here."),
}
_THREAD = re.compile(r"([\w.-]+/[\w.-]+)#(\d+)")


class Thread(Struct, frozen=True):
    """A public place where people met a fault, or documentation of it."""

    name: str
    address: str


class Section(Struct, frozen=True):
    """A heading and what stands below it: paragraphs, points of a list, or links."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    threads: tuple[Thread, ...] = ()


class Page(Struct, frozen=True):
    """What there is to say about one kind of fault, in one language."""

    check: str
    title: str  # the good state
    intro: str
    example: str  # what gomedic says where it does not hold
    sections: tuple[Section, ...]


def check_named(name: str) -> Check | None:
    """Return the check with this id, or that a finding's id names; None where there is none."""
    wanted = name.partition("@")[0]
    return next((check for check in _like(wanted) if check.id == wanted), None)


def _like(name: str) -> tuple[Check, ...]:
    """Return the checks of the kind that a name is of: of images, of a policy, of machines. Each kind needs much of core."""
    if name.startswith("image-"):
        from gomedic import pages_of_images

        return pages_of_images.ALL
    if name.startswith(OF_POLICY):
        from gomedic.policy import pages as pages_of_policies

        return pages_of_policies.ALL
    from gomedic.checks import ALL

    return ALL


def page_of(check: Check, say: Callable[[Message], str]) -> Page:
    """Return a check's page in the language that `say` speaks."""
    means, found, cured = (say(Message(text)) for text in (check.why, check.found, check.cured))
    words = WORDS_OF_POLICIES if check.id.startswith(OF_POLICY) else WORDS
    kept = (say(Message(KEPT)),) if has_fix(check) else ()
    return Page(
        check=check.id,
        title=say(Message(check.title)),
        intro=say(Message(INTRO, {"check": f"`{check.id}`"})),
        example=say(check.example) if check.example else "",
        sections=(
            Section(say(Message(MEANS)), (means,)),
            Section(
                say(Message(GRAVE)), points=tuple(say(Message(words[each])) for each in check.severities)
            ),
            Section(say(Message(FOUND)), (found,)),
            Section(say(Message(CURED)), (cured, *kept)),
            Section(say(Message(THREADS)), threads=tuple(map(thread, check.threads))),
        ),
    )


def has_fix(check: Check) -> bool:
    """Tell whether gomedic itself can cure what a check finds, at least sometimes: then its text says what the fix does."""
    return re.search(r"\b[Tt]he fix\b", check.cured) is not None


def thread(reference: str) -> Thread:
    """Return the thread that "golang/go#19143" or an address names.

    GitHub leads from /issues/N to the pull request where N is one.
    """
    found = _THREAD.fullmatch(reference)
    if found is None:
        return Thread(reference.removeprefix("https://"), reference)
    return Thread(reference, f"https://github.com/{found[1]}/issues/{found[2]}")


def place_of(check_id: str) -> str:
    """Return where a check's page lies in the repository."""
    return f"{PAGES}/{check_id}.md"


# ------------------------------------------------------------------ shown


def page_markdown(page: Page) -> str:
    """Return a page as a Markdown document."""
    blocks = [f"# {page.title}", page.intro, f"> {_plain(page.example)}"]
    for section in page.sections:
        links = [f"[{each.name}]({each.address})" for each in section.threads]
        points = "\n".join(f"- {point}" for point in (*map(_plain, section.points), *links))
        blocks += [f"## {section.heading}", *map(_plain, section.paragraphs), *([points] if points else [])]
    return "\n\n".join(blocks) + "\n"


def _plain(text: str) -> str:
    """Keep what Markdown would take for markup, but `words`, from being that."""
    return re.sub(r"([*<\\])", r"\\\1", text)


def page_text(page: Page) -> list[Line]:
    """Return a page as lines for a terminal, no wider than WIDTH."""
    lines = [(page.title, "bold"), ("", ""), *_filled(page.intro, ""), *_filled(page.example, "    ", "dim")]
    for section in page.sections:
        lines += [("", ""), (section.heading, "bold")]
        lines += [line for paragraph in section.paragraphs for line in _filled(paragraph, "  ")]
        lines += [line for point in section.points for line in _filled(f"- {point}", "  ")]
        lines += [(f"  {each.address}", "dim") for each in section.threads]
    return lines


def _filled(text: str, indent: str, style: str = "") -> list[Line]:
    """Break a text at blanks, but not within `words`, which are there to be copied; Chinese breaks anywhere."""
    if any(unicodedata.east_asian_width(sign) == "W" for sign in text):
        return [(indent + text, style)]
    whole = re.sub(r"`[^`]+`", lambda words: words[0].replace(" ", "\0"), text)
    rows = textwrap.wrap(
        whole, WIDTH, initial_indent=indent, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [(row.replace("\0", " "), style) for row in rows]


def page_json(check: Check, catalogue: Catalogue) -> dict[str, Any]:
    """Return the document of `gomedic explain CHECK --json` (schema 1)."""
    texts = {
        "title": Message(check.title), "example": check.example or Message(""), "why": Message(check.why),
        "found": Message(check.found), "cured": Message(check.cured),
    }  # fmt: skip
    found: dict[str, Any] = {name: in_language(text, catalogue) for name, text in texts.items()}
    found |= {
        "id": check.id, "severities": [severity.value for severity in check.severities],
        "threads": [thread(each).address for each in check.threads], "page": place_of(check.id),
    }  # fmt: skip
    return {"schema": 1, "what": check.id, "check": found}
