"""SQL of the lock: who acts is a row that only the keeper role can write, valid for one backend and transaction.

An identity that is forged, copied or out of date shows nothing (docs/decisions/0003-lock.md).
"""

from audit.roles import APP, KEEPER, OWNER

_DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
LONGEST_WAIT = "8s"
"""How long an act waits for another one that holds the same case, before it is told so."""

ACT_AS = f"""
CREATE OR REPLACE FUNCTION lock.act_as(token text, mac bytea, holds uuid DEFAULT NULL, once boolean DEFAULT false,
  about uuid DEFAULT NULL, asked text DEFAULT NULL, OUT moment timestamptz, OUT is_first boolean, OUT is_same boolean,
  OUT answer jsonb) LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
  k lock.key;
  o record;
  clock timestamptz := now();
BEGIN
  SELECT * INTO k FROM lock.key WHERE id = f[1]::smallint;
  -- Anything unknown, as another key's id or no signature at all, makes this comparison null: that is a no.
  IF NOT coalesce(mac = sha256(k.opad || sha256(k.ipad || convert_to(token, 'UTF8'))), false) THEN
    RAISE insufficient_privilege USING MESSAGE = 'the identity is not signed';
  END IF;
  IF f[2]::int <> pg_backend_pid() THEN
    RAISE insufficient_privilege USING MESSAGE = 'the identity belongs to another connection';
  END IF;
  IF EXISTS (SELECT 1 FROM pg_cursors c WHERE c.is_holdable) THEN
    RAISE insufficient_privilege USING MESSAGE = 'somebody before left a cursor on this connection';
  END IF;
  IF (SELECT is_scenario FROM lock.installation) AND f[12] <> '' THEN
    clock := f[12]::timestamptz;
  END IF;
  IF f[6] <> '' AND NOT EXISTS (
    SELECT 1 FROM public.permissions_membership m JOIN public.permissions_user u ON u.id = m.user_id
      JOIN public.permissions_agency a ON a.group_id = m.agency_id
    WHERE m.id = f[6]::uuid AND m.user_id = f[4]::int AND m.agency_id = f[5]::int AND f[7] = ANY (m.roles)
      AND u.is_active AND a.is_active
      AND m.starts_at <= clock AND (m.ends_at IS NULL OR m.ends_at > clock)
  ) THEN
    RAISE insufficient_privilege USING MESSAGE = 'the membership does not run';
  END IF;
  INSERT INTO lock.acting AS a VALUES (
    f[2]::int, pg_current_xact_id(), f[3]::bigint, f[4]::int, nullif(f[5], '')::int, nullif(f[6], '')::uuid,
    f[7], f[8], f[9], f[10], f[11]::uuid, clock, f[13], f[14], nullif(f[15], '')::uuid, f[16], nullif(f[17], '')::int)
  ON CONFLICT (pid) DO UPDATE SET xact = excluded.xact, nonce = excluded.nonce, person = excluded.person,
    agency = excluded.agency, membership = excluded.membership, role = excluded.role, action = excluded.action,
    purpose = excluded.purpose, basis = excluded.basis, operation = excluded.operation, moment = excluded.moment,
    strength = excluded.strength, client = excluded.client, trace = excluded.trace, policy = excluded.policy,
    on_behalf_of = excluded.on_behalf_of
    WHERE a.nonce < excluded.nonce AND (a.xact <> excluded.xact OR a.person IS NULL);
  IF NOT FOUND THEN
    RAISE insufficient_privilege USING MESSAGE = 'the identity was used before, or somebody acts already';
  END IF;
  moment := clock;
  is_first := true;
  is_same := true;
  IF once OR holds IS NOT NULL THEN
    SET LOCAL lock_timeout = '{LONGEST_WAIT}';
  END IF;
  IF once THEN
    -- The same operation in another transaction is waited for here, before anything else is held.
    INSERT INTO public.casework_operation (id, made_at, action, target, fingerprint)
      VALUES (f[11]::uuid, clock, f[8], about, coalesce(asked, '')) ON CONFLICT DO NOTHING;
    is_first := FOUND;
    IF NOT is_first THEN
      SELECT * INTO o FROM public.casework_operation x WHERE x.id = f[11]::uuid;
      is_same := o.action = f[8] AND o.target IS NOT DISTINCT FROM about AND o.fingerprint = coalesce(asked, '');
      IF is_same THEN
        answer := jsonb_build_object('case', o.answered_case, 'id', o.answered_id, 'made', o.made);
        -- So that this commit waits for the standby too: it says that the first one is stored there.
        PERFORM pg_logical_emit_message(true, 'schakel', '');
      END IF;
      RETURN;
    END IF;
  END IF;
  IF holds IS NOT NULL THEN
    PERFORM lock.hold(holds);
    moment := lock.take_moment();
  END IF;
END $$;
CREATE OR REPLACE FUNCTION lock.keep_answer(in_case uuid, key uuid, things text[]) RETURNS void
LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  UPDATE public.casework_operation o SET answered_case = in_case, answered_id = key, made = things FROM lock.acting a
    WHERE o.id = a.operation AND o.made IS NULL AND a.pid = pg_backend_pid() AND a.person IS NOT NULL
    AND a.xact = pg_current_xact_id_if_assigned();
END $$;
"""

