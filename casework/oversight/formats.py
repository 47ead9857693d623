"""The trail in the forms that others read: NDJSON, CSV, FHIR R4 AuditEvent (IHE BALP) and Logboek Dataverwerkingen."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from types import MappingProxyType
from typing import Any

from audit.models import Entry

COLUMNS = (
    "entry", "recorded_at", "occurred_at", "verb", "word", "outcome", "person", "role", "organisation",
    "record_organisation", "purpose", "basis", "case", "table", "object", "operation", "fields", "by", "emergency",
    "on_behalf_of", "recipient", "sign_in", "access_point", "request", "policy_version", "sealed_before",
)  # fmt: skip
"""What NEN 7513 asks of a line: event, time, whose record, which user in which role for whom, how they had signed in and
from where, why, under which version of the law, to whom it went, and how it ended."""
BYTE_ORDER_MARK = "\ufeff"
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""With what a spreadsheet begins a formula."""
FHIR_ACTION = {"collect": "C", "alter": "U", "consult": "R", "provide": "R", "combine": "E", "destroy": "D", "govern": "E"}
AUDIT_TYPE = "http://terminology.hl7.org/CodeSystem/audit-event-type"
BALP = {
    "R": "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.Read",
    "C": "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.Create",
    "U": "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.Update",
    "D": "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.Delete",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What ids are called: people, organisations, and the data subjects of each case by their own random id."""

    people: Mapping[int, str]
    organisations: Mapping[int, str]
    subjects: Mapping[str, Sequence[str]]
    installation: str


def row_of(entry: Entry, names: Names) -> dict[str, Any]:
    """Return one entry as named columns; names of fields, never their values."""
    said = entry.additional_data or {}
    fields = sorted(entry.changes or {}) or [name for name in said.get("shown", ()) if "-" not in name]
    return {
        "entry": entry.pk,
        "recorded_at": entry.timestamp.isoformat(),
        "occurred_at": entry.occurred_at.isoformat(),
        "verb": entry.verb,
        "word": entry.word,
        "outcome": entry.outcome,
        "person": names.people.get(entry.actor_id or 0, ""),
        "role": entry.role,
        "organisation": names.organisations.get(entry.agency_id or 0, ""),
        "record_organisation": names.organisations.get(entry.record_agency_id or 0, ""),
        "purpose": entry.purpose,
        "basis": entry.basis,
        "case": str(entry.case_id or ""),
        "table": entry.content_type.model,
        "object": entry.object_pk,
        "operation": entry.cid or "",
        "fields": fields,
        "by": said.get("by", ""),
        "emergency": said.get("by", "").startswith("emergency:"),
        "on_behalf_of": names.people.get(entry.on_behalf_of_id or 0, ""),
        "recipient": names.organisations.get(entry.recipient_agency_id or 0, ""),
        "sign_in": entry.auth_strength,
        "access_point": entry.client_point,
        "request": entry.trace_id.hex if entry.trace_id else "",
        "policy_version": entry.policy_version,
        "sealed_before": "" if entry.prev_seal is None else entry.prev_seal,
    }


def as_ndjson(entries: Iterable[Entry], names: Names) -> Iterator[str]:
    """Yield one JSON object a line."""
    for entry in entries:
        yield json.dumps(row_of(entry, names)) + "\n"


def as_csv(entries: Iterable[Entry], names: Names) -> Iterator[str]:
    """Yield a table as spreadsheets here open it: a mark that says UTF-8, and semicolons between the cells.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    yield BYTE_ORDER_MARK + _cells(COLUMNS)
    for entry in entries:
        row = row_of(entry, names)
        yield _cells([", ".join(value) if isinstance(value, list) else str(value) for value in row.values()])


def _cells(values: Sequence[str]) -> str:
    out = StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL).writerow(
        [f"'{one}" if one.startswith(RISKY) else one for one in values]
    )
    return out.getvalue()


def as_fhir(entries: Iterable[Entry], names: Names) -> Iterator[str]:
    """Yield one AuditEvent a line (FHIR bulk data's NDJSON)."""
    for entry in entries:
        yield json.dumps(_audit_event(entry, row_of(entry, names), names)) + "\n"


