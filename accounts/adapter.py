"""How signing in behaves here: who may join, what is said, how often one may try."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.forms import ValidationError
from django.http import HttpRequest

from accounts.addresses import normal
from web.templatetags.words import seconds


class TooManyTries(ValidationError):
    """The counter of this address, or of this computer, is full for `wait` seconds more."""

    def __init__(self, wait: float) -> None:
        self.wait = max(1, round(wait))
        sentence = f"Too many tries. Wait {seconds(self.wait)}, then try again."
        super().__init__(sentence, code="too_many_login_attempts")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth brings no types
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This address and password do not fit together.",
        "email_taken": "This address has an account already. Sign in instead.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
        "invalid_password_reset": "This link is used up or too old.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(getattr(settings, "SIGN_UP", "open") == "open")

    def clean_email(self, email: str) -> str:
        return normal(email)

    def is_safe_url(self, url: str) -> bool:
        """Only an address of this very house: a path, and no second slash or backslash after the first."""
        return bool(url) and url.startswith("/") and super().is_safe_url(url)

    def get_client_ip(self, request: HttpRequest) -> str:
        try:
            return str(super().get_client_ip(request))
        except PermissionDenied:
            return "local"  # a unix socket has no address

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            raise TooManyTries(self._wait(request, credentials)) from error

    def _wait(self, request: HttpRequest, credentials: dict[str, Any]) -> float:
        """Seconds until the fuller of the two counters has room again."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        return max(
            _room_in(request, rate, key)
            for rate in ratelimit.get_rates(app="allauth.account", action="login_failed")
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One counter for all spellings of an address, whatever host name was asked."""
        return normal(credentials.get("email", ""))


def _room_in(request: HttpRequest, rate: ratelimit.Rate, key: str) -> float:
    name = ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate, key=key)
    tries: list[float] = cache.get(name, [])  # the newest first
    if len(tries) < rate.amount:
        return 0
    return tries[-1] + float(rate.duration) - time.time()
