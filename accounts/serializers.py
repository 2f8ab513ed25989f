"""People, workspaces and tokens as the API shows and takes them."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import Membership, Role, Token, User, Workspace
from web.fields import Text


class UserSerializer(serializers.ModelSerializer[User]):
    name = Text(max_length=120, allow_blank=True, required=False)

    class Meta:
        model = User
        fields = ["id", "email", "name"]
        read_only_fields = ["id", "email"]


class TokenSerializer(serializers.ModelSerializer[Token]):
    class Meta:
        model = Token
        fields = ["id", "name", "prefix", "created_at", "expires_at", "last_used_at"]
        read_only_fields = fields


class NewTokenSerializer(serializers.ModelSerializer[Token]):
    """A token with its secret, shown this once."""

    token = serializers.CharField(read_only=True, default="")

    class Meta:
        model = Token
        fields = ["id", "name", "token", "prefix", "expires_at"]
        read_only_fields = fields


class CredentialsSerializer(serializers.Serializer[Any]):
    """What is sent for a new token."""

    email = Text(max_length=254)
    password = Text(max_length=1000, trim_whitespace=False)
    name = Text(max_length=80, default="API")
    expires_in_days = serializers.IntegerField(min_value=1, max_value=366, required=False)


class WorkspaceSerializer(serializers.ModelSerializer[Workspace]):
    name = Text(max_length=80)
    role = serializers.SerializerMethodField()

    class Meta:
        model = Workspace
        fields = ["id", "name", "slug", "role", "created_at"]
        read_only_fields = ["id", "slug", "created_at"]

    @extend_schema_field(serializers.ChoiceField(choices=Role.choices))
    def get_role(self, workspace: Workspace) -> str | None:
        """What the asking person is here; annotated on lists."""
        role = getattr(workspace, "role", None)
        return role or workspace.role_of(self.context["request"].user)


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    user = UserSerializer(read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "user", "role", "created_at"]
        read_only_fields = ["id", "created_at"]


class UsageSerializer(serializers.Serializer[Any]):
    """How much of one limit is used; `workspace` is null where the limit is the person's own."""

    name = serializers.CharField(source="limit.name")
    label = serializers.CharField(source="limit.label")  # type: ignore[assignment]
    workspace = serializers.CharField(allow_null=True)
    used = serializers.IntegerField()
    limit = serializers.IntegerField(source="limit.most")
    unit = serializers.ChoiceField(source="limit.unit", choices=["bytes", ""])
    resets_at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="Null: it falls as soon as something is finished or deleted."
    )
