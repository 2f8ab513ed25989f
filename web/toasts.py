"""A refusal on a page: the person goes on where they were, with the reason as a toast."""

from types import TracebackType

from django.contrib import messages
from django.http import HttpRequest

from web.problems import Refused


class refusals:  # noqa: N801 - read as a word: with refusals(request)
    """What is refused inside ends there and is told; what comes after the block goes on."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Refused):
            return False
        messages.error(self._request, error.detail)
        return True
