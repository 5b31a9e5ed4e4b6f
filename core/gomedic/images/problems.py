"""Why an image is not read: one sentence each."""

from gomedic.texts import Message


class ImageRefused(Exception):  # noqa: N818 - named for what it tells
    """The image breaks its format's rules, lies about itself, or is nothing that gomedic reads."""

    def __init__(self, text: str, **values: str | int | Message) -> None:
        self.message = Message(text, {name: _shortened(value) for name, value in values.items()})
        super().__init__(str(self.message))

    def __reduce__(self) -> tuple[object, ...]:  # it comes back from another process
        return (_again, (self.message,))


def _again(message: Message) -> ImageRefused:
    return ImageRefused(message.text, **dict(message.values))


def _shortened(value: str | int | Message) -> str | int | Message:
    """Return a name from an image such that it fits into a sentence, whatever it is made of."""
    if not isinstance(value, str):
        return value
    shown = value if value.isprintable() else value.encode("unicode_escape", "backslashreplace").decode()
    shown = shown.encode("utf-8", "backslashreplace").decode()
    return shown if len(shown) <= 200 else shown[:200] + "…"
