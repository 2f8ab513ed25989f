"""The pages of a person: signing in and out, settings, tokens, a new workspace."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.account import views as allauth
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import actions, current, quotas
from accounts.adapter import TooManyTries
from accounts.current import person
from accounts.forms import NewPasswordForm, OtherPasswordForm, TokenForm, WorkspaceForm, YouForm
from accounts.models import Token
from web.problems import Refused

THEMES = [("system", "As the system"), ("light", "Light"), ("dark", "Dark")]
YEAR = timedelta(days=365)


class SignIn(allauth.LoginView):  # type: ignore[misc]  # allauth brings no types
    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        for error in form.non_field_errors().as_data():
            if isinstance(error, TooManyTries):
                response.status_code = HTTPStatus.TOO_MANY_REQUESTS
                response["Retry-After"] = str(error.wait)
        return response


class SignUp(allauth.SignupView):  # type: ignore[misc]  # allauth brings no types
    def form_valid(self, form: Form) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except IntegrityError:  # the same address a moment ago, in another tab
            form.add_error("email", get_adapter().error_messages["email_taken"])
            response = self.form_invalid(form)
        except Refused as refused:
            form.add_error(None, refused.detail)
            response = self.form_invalid(form)
        return response


class NewPassword(allauth.PasswordResetFromKeyView):  # type: ignore[misc]  # allauth brings no types
    def get_form_class(self) -> type[Form]:
        return NewPasswordForm

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        status = HTTPStatus.BAD_REQUEST if context.get("token_fail") else HTTPStatus.OK
        response: HttpResponse = super().render_to_response(context, status=status, **options)
        return response


class OtherPassword(allauth.PasswordChangeView):  # type: ignore[misc]  # allauth brings no types
    def get_form_class(self) -> type[Form]:
        return OtherPasswordForm


def you(request: HttpRequest) -> HttpResponse:
    form = YouForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your settings are saved.")
        response = redirect("you")
        _keep(response, "keys", "" if "keys" in request.POST else "off")
        return response
    context = {"form": form, "keys": request.COOKIES.get("keys") != "off", "themes": THEMES}
    return render(request, "accounts/you.html", context)


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("theme", "")
    onward = request.POST.get("next", "")
    response = redirect(onward if get_adapter().is_safe_url(onward) else "home")
    if wanted in dict(THEMES):
        _keep(response, "theme", "" if wanted == "system" else wanted)
    return response


@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and a form for a new one; its secret is on the answer to the form and nowhere else."""
    form, secret, reason = TokenForm(request.POST or None), "", quotas.why_no_more_tokens(person(request))
    if request.method == "POST" and form.is_valid():
        lifetime = timedelta(days=form.cleaned_data["days"])
        try:
            _, secret = actions.create_token(
                user=person(request), name=form.cleaned_data["name"], lifetime=lifetime
            )
            form = TokenForm()
        except Refused as refused:
            form.add_error("name", refused.detail)
    context = {
        "form": form,
        "secret": secret,
        "reason": reason,
        "tokens": Token.objects.visible_to(request.user),
    }
    return render(request, "accounts/tokens.html", context)


@require_POST
def revoke_token(request: HttpRequest, pk: UUID) -> HttpResponse:
    token = get_object_or_404(Token.objects.visible_to(request.user), pk=pk)
    actions.revoke_token(token=token, by=person(request))
    messages.success(request, f"The token {token.name} is revoked. Programs that use it are signed out.")
    return redirect("tokens")


def new_workspace(request: HttpRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            workspace = actions.create_workspace(name=form.cleaned_data["name"], by=person(request))
        except Refused as refused:
            form.add_error("name", refused.detail)
        else:
            current.remember(request, workspace)
            return redirect(workspace)
    return render(request, "accounts/new_workspace.html", {"form": form})


def _keep(response: HttpResponse, name: str, value: str) -> None:
    """A choice about the look: kept in the browser, so that the first HTML already has it."""
    if value:
        response.set_cookie(name, value, max_age=YEAR, secure=settings.HTTPS, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(name)
