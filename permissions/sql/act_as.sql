-- The start of an act: fills the acting context of a transaction (audit/sql/acting_context.sql) with what the application
-- signed, once it is proven that the signature is ours, that it was made for this connection, that it was not used before
-- and that the membership runs. An identity that is forged, copied or out of date shows nothing
-- (docs/decisions/0003-lock.md).
-- In the same statement an operation that is done once is stored, or its first answer given back, and the case of what is
-- worked on is held until the act ends (docs/decisions/0013-stored.md).
--
-- Made by: keeper
-- May call, app: lock.act_as, lock.store_answer
-- Touches: lock.acting, public.casework_operation, public.permissions_agency,
--   public.permissions_membership, public.permissions_user

CREATE OR REPLACE FUNCTION lock.act_as(token text, mac bytea, holds uuid DEFAULT NULL, once boolean DEFAULT false,
  about uuid DEFAULT NULL, asked text DEFAULT NULL, OUT moment timestamptz, OUT is_first boolean,
  OUT is_same boolean, OUT answer jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  who lock.acting := jsonb_populate_record(NULL::lock.acting, lock.said(token, mac, 'identity'));
  o record;
BEGIN
  IF who.pid IS DISTINCT FROM pg_backend_pid() THEN
    RAISE insufficient_privilege USING MESSAGE = 'the identity belongs to another connection';
  END IF;
  IF EXISTS (SELECT 1 FROM pg_cursors c WHERE c.is_holdable) THEN
    RAISE insufficient_privilege USING MESSAGE = 'somebody before left a cursor on this connection';
  END IF;
  who.xact := pg_current_xact_id();
  who.moment := lock.told_moment(who.moment);
  IF who.membership IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM public.permissions_membership m JOIN public.permissions_user u ON u.id = m.user_id
      JOIN public.permissions_agency a ON a.group_id = m.agency_id
    WHERE m.id = who.membership AND m.user_id = who.person AND m.agency_id = who.agency AND who.role = ANY (m.roles)
      AND u.is_active AND a.is_active
      AND m.starts_at <= who.moment AND (m.ends_at IS NULL OR m.ends_at > who.moment)
  ) THEN
    RAISE insufficient_privilege USING MESSAGE = 'the membership does not run';
  END IF;
  INSERT INTO lock.acting AS a SELECT who.*
  ON CONFLICT (pid) DO UPDATE SET xact = excluded.xact, nonce = excluded.nonce, person = excluded.person,
    agency = excluded.agency, membership = excluded.membership, role = excluded.role, action = excluded.action,
    purpose = excluded.purpose, basis = excluded.basis, operation = excluded.operation, moment = excluded.moment,
    strength = excluded.strength, client = excluded.client, trace = excluded.trace, policy = excluded.policy,
    on_behalf_of = excluded.on_behalf_of
    WHERE a.nonce < excluded.nonce AND (a.xact <> excluded.xact OR a.person IS NULL);
  IF NOT FOUND THEN
    RAISE insufficient_privilege USING MESSAGE = 'the identity was used before, or somebody acts already';
  END IF;
  moment := who.moment;
  is_first := true;
  is_same := true;
  IF once OR holds IS NOT NULL THEN
    SET LOCAL lock_timeout = '8s';
  END IF;
  IF once THEN
    -- Here this act waits for the same operation in another transaction, before it holds anything else.
    INSERT INTO public.casework_operation (id, made_at, action, target, fingerprint)
      VALUES (who.operation, who.moment, who.action, about, coalesce(asked, '')) ON CONFLICT DO NOTHING;
    is_first := FOUND;
    IF NOT is_first THEN
      SELECT * INTO o FROM public.casework_operation x WHERE x.id = who.operation;
      is_same := o.action = who.action AND o.target IS NOT DISTINCT FROM about AND o.fingerprint = coalesce(asked, '');
      IF is_same THEN
        answer := jsonb_build_object('case', o.answered_case, 'id', o.answered_id, 'made', o.made);
        -- This makes the commit wait for the standby too, so that the answer means that the first one is stored there.
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

CREATE OR REPLACE FUNCTION lock.store_answer(in_case uuid, key uuid, things text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.casework_operation o SET answered_case = in_case, answered_id = key, made = things FROM lock.acting a
    WHERE o.id = a.operation AND o.made IS NULL AND a.pid = pg_backend_pid() AND a.person IS NOT NULL
    AND a.xact = pg_current_xact_id_if_assigned();
END $$;
