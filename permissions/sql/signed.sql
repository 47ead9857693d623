-- Whether the application signed this, for this purpose and no other: functions of the keeper ask it, nobody else.
--
-- Made by: keeper
-- May call, nobody: lock.is_signed
-- Touches: lock.key

CREATE OR REPLACE FUNCTION lock.is_signed(token text, mac bytea, kind text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f text[] := string_to_array(token, '|');
  k lock.key;
BEGIN
  SELECT * INTO k FROM lock.key WHERE id::text = f[1];
  RETURN coalesce(f[2] = kind AND mac = sha256(k.opad || sha256(k.ipad || convert_to(token, 'UTF8'))), false);
END $$;
