"""Tables outside row-level security, each with what the app may do there and why.

Every other table has a `RowAccess` (`rows.constraints`); `tests/rows/test_walls.py` finds any that is
neither. Nothing here holds a fact about a person in crisis.
"""

from django.db import connections

READ = "SELECT"
CHANGE = "SELECT, UPDATE"
WRITE = "SELECT, INSERT, UPDATE"
SIGN_IN = "SELECT, INSERT, UPDATE, DELETE"

OUTSIDE: dict[str, tuple[str, str]] = {
    "community_community": (READ, "reference: loaded from files by the owner"),
    "community_code": (READ, "reference: loaded from files by the owner"),
    "community_streets": (READ, "reference: loaded from files by the owner"),
    "community_zone": (READ, "reference: loaded from files by the owner"),
    "community_setting": (READ, "reference: loaded from files by the owner"),
    "community_version": (
        READ,
        "reference: changed by triggers of the tables that the owner loads",
    ),
    "agencies_agency": (READ, "reference: who takes part is no secret"),
    "agencies_program": (READ, "reference: who takes part is no secret"),
    "agencies_desk": (READ, "reference: who takes part is no secret"),
    "agencies_route": (READ, "reference: agreements are public to those who take part"),
    "sharing_ruleset": (READ, "reference: loaded from files by the owner"),
    "episodes_kind": (READ, "reference: loaded from files by the owner"),
    "directory_facility": (READ, "reference: loaded from files by the owner"),
    "dispatch_kind": (READ, "reference: loaded from files by the owner"),
    "dispatch_unit": (
        CHANGE,
        "reference: changed by the owner alone; the app locks one to send it",
    ),
    "dispatch_unit_authority": (READ, "reference: loaded from files by the owner"),
    "dispatch_qualification": (READ, "staff: what people have learned, loaded by the owner"),
    "dispatch_crew": (WRITE, "staff: who is on which unit, told to callers and patrol"),
    "dispatch_crew_member": (WRITE, "staff: who is on which unit, told to callers and patrol"),
    "dispatch_position": (WRITE, "cars: where a unit is, kept and not logged"),
    "dispatch_cadstatus": (WRITE, "cars: what CAD last said of its own unit"),
    "dispatch_unavailable": (WRITE, "cars: out of service, with a reason"),
    "calls_psap": (READ, "reference: loaded from files by the owner"),
    "agencies_member": (CHANGE, "sign-in: read before anybody acts; allauth writes the whole row"),
    "agencies_position": (
        "SELECT, UPDATE (until_at)",
        "sign-in: chooses the program to act for; the app ends one and gives none",
    ),
    "agencies_presence": (WRITE, "sign-in: who sits where; the sweep for lost desks crosses walls"),
    "agencies_shift": (WRITE, "staff: who is on duty, asked across programs for a supervisor"),
    "agencies_token": (
        "SELECT, INSERT, UPDATE (revoked_at, agreed_at, agreed_by_id)",
        "sign-in: read before anybody acts; the app makes one, has it agreed to, and ends one",
    ),
    "journal_baseline": ("", "the owner's: ids of rows, and HMACs under a key that is not here"),
    "django_session": (SIGN_IN, "sign-in: read before anybody acts"),
    "web_cache": (SIGN_IN, "sign-in: rate limits across server processes"),
    "mfa_authenticator": (SIGN_IN, "sign-in: second factors"),
    "account_emailaddress": (SIGN_IN, "sign-in: allauth's; stays empty"),
    "account_emailconfirmation": (SIGN_IN, "sign-in: allauth's; stays empty"),
    "socialaccount_socialaccount": (SIGN_IN, "sign-in: an agency's own OpenID Connect"),
    "socialaccount_socialapp": (READ, "sign-in: an agency's own OpenID Connect"),
    "socialaccount_socialtoken": (READ, "sign-in: not used, kept by allauth"),
    "auth_group": ("", "Django's: not used"),
    "auth_group_permissions": ("", "Django's: not used"),
    "auth_permission": (READ, "Django's: read at start"),
    "django_content_type": (READ, "Django's: read at start"),
    "django_migrations": (READ, "Django's: read at start"),
}


def grant(app_role: str) -> None:
    """Give the app exactly these verbs on these tables, and none of its own making. Runs as the owner.

    A temporary table stands before ours for every function and trigger that names one, whatever path
    they have: with a `clocks_deadline` of its own, the app could end the last clock of whoever waits.
    """
    with connections["owner"].cursor() as cursor:
        database = connections["owner"].ops.quote_name(connections["owner"].settings_dict["NAME"])
        cursor.execute(f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {app_role}")
        for table, (verbs, _) in OUTSIDE.items():
            cursor.execute(f"REVOKE ALL ON {table} FROM {app_role}")
            if verbs:
                cursor.execute(f"GRANT {verbs} ON {table} TO {app_role}")
