"""What can have happened to people's access, presence and shifts."""

from django.utils.translation import gettext_noop as _

from nowrongdoor.journal.kinds import Effect, Kind, Severity

MEMBER = ("member_id",)
TOKEN = ("token_id", "to_program_id")
ENDS = frozenset({Effect.ENDS_STREAMS})
OWNED = frozenset({Effect.OWNED_BY_MEMBER})

# fmt: off
SIGNED_IN = Kind("agencies.signed_in", MEMBER)
SIGNED_OUT = Kind("agencies.signed_out", MEMBER, effects=ENDS)
LOCKED = Kind("agencies.locked", MEMBER, effects=ENDS)  # an idle screen, not an account
PRESENCE_LOST = Kind("agencies.presence_lost", MEMBER, severity=Severity.INTERRUPT, to="held", words=_("A desk with an active call went offline."), effects=OWNED)
PRESENCE_FOUND = Kind("agencies.presence_found", MEMBER, effects=OWNED)
ACCESS_ENDED = Kind("agencies.access_ended", MEMBER, severity=Severity.INTERRUPT, to="held", words=_("A user with an active call lost access."), effects=ENDS | OWNED)
PASSWORD_SET = Kind("agencies.password_set", MEMBER)  # by somebody else: a first one, or a new one
PASSWORD_CHANGED = Kind("agencies.password_changed", MEMBER)  # by themselves
FACTOR_ADDED = Kind("agencies.factor_added", MEMBER)  # an authenticator app, a passkey or a security key
FACTOR_REMOVED = Kind("agencies.factor_removed", MEMBER)
RECOVERY_CODES_MADE = Kind("agencies.recovery_codes_made", MEMBER)
SIGN_IN_REPLACED = Kind("agencies.sign_in_replaced", MEMBER)  # factors gone, a first password given
SIGN_IN_CONFIRMED = Kind("agencies.sign_in_confirmed", MEMBER)  # in person, by somebody else than replaced it
REPLACED_SEEN = Kind("agencies.replaced_seen", MEMBER)
SESSIONS_ENDED = Kind("agencies.sessions_ended", MEMBER)  # by themselves
SHIFT_STARTED = Kind("agencies.shift_started", MEMBER)
SHIFT_ENDED = Kind("agencies.shift_ended", MEMBER)
TOKEN_ISSUED = Kind("agencies.token_issued", TOKEN)
TOKEN_REVOKED = Kind("agencies.token_revoked", TOKEN)
TOKEN_AGREED = Kind("agencies.token_agreed", TOKEN, severity=Severity.INBOX, to="supervisors of to", words=_("An API key can now read names and needs from your program."))

ALL = (
    SIGNED_IN, SIGNED_OUT, LOCKED, PRESENCE_LOST, PRESENCE_FOUND, ACCESS_ENDED, PASSWORD_SET, PASSWORD_CHANGED,
    FACTOR_ADDED, FACTOR_REMOVED, RECOVERY_CODES_MADE, SIGN_IN_REPLACED,
    SIGN_IN_CONFIRMED, REPLACED_SEEN, SESSIONS_ENDED, SHIFT_STARTED, SHIFT_ENDED, TOKEN_ISSUED, TOKEN_REVOKED, TOKEN_AGREED,
)
