"""SQL that remembers which cases a list showed: one row a case beside the list's one entry, so that "who saw this" finds it.

The entry itself names the cases too, and is sealed; these rows only make them findable. Under row security an array or a
document cannot be searched by an index, and a case's log must not read the log of everybody (docs/decisions/0015).
"""

from audit.roles import APP, KEEPER, OWNER

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

TABLES = """
CREATE TABLE trail.shown (
  case_id uuid NOT NULL, occurred_at timestamptz NOT NULL, entry_id bigint NOT NULL,
  PRIMARY KEY (case_id, occurred_at, entry_id)
);
CREATE INDEX shown_of_entry ON trail.shown (entry_id);
"""
FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION trail.place_shown() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  INSERT INTO trail.shown (case_id, occurred_at, entry_id)
    SELECT DISTINCT c.id::uuid, NEW.occurred_at, NEW.id
    FROM jsonb_array_elements_text(NEW.additional_data -> 'cases') AS c (id);
  RETURN NULL;
END $$;
"""  # noqa: S608 - our own words alone
PRIVILEGES = f"""
REVOKE ALL ON FUNCTION trail.place_shown() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trail.place_shown() TO {OWNER};
REVOKE ALL ON trail.shown FROM {APP};
"""
TRIGGER = """
CREATE TRIGGER place_shown AFTER INSERT ON audit_entry FOR EACH ROW
  WHEN (NEW.action = 3 AND NEW.additional_data ? 'cases') EXECUTE FUNCTION trail.place_shown();
"""
EARLIER = f"""
SET ROLE {KEEPER};
INSERT INTO trail.shown (case_id, occurred_at, entry_id)
  SELECT DISTINCT c.id::uuid, e.occurred_at, e.id FROM public.audit_entry e
  CROSS JOIN LATERAL jsonb_array_elements_text(e.additional_data -> 'shown') AS c (id)
  WHERE e.word = 'search_own' AND e.action = 3;
RESET ROLE;
"""  # noqa: S608 - our own words alone
"""Searches of before: their entries named the cases among what was shown."""

REPLACE = f"SET ROLE {KEEPER};" + FUNCTIONS + PRIVILEGES + "RESET ROLE;"
"""Brings the function up to date; run at every `prepare`."""

CREATE = f"SET ROLE {KEEPER};" + TABLES + "RESET ROLE;" + REPLACE
BEGIN = TRIGGER + EARLIER
"""From here on: once the table of entries is guarded."""
