"""The probes, open to everyone: they say which part is missing and nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from training import health


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when work can be done, else 503 with what is missing."""
    parts = health.parts()
    ready = all(parts.values())
    status = "ready" if ready else "not ready"
    response = JsonResponse({"status": status, "parts": parts}, status=200 if ready else 503)
    if not ready:
        response["Retry-After"] = "5"
    return response
