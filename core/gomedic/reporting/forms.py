"""The forms that a report can take."""

from gomedic.host import Host
from gomedic.model import Examination
from gomedic.report import Catalogue, check_json, encoded
from gomedic.reporting.document import document_of
from gomedic.reporting.masking import hidden, masking, person_of, without_secrets
from gomedic.reporting.page import html_of
from gomedic.reporting.plain import text_of

FORMS = ("text", "html", "json", "jsonl", "junit")


def rendered(
    host: Host, examination: Examination, catalogue: Catalogue, form: str, *, mask: bool = False
) -> str:
    """Return the report on an examination in one of FORMS, without secrets; `mask` hides names too."""
    hide = masking(person_of(host, examination.account)) if mask else without_secrets
    if form == "json":
        return encoded(hidden(check_json(examination, catalogue), hide)) + "\n"
    if form == "jsonl":
        from gomedic.reporting.lines import lines_of

        return lines_of(hidden(check_json(examination, catalogue), hide))
    if form == "junit":
        from gomedic.reporting.junit import junit_of

        return junit_of(examination, catalogue, hide)
    document = document_of(examination, catalogue, hide)
    return html_of(document) if form == "html" else text_of(document)
