"""Write a bundle's bill of materials, CycloneDX 1.6 as JSON: the same bundle, the same bytes."""

import argparse
import json
import sys
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from parts import Part, parts

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "gomedic.github.io")


def document(found: Sequence[Part], name: str, version: str, moment: int) -> dict[str, object]:
    """Return the bill of materials of the bundle `name`, made at `moment` (seconds since 1970)."""
    top = f"pkg:generic/{name}@{version}"
    content = "\n".join([top, str(moment), *(part.purl for part in found)])
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, content)}",
        "version": 1,
        "metadata": {
            "timestamp": f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "component": {
                "type": "application",
                "bom-ref": top,
                "name": name,
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
                "purl": top,
            },
        },
        "components": [component(part) for part in found],
        "dependencies": [{"ref": top, "dependsOn": [part.purl for part in found]}],
    }


def component(part: Part) -> dict[str, object]:
    """Return one part as CycloneDX has it."""
    told: dict[str, object] = {
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
    }
    if part.licence:
        told["licenses"] = [
            {"expression": part.licence} if part.is_expression else {"license": {"name": part.licence}}
        ]
    return {**told, "purl": part.purl}


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("work", type=Path, help="PyInstaller's folder with lists")
    words.add_argument("target", type=Path)
    words.add_argument("--name", required=True)
    words.add_argument("--version", required=True)
    words.add_argument("--moment", type=int, required=True, help="seconds since 1970")
    given = words.parse_args()
    made = document(parts(given.work), given.name, given.version, given.moment)
    given.target.write_text(json.dumps(made, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
