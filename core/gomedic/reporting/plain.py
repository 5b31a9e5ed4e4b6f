"""A report as text, to be pasted into a mail or a question."""

from collections.abc import Iterator

from gomedic.reporting.document import Document, Table, Told

_WIDEST = 48  # columns; what is wider pushes its row out alone


def text_of(document: Document) -> str:
    """Return a report as lines of text."""
    return "\n".join(_lines(document)).rstrip() + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield from (document.title, "=" * _width(document.title), "", document.verdict, "")
    if document.findings:
        yield from _headed(document.heading)
        for told in document.findings:
            yield from _finding(told)
    for table in document.tables:
        yield from _headed(table.heading)
        yield from _rows(table)
        yield ""
    yield from document.notes


def _headed(heading: str) -> tuple[str, str]:
    return heading, "-" * _width(heading)


def _finding(told: Told) -> Iterator[str]:
    yield f"{'  ' if told.follows else ''}[{told.word}] {told.message}"
    yield f"    {told.why}"
    for place, seen in told.evidence:
        yield f"    {place}   {seen}" if seen and seen != place else f"    {place}"
    for way in told.ways:
        yield f"    → {way}"
    yield ""


def _rows(table: Table) -> Iterator[str]:
    columns = max((len(row) for row in table.rows), default=0)
    wide = [
        min(_WIDEST, max((_width(row[at]) for row in table.rows if at < len(row)), default=0))
        for at in range(columns)
    ]
    for row in table.rows:
        yield "  " + "  ".join(_padded(cell, wide[at]) for at, cell in enumerate(row)).rstrip()


def _padded(cell: str, wide: int) -> str:
    return cell + " " * max(0, wide - _width(cell))


def _width(text: str) -> int:
    from rich.cells import cell_len  # a Chinese character is two columns wide

    return cell_len(text)
