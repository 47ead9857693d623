"""The seal: positions, tiles of leaf hashes, signed checkpoints and what witnesses said of them."""

from django.db import migrations

TABLES = """
SET ROLE schakel_keeper;
CREATE TABLE trail.tip (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  size bigint NOT NULL, xact xid8 NOT NULL, entry_id bigint NOT NULL
);
INSERT INTO trail.tip (size, xact, entry_id) VALUES (0, '0', 0);
CREATE TABLE trail.tile (
  level smallint NOT NULL, number bigint NOT NULL, hashes bytea NOT NULL, xact xid8, entry_id bigint,
  PRIMARY KEY (level, number)
);
CREATE INDEX tile_first ON trail.tile (xact, entry_id) WHERE level = 0;
CREATE TABLE trail.checkpoint (size bigint PRIMARY KEY, note text NOT NULL, made_at timestamptz NOT NULL);
CREATE TABLE trail.cosignature (
  size bigint NOT NULL REFERENCES trail.checkpoint, witness text NOT NULL, line text NOT NULL, made_at timestamptz NOT NULL,
  PRIMARY KEY (size, witness)
);
CREATE TABLE trail.key (line text PRIMARY KEY, since timestamptz NOT NULL);
RESET ROLE;
"""


class Migration(migrations.Migration):
    """Adds tables of the keeper's own; the application reaches them by functions alone."""

    dependencies = (("audit", "0002_trail"),)
    operations = (migrations.RunSQL(TABLES, migrations.RunSQL.noop),)
