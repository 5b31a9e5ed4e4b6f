"""The report on an image, rendered: as JSON for programs (schema 1, with fields added), as text for people."""

from typing import Any

import msgspec

from gomedic import report
from gomedic.images.model import Found, ImageReport, LaunchWay, Layer, NotRead
from gomedic.model import Evidence, Finding, MadeBy, Severity
from gomedic.preview import shown
from gomedic.report import Catalogue, Json, Line
from gomedic.texts import N_, Message, in_language

LAYER = N_("layer {number} ({digest}): {command}")
LAYERS = N_("layers: {count}")
ACCOUNT = N_("user: {name}")
STEP = N_("the image's step: {command}")
WAYS = N_("Ways to launch, and whether they find go ({certainty}):")
NOT_THERE = N_("(its program is not in the image)")
UNKNOWN_AT = N_("cannot be told: {place}")
GOOD = N_("{name}: Go is well in this image.")
NO_GO = N_("{name}: there is no Go in this image.")
ILL_ONE = N_("{name}: one thing is wrong with Go in this image.")
ILL_MANY = N_("{name}: {count} things are wrong with Go in this image.")
REFUSED = N_("{name} was not read: {reason}")
CERTAINTY = {"possible": N_("possible"), "measured": N_("measured")}
FOUND = {Found.YES: N_("found"), Found.NO: N_("missing"), Found.UNKNOWN: N_("unknown")}
_STYLES = {Found.YES: "green", Found.NO: "red", Found.UNKNOWN: "yellow"}
COMMANDS = {
    "run": "docker run", "exec": "docker exec", "terminal": "docker exec -it (shell)", "login-shell": "bash -lc", "login-sh": "sh -lc",
    "shell": "bash -c", "sh": "sh -c", "su": "su USER -c", "su-login": "su - USER -c", "cron": "cron", "sudo": "sudo",
    "ssh": "ssh (login)", "ssh-command": "ssh HOST command", "env-i": "env -i sh -c",
}  # fmt: skip
_MOST_SHOWN = 6


# ------------------------------------------------------------------ JSON


def image_json(found: ImageReport, catalogue: Catalogue) -> Json:
    """Return the document of one image: that of `check --json`, with `image`, `launch_ways` and `advice`."""
    document = report.check_json(found.examination, catalogue)
    for told in document["findings"]:
        told["evidence"] = [_evidence(e) for e in _finding(found, told["id"]).evidence]
        if told["check"].startswith("image-"):
            told["page"] = "docs/images.md"
    image = found.image
    return document | {
        "certainty": found.certainty,
        "image": {
            "path": image.path, "kind": image.kind, "platform": image.platform, "tags": list(image.tags), "nodes": image.nodes,
            "env": dict(image.environment), "entrypoint": list(image.entrypoint), "cmd": list(image.command),
            "shell": list(image.shell), "user": image.user, "workdir": image.folder,
        },
        "layers": [msgspec.structs.asdict(layer) for layer in image.layers],
        "launch_ways": [_way(way) for way in found.launch_ways],
        "advice": [
            {"finding": a.finding, "title": in_language(a.title, catalogue), "lines": list(a.lines)}
            | ({"replaces": a.replaces} if a.replaces else {})
            for a in found.advice
        ],
    }  # fmt: skip


def refused_json(found: NotRead, catalogue: Catalogue) -> Json:
    """Return the document of an image that was not read."""
    return {"schema": 1, "image": {"path": found.path}, "refused": in_language(found.reason, catalogue)}


def _finding(found: ImageReport, identity: str) -> Finding:
    return next(f for f in found.examination.findings if f.id == identity)


def _evidence(evidence: Evidence) -> Json:
    told: Json = {k: v for k, v in msgspec.structs.asdict(evidence).items() if v is not None}
    return told | ({"made_by": _made_by(evidence.made_by)} if evidence.made_by else {})


def _made_by(made: MadeBy) -> Json:
    return {"layer": made.layer, "digest": made.digest, "created_by": made.created_by}


def _way(way: LaunchWay) -> Json:
    go: Any = way.go and {
        "path": way.go.path,
        "real_path": way.go.real_path,
        "version": way.go.version,
        "root": way.go.root,
    }
    told: Json = {
        "way": way.way, "found": way.found.value, "go": go, "carrier": way.carrier.value if way.carrier else None,
        "installed": way.installed, "certainty": "measured" if way.measured else "possible",
    }  # fmt: skip
    if way.origin is not None:
        told["origin"] = report.origin_json(way.origin)
    if way.made_by is not None:
        told["made_by"] = _made_by(way.made_by)
    return told | ({"unclear": report.origin_json(way.unclear)} if way.unclear else {})


# ------------------------------------------------------------------ text


