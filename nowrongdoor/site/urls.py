"""Every address. What is not here does not exist.

Of allauth's addresses only signing in, the second factor and one's own password are opened.
"""

from allauth.account import views as account
from allauth.socialaccount import views as social
from django.urls import URLPattern, URLResolver, include, path

from nowrongdoor.agencies import provider
from nowrongdoor.agencies import views as agencies
from nowrongdoor.desks import urls as desks
from nowrongdoor.desks.api import api
from nowrongdoor.site.health import health, ready
from nowrongdoor.site.live import live
from nowrongdoor.site.metrics import metrics
from nowrongdoor.site.modules import MODULES

for _module in MODULES:
    if _module.acts is not None:
        api.add_router("", _module.acts.router)


def _by_module() -> dict[str, list[URLPattern]]:
    """Addresses by the name before theirs; the desks' own are named with those of calls."""
    found = {module.name: module.urls for module in MODULES if module.urls}
    return found | {"calls": [*desks.urlpatterns, *found["calls"]]}


urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    path("ready", ready, name="ready"),
    path("metrics", metrics, name="metrics"),
    path("live", live, name="live"),
    path("api/v1/", api.urls),
    path("account/sign-in/", account.login, name="account_login"),
    path("account/sign-out/", agencies.sign_out, name="account_logout"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/none/", agencies.no_password, name="account_set_password"),
    path("account/ended/", agencies.ended, name="account_inactive"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("account/error/", social.login_error, name="socialaccount_login_error"),
    path("account/oidc/<str:provider_id>/login/", provider.login, name="openid_connect_login"),
    path(
        "account/oidc/<str:provider_id>/login/callback/",
        provider.callback,
        name="openid_connect_callback",
    ),
    *(path("", include((urls, name))) for name, urls in _by_module().items()),
]

handler404 = "nowrongdoor.web.refusals.not_found"
handler500 = "nowrongdoor.web.refusals.server_error"