def _audit_event(entry: Entry, row: Mapping[str, Any], names: Names) -> dict[str, Any]:
    action = FHIR_ACTION[entry.verb]
    what = {"identifier": {"system": f"urn:schakel:{row['table']}", "value": row["object"] or "list"}}
    entities: list[dict[str, Any]] = [{"what": what, "type": {"system": AUDIT_TYPE, "code": "object"}}]
    if row["case"]:
        entities.append({"what": {"identifier": {"system": "urn:schakel:case", "value": row["case"]}}})
    entities.append({"what": {"identifier": {"system": "urn:schakel:operation", "value": row["operation"] or "none"}}})
    found = {
        "resourceType": "AuditEvent",
        "id": str(entry.pk),
        "meta": {"profile": [BALP[action]]} if action in BALP else {},
        "type": {"system": AUDIT_TYPE, "code": "rest", "display": "RESTful Operation"},
        "subtype": [{"system": "urn:schakel:action", "code": entry.word}],
        "action": action,
        "recorded": row["recorded_at"],
        "outcome": "0" if entry.outcome == "done" else "4",
        "purposeOfEvent": [{"coding": [{"system": "urn:schakel:purpose", "code": entry.purpose or "none"}]}],
        "agent": _agents(entry, row),
        "source": {"observer": {"display": names.installation}, "site": row["organisation"] or names.installation},
        "entity": entities,
    }
    return {name: value for name, value in found.items() if value}


def _agents(entry: Entry, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return who asked, and where there is one for whom they did and to which organisation something went."""
    agent = {
        "type": {"text": row["role"]},
        "who": {"identifier": {"system": "urn:schakel:user", "value": str(entry.actor_id)}, "display": row["person"]},
        "requestor": True,
        "policy": [f"urn:schakel:basis:{row['basis']}"] if row["basis"] else [],
        "network": {"address": row["access_point"], "type": "2"} if row["access_point"] else {},
    }
    agents = [{name: value for name, value in agent.items() if value}]
    if row["recipient"]:
        to = {"identifier": {"system": "urn:schakel:organisation", "value": str(entry.recipient_agency_id)}}
        agents.append({"type": {"text": "recipient"}, "who": to | {"display": row["recipient"]}, "requestor": False})
    if row["on_behalf_of"]:
        whom = {"identifier": {"system": "urn:schakel:user", "value": str(entry.on_behalf_of_id)}}
        agents.append({"type": {"text": "on behalf of"}, "who": whom | {"display": row["on_behalf_of"]}, "requestor": False})
    return agents


def as_ldv(entries: Iterable[Entry], names: Names) -> Iterator[str]:
    """Yield one line for each data subject of what was processed: no user, joined by the id of the operation."""
    for entry in entries:
        for subject in names.subjects.get(str(entry.case_id), ()) or [""]:
            line = {
                "trace_id": entry.trace_id.hex if entry.trace_id else (entry.cid or "").replace("-", ""),
                "operation_id": f"{entry.pk:016x}",
                "operation_name": entry.word,
                "start_time": entry.occurred_at.isoformat(),
                "end_time": entry.timestamp.isoformat(),
                "status_code": "OK" if entry.outcome == "done" else "ERROR",
                "resource": {"name": names.organisations.get(entry.agency_id or 0, ""), "version": "1"},
                "attributes": {
                    "dpl.core.processing_activity_id": f"urn:schakel:action:{entry.word}",
                    "dpl.core.data_subject_id": subject,
                    "dpl.core.data_subject_id_type": "urn:schakel:person",
                },
            }
            yield json.dumps(line) + "\n"


HEADED = frozenset({"csv"})
"""Forms that begin with a line of their own, which is written once."""
Writer = Callable[[Iterable[Entry], Names], Iterator[str]]
FORMATS: Mapping[str, tuple[Writer, str, str]] = MappingProxyType(
    {
        "ndjson": (as_ndjson, "application/x-ndjson", "ndjson"),
        "csv": (as_csv, "text/csv; charset=utf-8", "csv"),
        "fhir": (as_fhir, "application/fhir+ndjson", "ndjson"),
        "ldv": (as_ldv, "application/x-ndjson", "ndjson"),
    },
)
"""Each form with its writer, its content type and the ending of its name."""
