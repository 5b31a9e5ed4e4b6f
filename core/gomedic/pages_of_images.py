"""The pages of the checks that only images have: what each finds, how, and what cures it."""

from collections.abc import Iterator

from gomedic.diagnosis import Check
from gomedic.facts import Facts
from gomedic.images import own_checks
from gomedic.model import Finding, Severity
from gomedic.texts import N_, Message


def _on_a_machine(_facts: Facts) -> Iterator[Finding]:
    """Find nothing: an image is judged by `images.own_checks`."""
    yield from ()


ALL: tuple[Check, ...] = (
    Check(
        "image-entry-broken",
        N_("The image's entry can be started"),
        own_checks.ENTRY_WHY,
        _on_a_machine,
        severities=(Severity.ERROR,),
        example=Message(
            own_checks.ENTRY,
            {
                "entry": "/entrypoint.sh",
                "reason": Message(own_checks.NO_INTERPRETER, {"interpreter": "/bin/bash"}),
            },
        ),
        found=N_(
            "The first word of ENTRYPOINT, else of CMD, is looked for in the image, as the engine does: along ENV PATH, with the rights of USER. Of a script the first line is read too, and its interpreter must be there."
        ),
        cured=N_(
            "Copy the script with `COPY --chmod=755`, keep its line ends as Unix has them (`eol=lf` in .gitattributes), and let its first line name a shell that the image has, such as `#!/bin/sh` on Alpine."
        ),
        threads=(
            "moby/moby#22469",
            "neo4j-contrib/neodash#492",
            "https://docs.docker.com/reference/dockerfile/",
        ),
    ),
    Check(
        "image-env-without-go",
        N_("Programs that are started without a shell find Go too"),
        own_checks.ONLY_SHELLS_WHY,
        _on_a_machine,
        severities=(Severity.ERROR, Severity.HINT),
        example=Message(own_checks.ONLY_SHELLS, {"where": Message(own_checks._WORDS["login"])}),
        found=N_(
            "Go is looked for on the image's ENV PATH, which is all that `docker run` and `docker exec` give to a program, and in what the start-up files make of it. It is a problem where the image's own command is go."
        ),
        cured=N_(
            "Write `ENV PATH=/usr/local/go/bin:$PATH` into the Dockerfile, or link go into /usr/local/bin. `gomedic export dockerfile` writes lines by which every way of starting work finds Go."
        ),
        threads=("moby/moby#17103", "docker/for-linux#395", "https://docs.docker.com/reference/dockerfile/"),
    ),
    Check(
        "image-home-not-writable",
        N_("The image's account can write its home"),
        own_checks.HOME_WHY,
        _on_a_machine,
        severities=(Severity.WARNING,),
        example=Message(own_checks.HOME, {"account": "1000", "home": "/"}),
        found=N_(
            "The home of USER is taken from the image's /etc/passwd (/ for a number that is not there), and its owner and mode are looked at, layer by layer."
        ),
        cured=N_(
            "Make the account with a home (`useradd -m`), give it the folder (`chown`), or set HOME, or GOCACHE and GOPATH, to folders that it can write."
        ),
        threads=("golang/go#26280", "docker-library/golang#225", "bitnami/bitnami-docker-golang#7"),
    ),
    Check(
        "image-start-up-unclear",
        N_("It can be told by reading whether Go is found"),
        own_checks.UNCLEAR_WHY,
        _on_a_machine,
        severities=(Severity.WARNING,),
        example=Message(
            own_checks.UNCLEAR,
            {"where": Message(own_checks._WORDS["terminal"]), "place": "/root/.bashrc:12"},
        ),
        found=N_(
            'The start-up files are read as a shell would, without starting anything. Where a line such as `eval "$(tool env)"`, or a condition that nobody can know beforehand, decides whether `go` is found, the answer stays open.'
        ),
        cured=N_(
            "Have the image's shells started in a box: `gomedic image check --run IMAGE`, or “Also start its shells” in the window. Or put Go on PATH by a plain line, which every reader understands."
        ),
        threads=("https://www.gnu.org/software/bash/manual/bash.html", "docker/for-linux#395"),
    ),
)
