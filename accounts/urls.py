"""The addresses of people: pages, and API (under /api/v1/)."""

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path
from django.views.generic import RedirectView

from accounts import api as programs
from accounts import views

_to_sign_in = login_not_required(RedirectView.as_view(pattern_name="account_login"))

pages = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-up/", views.SignUp.as_view(), name="account_signup"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("sign-in/inactive/", allauth.account_inactive, name="account_inactive"),
    path("sign-in/again/", allauth.reauthenticate, name="account_reauthenticate"),
    path("sign-in/sent/", _to_sign_in, name="account_email_verification_sent"),
    path("password/", views.OtherPassword.as_view(), name="account_change_password"),
    path("password/first/", allauth.password_set, name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        views.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("you/", views.you, name="you"),
    path("you/e-mail/", RedirectView.as_view(pattern_name="you"), name="account_email"),
    path("theme/", views.theme, name="theme"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<uuid:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("workspaces/new/", views.new_workspace, name="new_workspace"),
]
api = [
    path("auth/tokens/", programs.Tokens.as_view(), name="api-tokens"),
    path("auth/tokens/<uuid:pk>/", programs.OneToken.as_view(), name="api-token"),
    path("me/", programs.Me.as_view(), name="api-me"),
    path("me/usage/", programs.MyUsage.as_view(), name="api-usage"),
    path("workspaces/", programs.Workspaces.as_view(), name="api-workspaces"),
    path("workspaces/<slug:slug>/", programs.OneWorkspace.as_view(), name="api-workspace"),
    path("workspaces/<slug:slug>/members/", programs.Members.as_view(), name="api-members"),
    path("workspaces/<slug:slug>/members/<uuid:pk>/", programs.OneMember.as_view(), name="api-member"),
]
