-- Who opens a case begins its shell, takes part in it for their agency, and is named on it.
--
-- Made by: keeper
-- May call, app: lock.open_case
-- Touches: public.casework_case

CREATE OR REPLACE FUNCTION lock.open_case(of_case uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'open_case' THEN
    RAISE insufficient_privilege USING MESSAGE = 'no case is being opened';
  END IF;
  INSERT INTO public.casework_case (id) VALUES (of_case);
  PERFORM lock.take_part(of_case, lock.agency(), 'open_case');
  PERFORM lock.name_person(of_case, lock.person());
END $$;
