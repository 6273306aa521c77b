"""What allauth is told: no sign-up, no e-mail, members from the community's files only."""

import logging
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext

from nowrongdoor.agencies import actors, commands, factor_secrets, kinds
from nowrongdoor.agencies.models import Member
from nowrongdoor.agencies.provider import member_claim, two_factors
from nowrongdoor.agencies.queries import member_named
from nowrongdoor.journal.kinds import Kind
from nowrongdoor.kernel.verdict import Verdict, no
from nowrongdoor.web.clock import now

log = logging.getLogger(__name__)

CHANGES: Mapping[str, Kind] = {
    "account/email/password_changed": kinds.PASSWORD_CHANGED,
    "account/email/password_set": kinds.PASSWORD_CHANGED,
    "mfa/email/totp_activated": kinds.FACTOR_ADDED,
    "mfa/email/webauthn_added": kinds.FACTOR_ADDED,
    "mfa/email/totp_deactivated": kinds.FACTOR_REMOVED,
    "mfa/email/webauthn_removed": kinds.FACTOR_REMOVED,
    "mfa/email/recovery_codes_generated": kinds.RECOVERY_CODES_MADE,
}
"""What allauth would write mail about, by the name of its template, as the journal says it."""
NO_MEMBER = no(
    "oidc.no_member",
    "Your agency knows you, but you are not a member here. Ask your administrator.",
)
ANOTHERS = no(
    "oidc.another_account",
    "Your agency signs you in with a new account. Ask your administrator here to replace your sign-in.",
)
FACTORS = frozenset({kinds.FACTOR_ADDED, kinds.FACTOR_REMOVED, kinds.RECOVERY_CODES_MADE})


def is_of(session: SessionBase, member: Member) -> bool:
    """Whether a session is this member's, by all that Django asks of one: who, let in how, by which password."""
    return (
        session.get(SESSION_KEY) == str(member.pk)
        and session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
        and any(
            constant_time_compare(session.get(HASH_SESSION_KEY) or "", each)
            for each in (member.get_session_auth_hash(), *member.get_session_auth_fallback_hash())
        )
    )


def second_factor(request: HttpRequest) -> bool:
    """Whether *this session* showed a second factor: here, or at the agency's own provider.

    That the member has one says nothing: whoever knows their password may have signed in before
    they had it. The synthetic people of a demo need none.
    """
    return settings.SYNTHETIC or "mfa" in _methods(request)


def factor_page(request: HttpRequest) -> str:
    """Where a session goes that showed no second factor: to show one, or to have a first one."""
    return "mfa_reauthenticate" if is_mfa_enabled(request.user) else "mfa_activate_totp"


def first_password(request: HttpRequest) -> bool:
    """Whether this member signed in with a password that somebody else gave them, and so knew."""
    return "password" in _methods(request) and bool(getattr(request.user, "password_given", False))


def unconfirmed(request: HttpRequest) -> bool:
    """Whether nobody has confirmed yet that this member is who signed in with what somebody else gave them.

    The picker of a demo signs in by nothing that was given.
    """
    picked = settings.SYNTHETIC and not _methods(request)
    return bool(getattr(request.user, "unconfirmed", False)) and not picked


def _methods(request: HttpRequest) -> set[str]:
    """How this member signed in: "password", "mfa", "socialaccount"."""
    return {each["method"] for each in get_authentication_records(request, request.user)}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Members do not sign up, and no mail is sent."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("agencies:positions")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("agencies:positions")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Whoever comes from a provider that says it asked for two factors has shown this session two."""
        response: HttpResponse = super().post_login(request, user, **more)
        login = (more.get("signal_kwargs") or {}).get("sociallogin")
        if login is not None:
            account = login.account
            if two_factors(account.get_provider().app, account.extra_data.get("id_token", {})):
                record_authentication(request, user, "mfa", type="provider")
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Written down without the name: what is typed there is a password now and then."""
        log.warning("sign-in failed: password")

    def validation_error(self, code: str, *args: Any) -> Any:
        if code == "too_many_login_attempts":
            log.warning("sign-in failed: locked out")
        return super().validation_error(code, *args)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """How somebody shows again that it is they: by their factor, once they have one, and not by the password."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [each for each in methods if each["id"] != "reauthenticate"] or methods

    def set_password(self, user: Any, password: str) -> None:
        """Whatever else they were signed in to ends; the browser that asks is signed in anew."""
        super().set_password(user, password)
        commands.chose_password(user.pk)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise RuntimeError("members have no address here")

    def send_notification_mail(
        self, template_prefix: str, user: Any, *args: Any, **kw: Any
    ) -> None:
        """There is no address to write to: what changed is written in the journal."""
        changed, at = CHANGES.get(template_prefix), now()
        by = actors.actor_of(user.pk, at=at)
        if changed is None or by is None:  # nobody who could do anything here, or no change of ours
            log.warning("changed: %s", template_prefix.rpartition("/")[2])
        else:
            commands.write_own(by=by, at=at, changed=changed)
        if changed in FACTORS:
            self._only_here(user)

    def _only_here(self, user: Any) -> None:
        """Their other sessions end; this one has just shown the factor that it added, or one before."""
        record_authentication(self.request, user, "mfa", reauthenticated=True)
        commands.end_sessions(user.pk, but=self.request.session.session_key)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Wrong codes and keys are written down, as wrong passwords are; secrets are kept encrypted."""

    def encrypt(self, text: str) -> str:
        return factor_secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return factor_secrets.decrypt(encrypted_text)

    def validation_error(self, code: str, *args: Any) -> Any:
        if code == "incorrect_code":
            log.warning("sign-in failed: second factor")
        return super().validation_error(code, *args)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """An agency's own OpenID Connect provider signs in members that exist already, and no others."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_requests_session(self) -> Any:
        """What asks a provider. It goes where the file says, and nowhere it is sent on to."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def on_authentication_error(self, *args: Any, **kwargs: Any) -> None:
        log.warning("sign-in failed: provider")

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Match the provider's account to a member by the claim the agency configured, the first time.

        Only to one whom that agency employs: no agency vouches for another's people. And once: a user
        name that the provider gives to somebody else gives nobody's account away.
        """
        sociallogin.state["process"] = "login"  # whatever the address asked for
        if sociallogin.is_existing:
            return
        app = sociallogin.account.get_provider().app
        member = _claimed(app, sociallogin.account.extra_data)
        if member is None:
            log.warning("sign-in failed: no member of that provider's agency")
            raise ImmediateHttpResponse(_turned_away(request, NO_MEMBER))
        if SocialAccount.objects.filter(user=member, provider=app.provider_id).exists():
            log.warning("sign-in failed: that member is another account's")
            raise ImmediateHttpResponse(_turned_away(request, ANOTHERS))
        sociallogin.connect(request, member)


def _claimed(app: Any, said: Mapping[str, Any]) -> Member | None:
    """Whom the provider's claim names, of those whom its agency employs."""
    claim = member_claim(app)
    found = said.get("id_token", {}).get(claim) or said.get("userinfo", {}).get(claim)
    member = member_named(found) if found else None
    agency = (app.settings or {}).get("agency", app.provider_id)
    if member is None or not member.is_active or member.employer.code != agency:
        return None
    return member


def _turned_away(request: HttpRequest, refusal: Verdict) -> HttpResponse:
    told = {"sentence": gettext(refusal.sentence), "rule": refusal.rule, "status": 403}
    return render(request, "web/refused.html", told, status=403)