INSTALLATION = f"""
CREATE OR REPLACE FUNCTION lock.mode() RETURNS text LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN (SELECT i.mode FROM lock.installation i);
END $$;
CREATE OR REPLACE FUNCTION lock.settled() RETURNS trigger LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  RAISE insufficient_privilege USING MESSAGE = 'the mode of an installation is settled at its first start';
END $$;
"""
SIGNED = f"""
CREATE OR REPLACE FUNCTION lock.is_signed(token text, mac bytea, kind text) RETURNS boolean
LANGUAGE plpgsql STABLE {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
  k lock.key;
BEGIN
  SELECT * INTO k FROM lock.key WHERE id::text = f[1];
  RETURN coalesce(f[2] = kind AND mac = sha256(k.opad || sha256(k.ipad || convert_to(token, 'UTF8'))), false);
END $$;
"""
"""Whether the application signed this, for this purpose and no other: functions of the keeper ask it, nobody else."""
SESSIONS = f"""
CREATE OR REPLACE FUNCTION lock.session(hashed text) RETURNS text LANGUAGE plpgsql STABLE {_DEFINER} AS $$
BEGIN
  RETURN (SELECT s.session_data FROM public.django_session s WHERE s.session_key = hashed AND s.expire_date > now());
END $$;
CREATE OR REPLACE FUNCTION lock.keep_session(token text, mac bytea, held text) RETURNS boolean
LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
BEGIN
  IF NOT lock.is_signed(token, mac, 'session') OR f[6] IS DISTINCT FROM encode(sha256(convert_to(held, 'UTF8')), 'hex') THEN
    RAISE insufficient_privilege USING MESSAGE = 'the session is not signed';
  END IF;
  IF f[5] = 'new' THEN
    INSERT INTO public.django_session (session_key, session_data, expire_date) VALUES (f[3], held, f[4]::timestamptz)
      ON CONFLICT DO NOTHING;
  ELSE
    UPDATE public.django_session s SET session_data = held, expire_date = f[4]::timestamptz WHERE s.session_key = f[3];
  END IF;
  RETURN FOUND;
END $$;
CREATE OR REPLACE FUNCTION lock.end_session(hashed text) RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  DELETE FROM public.django_session s WHERE s.session_key = hashed;
END $$;
CREATE OR REPLACE FUNCTION lock.clear_sessions() RETURNS void LANGUAGE plpgsql {_DEFINER} AS $$
BEGIN
  DELETE FROM public.django_session s WHERE s.expire_date < now();
END $$;
"""
"""Sign-ins: looked up by the hash of a key, kept only as the application signed them (permissions/sessions.py)."""
SESSION_CALLS = "lock.session(text), lock.keep_session(text, bytea, text), lock.end_session(text), lock.clear_sessions()"
FACTORS = f"""
CREATE OR REPLACE FUNCTION lock.try_factor(token text, mac bytea) RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
BEGIN
  IF NOT lock.is_signed(token, mac, 'try_factor') THEN
    RAISE insufficient_privilege USING MESSAGE = 'the try is not signed';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('second factor'), f[3]::int);
  IF (SELECT count(*) FROM public.permissions_factortry t WHERE t.person_id = f[3]::int AND t.mark = ''
      AND t.at > now() - make_interval(mins => f[4]::int)) >= f[5]::int THEN
    RETURN false;
  END IF;
  INSERT INTO public.permissions_factortry (person_id, mark, at) VALUES (f[3]::int, '', now());
  RETURN true;
END $$;
CREATE OR REPLACE FUNCTION lock.use_factor(token text, mac bytea) RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
BEGIN
  IF NOT lock.is_signed(token, mac, 'use_factor') THEN
    RAISE insufficient_privilege USING MESSAGE = 'the try is not signed';
  END IF;
  DELETE FROM public.permissions_factortry t WHERE t.at < now() - interval '1 day';
  INSERT INTO public.permissions_factortry (person_id, mark, at) VALUES (f[3]::int, f[4], now()) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM public.permissions_factortry t WHERE t.person_id = f[3]::int AND t.mark = '';
  RETURN true;
END $$;
"""
"""Tries of a second factor: counted before a code is looked at, and a code that was right is right once."""
FACTOR_CALLS = "lock.try_factor(text, bytea), lock.use_factor(text, bytea)"
SIGN_INS = f"""
CREATE OR REPLACE FUNCTION lock.try_sign_in(token text, mac bytea) RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
BEGIN
  IF NOT lock.is_signed(token, mac, 'try_sign_in') THEN
    RAISE insufficient_privilege USING MESSAGE = 'the try is not signed';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('sign-in'), hashtext(f[3]));
  DELETE FROM public.permissions_signintry t WHERE t.id IN (
    SELECT o.id FROM public.permissions_signintry o WHERE o.at < now() - interval '2 hours' FOR UPDATE SKIP LOCKED);
  IF (SELECT count(*) FROM public.permissions_signintry t WHERE t.mark = f[3]
      AND t.at > now() - make_interval(mins => f[4]::int)) >= f[5]::int THEN
    RETURN false;
  END IF;
  INSERT INTO public.permissions_signintry (mark, at) VALUES (f[3], clock_timestamp());
  RETURN true;
END $$;
CREATE OR REPLACE FUNCTION lock.forget_sign_in(token text, mac bytea) RETURNS boolean LANGUAGE plpgsql {_DEFINER} AS $$
DECLARE
  f text[] := string_to_array(token, '|');
BEGIN
  IF NOT lock.is_signed(token, mac, 'forget_sign_in') THEN
    RAISE insufficient_privilege USING MESSAGE = 'the try is not signed';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('sign-in'), hashtext(f[3]));
  DELETE FROM public.permissions_signintry t WHERE t.id = (
    SELECT max(o.id) FROM public.permissions_signintry o WHERE o.mark = f[3]);
  RETURN FOUND;
END $$;
"""
"""Tries to sign in, by a mark of address, name or device: counted for all processes, before a password is looked at."""
SIGN_IN_CALLS = "lock.try_sign_in(text, bytea), lock.forget_sign_in(text, bytea)"
PRIVILEGES = f"""
REVOKE ALL ON FUNCTION lock.act_as(text, bytea, uuid, boolean, uuid, text), lock.keep_answer(uuid, uuid, text[]),
  lock.mode(), lock.settled(), lock.is_signed(text, bytea, text), {SESSION_CALLS}, {FACTOR_CALLS},
  {SIGN_IN_CALLS} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock.mode() TO {OWNER};
GRANT EXECUTE ON FUNCTION lock.act_as(text, bytea, uuid, boolean, uuid, text), lock.keep_answer(uuid, uuid, text[]),
  lock.mode(), {SESSION_CALLS}, {FACTOR_CALLS}, {SIGN_IN_CALLS} TO {APP};
"""
SETTLED = """
CREATE OR REPLACE TRIGGER settled BEFORE UPDATE OR DELETE ON lock.installation FOR EACH ROW EXECUTE FUNCTION lock.settled();
"""

REPLACE = (
    f"SET ROLE {KEEPER}; DROP FUNCTION IF EXISTS lock.act_as(text, bytea, boolean);"
    + ACT_AS
    + INSTALLATION
    + SIGNED
    + SESSIONS
    + FACTORS
    + SIGN_INS
    + SETTLED
    + PRIVILEGES
    + "RESET ROLE;"
)
"""Brings the functions and their privileges up to date; run at every `prepare`."""


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and outer pad of an HMAC-SHA-256 key, as the database keeps them."""
    block = key.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
