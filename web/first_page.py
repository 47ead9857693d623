"""What each role does here, in a sentence: it stands where nothing waits yet, so that nobody begins on an empty page."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from permissions.vocabulary import Role

DOES: Mapping[str, object] = MappingProxyType(
    {
        Role.INTAKE_WORKER: _("You log what comes in, and look whether somebody is known here."),
        Role.CASEWORKER: _("You work on the cases on which you are named."),
        Role.POLICE_LIAISON: _(
            "You open cases, make visits and hand over to partners, on the cases on which you are named."
        ),
        Role.TRIAGE_DECIDER: _("You decide on what your organisation takes up, and how it goes on."),
        Role.QUALITY_CHECKER: _("You check what is about to be handed over, and answer when a colleague asks for approval."),
        Role.SUPERVISOR: _("You divide the work, and see what waits too long."),
        Role.CONFIDENTIAL_COUNSELLOR: _("You read along on the cases on which you are named."),
        Role.PRIVACY_OFFICER: _("You confirm on which bases data may leave, and see who looked at what and why."),
        Role.RECORDS_MANAGER: _(
            "You see to it that records are destroyed in time, and kept where they must be. The pages for this come in a"
            " later version: until then nothing is asked of you here."
        ),
        Role.AUDITOR: _("You look into who did what in your organisation, and whether it was right."),
        Role.EXTERNAL_AUDITOR: _("You look into the cases on which you are named, from outside the organisation."),
        Role.REPORT_VIEWER: _(
            "You read counts without people in them. The pages for this come in a later version: until then nothing is"
            " asked of you here."
        ),
        Role.AGENCY_ADMIN: _("You arrange who belongs to your organisation, and with whom it shares; you see no cases."),
        Role.PLATFORM_OPERATOR: _("You keep the platform running, and can verify its log; you see no cases."),
    },
)
"""One sentence a role; every role of a person has one."""
