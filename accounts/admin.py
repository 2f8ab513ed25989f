"""The administrator's view of people: behind the same sign-in as everything else."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts import actions
from accounts.models import Membership, Token, User, Workspace

admin.site.unregister([Group, EmailAddress])  # roles live in workspaces, addresses in people


class MembershipInline(TabularInline):  # type: ignore[misc]  # unfold brings no types
    model = Membership
    extra = 0
    autocomplete_fields = ["user", "workspace"]


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]  # unfold brings no types
    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ["email", "name", "is_active", "is_staff", "last_login", "date_joined"]
    list_filter = ["is_active", "is_staff", "date_joined"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("Times", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """The address is how a person signs in: it stays what they chose."""
        return [*self.readonly_fields, "email"] if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: User, form: object, change: bool) -> None:
        """A person made here begins like everyone else: in a workspace of their own."""
        super().save_model(request, obj, form, change)
        if not change:
            actions.create_personal_workspace(by=obj)


@admin.register(Workspace)
class WorkspaceAdmin(ModelAdmin):  # type: ignore[misc]  # unfold brings no types
    list_display = ["name", "slug", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["name", "slug"]
    readonly_fields = ["slug", "created_at"]
    inlines = [MembershipInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):  # type: ignore[misc]  # unfold brings no types
    list_display = ["user", "workspace", "role", "created_at"]
    list_filter = ["role"]
    list_select_related = ["user", "workspace"]
    search_fields = ["user__email", "user__name", "workspace__name"]
    autocomplete_fields = ["user", "workspace"]


@admin.register(Token)
class TokenAdmin(ModelAdmin):  # type: ignore[misc]  # unfold brings no types
    """To see and to revoke: a digest is not shown, and nothing is edited by hand."""

    list_display = ["name", "prefix", "user", "created_at", "expires_at", "last_used_at"]
    list_filter = ["expires_at", "last_used_at"]
    list_select_related = ["user"]
    search_fields = ["name", "prefix", "user__email"]
    fields = readonly_fields = ["name", "prefix", "user", "created_at", "expires_at", "last_used_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Token | None = None) -> bool:
        return False
