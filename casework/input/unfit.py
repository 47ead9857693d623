"""The error of a reader that can say why a value does not fit its kind."""


class Unfit(ValueError):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """A value does not fit its kind: `why` is a code, `detail` the limit or word involved, `over` the excess."""

    def __init__(self, why: str, detail: str | int = "", over: int = 0) -> None:
        self.why = why
        self.detail = str(detail)
        self.over = over
        super().__init__(why)
