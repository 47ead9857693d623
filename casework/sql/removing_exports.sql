-- The file of an export is removed in its time, by the scheduler.
--
-- Made by: keeper
-- May call, app: lock.remove_export
-- Touches: public.casework_export, public.casework_exportpart

CREATE OR REPLACE FUNCTION lock.remove_export(asked uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  gone uuid;
BEGIN
  IF lock.action() IS DISTINCT FROM 'remove_export' OR lock.role() IS DISTINCT FROM 'scheduler' THEN
    RAISE insufficient_privilege USING MESSAGE = 'the scheduler removes exports';
  END IF;
  UPDATE public.casework_export x SET removed_at = lock.current_moment() WHERE x.id = asked
    AND x.agency_id = lock.agency() AND x.removed_at IS NULL AND x.kept_until <= lock.current_moment()
    RETURNING x.id INTO gone;
  DELETE FROM public.casework_exportpart p WHERE p.export_id = gone;
END $$;
