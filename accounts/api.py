"""The API of people: tokens, the person itself, usage, workspaces and their members."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import Throttled
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions, quotas, schema  # noqa: F401 - schema tells the documentation about tokens
from accounts.adapter import TooManyTries
from accounts.addresses import normal
from accounts.current import person
from accounts.models import Membership, Role, Token, User, Workspace
from accounts.serializers import (
    CredentialsSerializer,
    MembershipSerializer,
    NewTokenSerializer,
    TokenSerializer,
    UsageSerializer,
    UserSerializer,
    WorkspaceSerializer,
)
from web.problems import Refused


class Tokens(generics.ListAPIView[Token]):
    """The caller's tokens; a new one for an address and its password."""

    serializer_class = TokenSerializer

    def get_queryset(self) -> QuerySet[Token]:
        return Token.objects.visible_to(self.request.user)

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [] if self.request and self.request.method == "POST" else super().get_authenticators()

    def get_permissions(self) -> list[BasePermission]:
        return [AllowAny() if self.request.method == "POST" else IsAuthenticated()]

    @extend_schema(request=CredentialsSerializer, responses={201: NewTokenSerializer}, auth=[])
    def post(self, request: Request) -> Response:
        sent = CredentialsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        wanted = sent.validated_data
        user = _person(request, wanted["email"], wanted["password"])
        days = wanted.get("expires_in_days")
        lifetime = timedelta(days=days) if days else None
        token, secret = actions.create_token(user=user, name=wanted["name"], lifetime=lifetime)
        shown = {**NewTokenSerializer(token).data, "token": secret}
        return Response(shown, status.HTTP_201_CREATED)


class OneToken(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: UUID) -> Response:
        token = get_object_or_404(Token.objects.visible_to(request.user), pk=pk)
        actions.revoke_token(token=token, by=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Me(generics.RetrieveUpdateAPIView[User]):
    serializer_class = UserSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> User:
        return person(self.request)


class MyUsage(generics.ListAPIView[Any]):
    """Each limit, and how much of it is used."""

    serializer_class = UsageSerializer

    def get_queryset(self) -> Any:
        return quotas.usage(person(self.request))


class Workspaces(generics.ListCreateAPIView[Workspace]):
    serializer_class = WorkspaceSerializer

    def get_queryset(self) -> QuerySet[Workspace]:
        return Workspace.objects.visible_to(self.request.user).annotate(role=F("memberships__role"))

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = actions.create_workspace(by=person(self.request), **serializer.validated_data)


class OneWorkspace(generics.RetrieveUpdateDestroyAPIView[Workspace]):
    serializer_class = WorkspaceSerializer
    http_method_names = ["get", "patch", "delete", "head", "options"]
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Workspace]:
        return Workspace.objects.visible_to(self.request.user)

    def perform_update(self, serializer: Any) -> None:
        name = serializer.validated_data.get("name", serializer.instance.name)
        actions.rename_workspace(workspace=serializer.instance, name=name, by=person(self.request))

    def perform_destroy(self, instance: Workspace) -> None:
        actions.remove_workspace(workspace=instance, by=person(self.request))


class Members(generics.ListAPIView[Membership]):
    serializer_class = MembershipSerializer

    def get_queryset(self) -> QuerySet[Membership]:
        return _members(self.request, self.kwargs["slug"])


class OneMember(generics.UpdateAPIView[Membership], generics.DestroyAPIView[Membership]):
    serializer_class = MembershipSerializer
    http_method_names = ["patch", "delete", "head", "options"]

    def get_queryset(self) -> QuerySet[Membership]:
        return _members(self.request, self.kwargs["slug"])

    def perform_update(self, serializer: Any) -> None:
        role = Role(serializer.validated_data.get("role", serializer.instance.role))
        member = serializer.instance
        serializer.instance = actions.change_role(membership=member, role=role, by=person(self.request))

    def perform_destroy(self, instance: Membership) -> None:
        actions.remove_member(membership=instance, by=person(self.request))


def _members(request: Request, slug: str) -> QuerySet[Membership]:
    """The members of a workspace that the caller sees."""
    workspace = get_object_or_404(Workspace.objects.visible_to(request.user), slug=slug)
    return Membership.objects.filter(workspace=workspace).select_related("user", "workspace")


def _person(request: Request, email: str, password: str) -> User:
    """Who these credentials belong to; counted together with the tries on the sign-in page."""
    try:
        user = get_adapter().authenticate(request._request, email=normal(email), password=password)
    except TooManyTries as error:
        raise Throttled(wait=error.wait, detail=error.message) from error
    if not isinstance(user, User) or not user.is_active:
        sentence = "This address and password do not fit together."
        raise Refused(sentence, code="invalid_credentials", status=status.HTTP_401_UNAUTHORIZED)
    return user
