"""An agency's own OpenID Connect provider: what its answer must hold before anybody is signed in.

allauth does not look at a signature where TLS brought the token, as OpenID Connect Core 3.1.3.7
allows. Here it is always looked at, with the keys that the provider publishes, and the token must
be there: claims that come without one were vouched for by nobody.
"""

from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import Http404, HttpRequest, HttpResponse
from requests import RequestException

ALGORITHMS = frozenset({"RS256", "PS256", "ES256"})
"""Signatures by a public key. Never `none`, and never a secret that both sides know."""
TWO_FACTORS = ("mfa",)
"""What `amr` or `acr` holds where two factors were asked for, if `two_factors` in NWD_OIDC says nothing else."""
LONGEST_SUBJECT = 255


class Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """Errors: OAuth2Error for an answer that is not to be believed; allauth draws its page."""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        expected = self.get_provider().app.settings["server_url"]
        if str(config.get("issuer")).rstrip("/") != expected.rstrip("/"):
            raise OAuth2Error("the provider calls itself by another address")
        return config

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Who is signed in: the ID token's subject, and whatever else is said of that subject."""
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("no ID token")
        data = {"id_token": used(self._decode_id_token(app, id_token), app)}
        if app.settings.get("fetch_userinfo", True):
            data["userinfo"] = used(self._fetch_user_info(token.token), app)
            if data["userinfo"]["sub"] != data["id_token"]["sub"]:
                raise OAuth2Error("the userinfo is about somebody else")
        return self.get_provider().sociallogin_from_response(request, data)

    def _decode_id_token(self, app: Any, id_token: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(id_token)
        except jwt.PyJWTError:
            raise OAuth2Error("not a token") from None
        if header.get("alg") not in ALGORITHMS or "kid" not in header:
            raise OAuth2Error("the ID token is not signed as it should be")
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        if isinstance(claims.get("aud"), list) and claims.get("azp", "") != app.client_id:
            raise OAuth2Error(
                "the ID token is for others too, and does not say for whom it was made"
            )
        return claims


def used(claims: object, app: Any) -> dict[str, Any]:
    """Of what a provider says, what is used here, and no more is kept: who it is, and how they showed it.

    Errors: OAuth2Error where its subject is none: OpenID Connect Core 2 gives it 255 characters of ASCII.
    """
    if not isinstance(claims, dict):
        raise OAuth2Error("what the provider says of somebody is no list of claims")
    sub = claims.get("sub")
    if not isinstance(sub, str) or not sub.isascii() or not sub.isprintable():
        raise OAuth2Error("the provider names nobody")
    if not 1 <= len(sub) <= LONGEST_SUBJECT:
        raise OAuth2Error("the provider names nobody")
    named, how = claims.get(member_claim(app)), claims.get("amr")
    told: dict[str, Any] = {"sub": sub}
    if isinstance(named, str) and named.isprintable():
        told[member_claim(app)] = named
    if isinstance(how, list):
        told["amr"] = [each for each in how if isinstance(each, str) and each.isprintable()]
    if isinstance(claims.get("acr"), str) and claims["acr"].isprintable():
        told["acr"] = claims["acr"]
    return told


def member_claim(app: Any) -> str:
    """The claim that holds our user name."""
    return str((app.settings or {}).get("member_claim", "preferred_username"))


def two_factors(app: Any, id_token: Mapping[str, Any]) -> bool:
    """Whether the provider says that it asked for two, in the words its agency gave for that.

    Said nothing, or another word: then it was one, as far as anybody here knows (RFC 8176; ASVS 6.8.4).
    """
    words = (app.settings or {}).get("two_factors", TWO_FACTORS)
    said = {*id_token.get("amr", ()), id_token.get("acr")}
    return not said.isdisjoint(words)


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider. One that does not answer is a page that says so, not a fault of ours."""
    return _through(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the provider."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    adapter = Adapter(request, provider_id)
    try:
        answer: HttpResponse = view.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as error:
        return render_authentication_error(request, adapter.get_provider(), exception=error)  # type: ignore[no-any-return]
    return answer
