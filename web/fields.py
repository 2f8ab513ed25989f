"""Fields as strict as the rest of the API: a number is not a text, and true is not a number."""

from typing import Any

from rest_framework import serializers


class Text(serializers.CharField):
    """A text. REST framework's own field would take a number and keep it as its digits."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
