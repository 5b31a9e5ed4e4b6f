"""A report as one HTML page that needs nothing else: no network, no script; light, dark, and on paper."""

import re
from collections.abc import Iterator
from html import escape

from gomedic.reporting.document import Document, Table, Told
from gomedic.reporting.pictures import Picture

STYLE = """
:root { color-scheme: light dark; --text: #1b1f24; --muted: #57606a; --ground: #fff; --border: #d3d8de;
  --error: #c01c28; --warning: #8f5f00; --hint: #0a63b8; --ok: #1a7f37; }
@media (prefers-color-scheme: dark) { :root { --text: #e8eaed; --muted: #a4adb8; --ground: #1b1d21;
  --border: #3b4047; --error: #ff7b72; --warning: #e0a72e; --hint: #6cb6ff; --ok: #4ac26b; } }
body { font: 15px/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; color: var(--text);
  background: var(--ground); max-width: 62em; margin: 2em auto; padding: 0 1em; overflow-wrap: anywhere; }
h1 { font-size: 1.3em; } h2 { font-size: 1.05em; margin-top: 2em; break-after: avoid; }
.verdict { font-size: 1.4em; font-weight: bold; border-left: .25em solid; padding-left: .6em; }
article { border: 1px solid var(--border); border-radius: 8px; padding: .2em 1em; margin: 1em 0; break-inside: avoid; }
article.follows { margin-left: 2em; }
.word { font-weight: bold; } .error { color: var(--error); } .warning { color: var(--warning); }
.hint { color: var(--hint); } .ok { color: var(--ok); }
.why, footer { color: var(--muted); }
code, td { font-family: ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; font-size: .87em; }
.place { color: var(--muted); } ul { padding-left: 1.2em; } ul.ways { list-style: "→  "; }
table { border-collapse: collapse; width: 100%; } tr { break-inside: avoid; }
th, td { text-align: left; vertical-align: top; padding: .25em .8em .25em 0; border-bottom: 1px solid var(--border); }
th { font-weight: normal; }
.picture { break-inside: avoid; overflow-x: auto; } svg { max-width: 100%; height: auto; }
svg text { font: 13px ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; fill: var(--text); }
svg path { fill: none; stroke: var(--hint); stroke-width: 2; } svg .none { stroke: var(--error); stroke-dasharray: 5 4; }
svg .rail, svg .rung, svg .gone, svg .box { fill: none; stroke: var(--border); stroke-width: 1.5; }
svg rect.share { fill: var(--warning); }
svg .gone { stroke-dasharray: 3 3; } svg circle.winner { fill: var(--ok); stroke: none; }
svg text.winner { font-weight: bold; fill: var(--ok); stroke: none; } svg text.rung, svg text.gone { stroke: none; fill: var(--text); }
svg text.gone { text-decoration: line-through; fill: var(--muted); } svg text.origin { fill: var(--muted); }
@media print { :root { --text: #000; --muted: #444; --ground: #fff; --border: #999; --error: #a00; --warning: #740;
  --hint: #036; --ok: #050; } body { margin: 0; max-width: none; font-size: 11pt; } }
"""


def html_of(document: Document) -> str:
    """Return a report as a page."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    title = escape(document.title)
    yield "<!DOCTYPE html>"
    yield f'<html lang="{document.language}">'
    yield '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{title}</title><style>{STYLE}</style></head>"
    yield f'<body><header><h1>{title}</h1><p class="verdict {document.level}">{escape(document.verdict)}</p></header><main>'
    if document.findings:
        yield f"<section><h2>{escape(document.heading)}</h2>"
        yield from map(_finding, document.findings)
        yield "</section>"
    yield from map(_picture, document.pictures)
    yield from map(_table, document.tables)
    yield "</main>"
    if document.notes:
        yield f"<footer>{''.join(f'<p>{escape(note)}</p>' for note in document.notes)}</footer>"
    yield "</body></html>"


def _finding(told: Told) -> str:
    seen = "".join(
        f'<li><span class="place">{escape(place)}</span> <code>{escape(text if text != place else "")}</code></li>'
        for place, text in told.evidence
    )
    ways = "".join(f"<li>{_marked(way)}</li>" for way in told.ways)
    ways = f'<ul class="ways">{ways}</ul>' if ways else ""
    follows = ' class="follows"' if told.follows else ""
    return (
        f'<article{follows}><p><span class="word {told.level}">{escape(told.word)}:</span> {_marked(told.message)}</p>'
        f'<p class="why">{_marked(told.why)}</p>'
        f"{f'<ul>{seen}</ul>' if seen else ''}{ways}</article>"
    )


def _marked(text: str) -> str:
    """Return a text with what stands between backticks set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _picture(picture: Picture) -> str:
    return f'<section class="picture"><h2>{escape(picture.heading)}</h2>{picture.svg}</section>'


def _table(table: Table) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in table.rows
    )
    return f"<section><h2>{escape(table.heading)}</h2><table>{rows}</table></section>"
