"""What a file can have wrong with it, in a sentence. Raised in the child, kept by the version."""


class CannotRead(Exception):
    """A file that cannot become a table. `problem` is what the child tells: code, detail, field."""

    def __init__(self, code: str, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.field = field

    @property
    def problem(self) -> dict[str, str]:
        return {"code": self.code, "detail": self.detail, "field": self.field}
