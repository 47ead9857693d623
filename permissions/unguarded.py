"""Tables without row security, each with what the app role may do there and why; the list may only shrink."""

READ = "SELECT"
FULL = "SELECT, INSERT, UPDATE, DELETE"

DERIVED = {
    "casework_draft": "what somebody typed and did not send: no record yet, encrypted, and shown to nobody but who typed it",
    "casework_nametoken": "words of a person's name, written with the person's row, whose entry speaks for them",
    "casework_exportpart": "pieces of a file made of the trail itself, written with its export, whose entry speaks for them",
}
"""Guarded tables without a trail of their own, each with its reason; the list may only shrink."""

UNGUARDED = {
    "account_emailaddress": ("SELECT, INSERT", "sign-in library: its own policies, for who signs in alone"),
    "account_emailconfirmation": ("", "sign-in library, never used: the app role has no right at all"),
    "audit_entry": ("SELECT, INSERT", "the trail itself: its own policies and append-only triggers"),
    "audit_rowversion": ("", "the trail itself: the app role has no right at all"),
    "auditlog_logentry": ("", "made by the library and never used: the app role has no right at all"),
    "auth_group": ("SELECT, INSERT", "an agency's guardian group: its own policies, for the acts that add agencies"),
    "auth_group_permissions": (READ, "never used: rights come from the matrix"),
    "auth_permission": (READ, "names of guardian permissions"),
    "axes_accessattempt": (FULL, "sign-in library: counts of failed sign-ins, its own policies, while somebody signs in"),
    "axes_accessattemptexpiration": (FULL, "sign-in library: the same"),
    "axes_accessfailurelog": ("", "sign-in library, never used: the app role has no right at all"),
    "axes_accesslog": ("", "sign-in library, never used: the app role has no right at all"),
    "casework_operation": ("", "ids of operations that were carried out; the keeper alone writes them"),
    "casework_outbox": (
        "SELECT, INSERT, UPDATE (done_at, tries)",
        "intents: its own policies; each effect is an act",
    ),
    "django_content_type": (READ, "names of tables"),
    "django_migrations": (READ, "names of migrations"),
    "django_session": ("", "sign-in sessions: the keeper alone finds one, by the hash of its key"),
    "guardian_groupobjectpermission": ("", "made by the library and never used"),
    "guardian_userobjectpermission": ("", "made by the library and never used"),
    "mfa_authenticator": (
        FULL,
        "sign-in library: second factors, its own policies and entries, for who signs in",
    ),
    "permissions_factortry": ("", "tries of a second factor: the keeper alone counts them"),
    "permissions_signintry": ("", "tries to sign in, by keyed marks: the keeper alone counts them"),
    "permissions_user_groups": (READ, "never used: rights come from memberships"),
    "permissions_user_user_permissions": (READ, "never used: rights come from the matrix"),
}
