"""What people type about themselves and their workspaces."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordKeyForm, SignupForm
from django import forms
from django.db import transaction
from django.http import HttpRequest

from accounts import actions
from accounts.addresses import normal
from accounts.models import User

CHOOSING = "At least 8 characters, none of the common ones."


class AddressField(forms.EmailField):
    """An e-mail address in its one spelling."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label="E-mail address", max_length=254, **options)
        self.widget.attrs.update(autocomplete="username", placeholder="you@example.org")

    def to_python(self, value: Any) -> str:
        return normal(super().to_python(value) or "")


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth brings no types
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = AddressField()
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["remember"].label = "Stay signed in for 30 days on this device"
        self.fields["remember"].initial = True


class SignUpForm(SignupForm):  # type: ignore[misc]  # allauth brings no types
    name = forms.CharField(
        label="Your name",
        max_length=120,
        required=False,
        help_text="As your team will see it. You can change it.",
    )
    field_order = ["name", "email", "password1"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"] = AddressField()
        _plain_new_password(self)

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """The person and the workspace they begin in, both or neither."""
        user: User = super().save(request)
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        actions.create_personal_workspace(by=user)
        return user


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]  # allauth brings no types
    """After a reset: typed once, because it can be shown."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["password2"]
        _plain_new_password(self)


class OtherPasswordForm(ChangePasswordForm):  # type: ignore[misc]  # allauth brings no types
    """The current one, and the next: typed once, because it can be shown."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["password2"]
        self.fields["oldpassword"].label = "Current password"
        self.fields["oldpassword"].help_text = ""
        self.fields["oldpassword"].widget.attrs.pop("placeholder", None)
        _plain_new_password(self)


class YouForm(forms.ModelForm):  # type: ignore[type-arg]  # cannot be subscripted when it runs
    class Meta:
        model = User
        fields = ["name"]
        labels = {"name": "Your name"}
        help_texts = {"name": "As your team sees it."}


class WorkspaceForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="What your team calls it. Data, experiments and runs live in it.",
    )


class TokenForm(forms.Form):
    name = forms.CharField(label="Name", max_length=80, help_text="Where it will be used, as in: notebook.")
    days = forms.TypedChoiceField(
        label="Lives for",
        coerce=int,
        initial=90,
        choices=[(7, "7 days"), (30, "30 days"), (90, "90 days"), (365, "365 days")],
    )


def _plain_new_password(form: forms.Form) -> None:
    field = form.fields["password1"]
    field.label, field.help_text = "Password", CHOOSING
    field.widget.attrs.pop("placeholder", None)
