"""The database roles; deploy/roles.sql makes them for a production database."""

OWNER = "schakel_owner"
KEEPER = "schakel_keeper"
APP = "schakel_app"
BACKUP = "schakel_backup"
BROKER = "schakel_broker"
