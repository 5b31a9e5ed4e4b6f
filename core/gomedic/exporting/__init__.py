"""Set-ups that make Go found where work is started: each known way as a text to show, copy or save."""

from gomedic.exporting.judging import option_word
from gomedic.exporting.kinds import KINDS, generate, kind_named
from gomedic.exporting.values import (
    Archive,
    ExportRefusedError,
    Generated,
    Kind,
    Options,
    Tool,
)  # fmt: skip

__all__ = [
    "KINDS",
    "Archive",
    "ExportRefusedError",
    "Generated",
    "Kind",
    "Options",
    "Tool",
    "generate",
    "kind_named",
    "option_word",
]