def image_text(found: ImageReport, catalogue: Catalogue) -> list[Line]:
    """Return the report as lines for people, the verdict first."""
    grave = [f for f in found.examination.findings if f.severity is not Severity.HINT]
    lines: list[Line] = [_verdict(found, catalogue)]
    lines += [(f"  {_about(found, catalogue)}", "dim"), ("", "")]
    for finding in grave:
        lines += _finding_lines(found, finding, catalogue)
    lines += way_lines(found, catalogue)
    hints = [f for f in found.examination.findings if f.severity is Severity.HINT]
    if hints:
        lines += [("", ""), (in_language(Message(report.HINTS), catalogue), "bold")]
        for finding in hints:
            lines += _finding_lines(found, finding, catalogue)
    lines += [(in_language(note, catalogue), "yellow") for note in found.examination.notes]
    return lines


def _verdict(found: ImageReport, catalogue: Catalogue) -> Line:
    text = verdict(found, found.image.path)
    said = shown(in_language(text, catalogue))
    return ("✓ " + said, "bold green") if text.text in (GOOD, NO_GO) else (said, "bold")


def verdict(found: ImageReport, name: str) -> Message:
    """Return the verdict on an image that is called `name`: causes are counted, not what follows from them."""
    severe = (f for f in found.examination.findings if f.severity is not Severity.HINT)
    grave = sum(1 for f in severe if not f.because_of)
    if grave == 0:
        return Message(GOOD if any(way.go for way in found.launch_ways) else NO_GO, {"name": name})
    return (
        Message(ILL_ONE, {"name": name}) if grave == 1 else Message(ILL_MANY, {"name": name, "count": grave})
    )


def _about(found: ImageReport, catalogue: Catalogue) -> str:
    image = found.image
    parts = [
        image.kind,
        image.platform,
        *image.tags[:1],
        in_language(Message(LAYERS, {"count": len(image.layers)}), catalogue),
        in_language(Message(ACCOUNT, {"name": found.examination.account.name}), catalogue),
    ]
    return shown(", ".join(part for part in parts if part))


def _finding_lines(found: ImageReport, finding: Finding, catalogue: Catalogue) -> list[Line]:
    mark, style = report._MARKS[finding.severity], report._STYLES[finding.severity]
    lines: list[Line] = [(f"{mark} {shown(in_language(finding.message, catalogue))}", style)]
    for evidence in finding.evidence[:_MOST_SHOWN]:
        place = f"{evidence.file}:{evidence.line}   " if evidence.line else ""
        lines.append((f"    {shown(place + evidence.text)}", "dim"))
        if evidence.made_by is not None:
            lines.append((f"      {shown(in_language(made_by_message(evidence.made_by), catalogue))}", "dim"))
    lines.append(("  " + in_language(Message(report.WHY, {"why": finding.why}), catalogue), ""))
    if finding.because_of:
        lines.append(("  " + in_language(Message(report.FOLLOWS), catalogue), "dim"))
    lines += [(f"  → {shown(in_language(advice, catalogue))}", "green") for advice in finding.advice]
    return [*lines, ("", "")]


def made_by_message(made: MadeBy) -> Message:
    """Return a layer and its command in words."""
    command = " ".join(made.created_by.split())
    command = command if len(command) <= 100 else command[:100] + "…"
    if made.layer is None:
        return Message(STEP, {"command": command})
    return Message(LAYER, {"number": made.layer, "digest": short(made.digest), "command": command or "?"})


def short(digest: str) -> str:
    """Return a digest as people write it: its first twelve digits."""
    return digest.partition(":")[2][:12]


def layer_of(found: ImageReport, number: int) -> Layer:
    """Return a layer by its number."""
    return found.image.layers[number - 1]


def way_lines(found: ImageReport, catalogue: Catalogue) -> list[Line]:
    """Return the launch-way table as lines."""
    from rich.cells import cell_len

    certainty = Message(CERTAINTY.get(found.certainty, found.certainty))
    rows = [
        (
            COMMANDS[way.way],
            in_language(Message(FOUND[way.found]), catalogue),
            _detail(way, catalogue),
            _STYLES[way.found],
        )
        for way in found.launch_ways
    ]
    wide, word = max(len(row[0]) for row in rows), max(cell_len(row[1]) for row in rows)
    lines: list[Line] = [(in_language(Message(WAYS, {"certainty": certainty}), catalogue), "bold")]
    for command, state, detail, style in rows:
        lines.append(
            (f"  {command:<{wide}}  {state}{' ' * (word - cell_len(state))}  {detail}".rstrip(), style)
        )
    return lines


def _detail(way: LaunchWay, catalogue: Catalogue) -> str:
    parts = []
    if way.go is not None:
        parts.append(f"{(way.go.version or '?').removeprefix('go')} {way.go.path}")
    if way.carrier is not None:
        parts.append(f"[{way.carrier.value}]")
    if way.unclear is not None:
        place = f"{way.unclear.file}:{way.unclear.line}" if way.unclear.line else way.unclear.file
        parts = [in_language(Message(UNKNOWN_AT, {"place": place}), catalogue)]
    if not way.installed:
        parts.append(in_language(Message(NOT_THERE), catalogue))
    return shown("  ".join(parts))
