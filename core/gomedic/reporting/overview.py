"""The overview of a class, laid out: as a page, as JSON, as a table for a spreadsheet."""

import csv
import io
from collections.abc import Iterator
from html import escape

from gomedic.report import Catalogue, Json, encoded
from gomedic.reporting.merging import Hit, One, Overview
from gomedic.reporting.page import STYLE
from gomedic.texts import N_, Message, in_language

FORMS = ("html", "json", "csv")
TITLE = N_("Go in the class")
_WELL = N_("{well} of {all} are well.")
_NOBODY = N_("No report could be read.")
_CAUSES = N_("Which cause hits most")
_WHO = N_("Who has what")
_HITS = N_("{count} of {all}")
_NAME, _GO, _FOUND, _CHECK, _GRADE = (
    N_("Name"),
    N_("Go in a new terminal"),
    N_("Found"),
    N_("Check"),
    N_("How grave"),
)
_WHOM, _EXAMPLE, _WHEN = N_("Whom it hits"), N_("For example"), N_("Examined at")
_NO_GO = N_("no go")
_GRADES = {"error": N_("Problem"), "warning": N_("Warning"), "hint": N_("Good to know")}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would compute
_BAR = 160  # pixels of a bar that hits everybody


def overview_as(overview: Overview, catalogue: Catalogue, form: str) -> str:
    """Return the overview in one of FORMS."""
    if form == "json":
        return encoded(overview_json(overview, catalogue)) + "\n"
    return _Writer(overview, catalogue).csv() if form == "csv" else _Writer(overview, catalogue).html()


def overview_json(overview: Overview, catalogue: Catalogue) -> Json:
    """Return the document of `report --merge --json` (schema 1)."""
    return {
        "schema": 1,
        "count": len(overview.reports),
        "well": overview.well,
        "causes": [
            {"check": hit.check, "severity": hit.severity, "hits": len(hit.names), "root_causes": hit.root_causes, "names": list(hit.names), "example": hit.example}
            for hit in overview.hits
        ],
        "reports": [_one_json(each) for each in overview.reports],
        "left_out": [in_language(message, catalogue) for message in overview.left_out],
    }  # fmt: skip


def _one_json(each: One) -> Json:
    found = [
        {"id": c.id, "check": c.check, "severity": c.severity, "message": c.message, "follows": c.follows}
        for c in each.causes
    ]
    return {"name": each.name, "took_place": each.took_place, "go": each.go, "findings": found}


class _Writer:
    def __init__(self, overview: Overview, catalogue: Catalogue) -> None:
        self._overview = overview
        self._catalogue = catalogue

    def _say(self, text: str, **values: str | int) -> str:
        return in_language(Message(text, dict(values)), self._catalogue)

    # ------------------------------------------------------------ spreadsheet

    def csv(self) -> str:
        """Return a row for each finding; who is well has one too. No cell is a formula."""
        out = io.StringIO()
        writer = csv.writer(out)
        heads = (_NAME, _WHEN, _GO, _GRADE, _CHECK, _FOUND)
        writer.writerow([self._say(head) for head in heads])
        for each in self._overview.reports:
            for cause in each.grave or (None,):
                found = (
                    (self._say(_GRADES[cause.severity]), cause.check, cause.message)
                    if cause
                    else ("", "", "")
                )
                writer.writerow(
                    [
                        _cell(text)
                        for text in (each.name, each.took_place, each.go or self._say(_NO_GO), *found)
                    ]
                )
        return out.getvalue()

    # ------------------------------------------------------------ page

    def html(self) -> str:
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        overview, title = self._overview, escape(self._say(TITLE))
        language = "zh-CN" if self._catalogue.info().get("language", "").startswith("zh") else "en"
        verdict = (
            self._say(_WELL, well=overview.well, all=len(overview.reports))
            if overview.reports
            else self._say(_NOBODY)
        )
        level = "ok" if overview.reports and overview.well == len(overview.reports) else "warning"
        yield "<!DOCTYPE html>"
        yield f'<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        yield f"<title>{title}</title><style>{STYLE}</style></head>"
        yield f'<body><header><h1>{title}</h1><p class="verdict {level}">{escape(verdict)}</p></header><main>'
        if overview.hits:
            yield f"<section><h2>{escape(self._say(_CAUSES))}</h2><table>{self._heads(_CHECK, _GRADE, _WHOM, _EXAMPLE)}"
            yield from map(self._hit, overview.hits)
            yield "</table></section>"
        if overview.reports:
            yield f"<section><h2>{escape(self._say(_WHO))}</h2><table>{self._heads(_NAME, _GO, _FOUND, _WHEN)}"
            yield from map(self._one, overview.reports)
            yield "</table></section>"
        yield "</main>"
        if overview.left_out:
            said = (in_language(message, self._catalogue) for message in overview.left_out)
            yield f"<footer>{''.join(f'<p>{escape(text)}</p>' for text in said)}</footer>"
        yield "</body></html>"

    def _heads(self, *texts: str) -> str:
        return "<tr>" + "".join(f'<th scope="col">{escape(self._say(text))}</th>' for text in texts) + "</tr>"

    def _hit(self, hit: Hit) -> str:
        everybody = len(self._overview.reports)
        share = self._say(_HITS, count=len(hit.names), all=everybody)
        bar = (
            f'<svg role="img" aria-label="{escape(share)}" width="{_BAR}" height="12">'
            f'<rect class="share" width="{_BAR * len(hit.names) / everybody:.0f}" height="12" rx="3"/></svg>'
        )
        names = escape(", ".join(hit.names))
        return (
            f'<tr><th scope="row"><code>{escape(hit.check)}</code></th>'
            f'<td class="{hit.severity}">{escape(self._say(_GRADES[hit.severity]))}</td>'
            f"<td>{bar} {escape(share)}<br>{names}</td><td>{escape(hit.example)}</td></tr>"
        )

    def _one(self, each: One) -> str:
        found = (
            "".join(f'<p class="{cause.severity}">{escape(cause.message)}</p>' for cause in each.grave) or "✓"
        )
        go = escape(each.go or self._say(_NO_GO))
        return (
            f'<tr><th scope="row">{escape(each.name)}</th><td>{go}</td><td>{found}</td>'
            f"<td>{escape(each.took_place)}</td></tr>"
        )


def _cell(text: str) -> str:
    """Return a cell that a spreadsheet takes for text (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
