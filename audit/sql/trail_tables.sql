-- Who may read the keeper's own tables of the trail: a backup copies them. The application reads none of them, and reaches
-- what is in them by the functions of the other files.
--
-- Made by: keeper
-- Touches: trail.shown

GRANT USAGE ON SCHEMA trail TO schakel_app, schakel_backup, schakel_owner;
GRANT SELECT ON ALL TABLES IN SCHEMA trail TO schakel_backup;
REVOKE ALL ON trail.shown FROM schakel_app;
