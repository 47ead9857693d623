-- Reads what the application signed (permissions/signing.py): an object of JSON, for one kind of question. Only functions of
-- the keeper call it; each names what it needs of the answer.
--
-- Made by: keeper
-- May call, nobody: lock.said, lock.said_now
-- Touches: lock.key

-- Returns what was said; raises insufficient_privilege where no key of ours signed it for this kind of question.
CREATE OR REPLACE FUNCTION lock.said(token text, mac bytea, kind text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The signature is checked first: nothing of a text that nobody signed is read.
  IF NOT EXISTS (SELECT 1 FROM lock.key k WHERE mac = sha256(k.opad || sha256(k.ipad || convert_to(token, 'UTF8')))) THEN
    RAISE insufficient_privilege USING MESSAGE = format('the %s is not signed', replace(kind, '_', ' '));
  END IF;
  IF token::jsonb->>'kind' IS DISTINCT FROM kind THEN
    RAISE insufficient_privilege USING MESSAGE = format('the %s is not signed', replace(kind, '_', ' '));
  END IF;
  RETURN token::jsonb;
END $$;

-- The same for what counts during half a minute, while an identity counts for its connection and once (act_as.sql). The
-- clock of the application may be ahead of this one, or behind it, by as much; it is compared with the clock of now, as
-- a transaction may have begun before the application signed.
CREATE OR REPLACE FUNCTION lock.said_now(token text, mac bytea, kind text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said(token, mac, kind);
BEGIN
  IF NOT coalesce(abs(extract(epoch FROM clock_timestamp()) - (said->>'at')::numeric) <= 30, false) THEN
    RAISE insufficient_privilege USING MESSAGE = 'this was signed more than half a minute ago, or later than now',
      HINT = 'The clocks of the application and of the database have to agree.';
  END IF;
  RETURN said;
END $$;
