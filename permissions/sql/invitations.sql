-- The link with which somebody who was added sets their password: found by its hash, where the application signed that
-- it asks, and used once, in the sign-in act of the person whom it is for.
--
-- Made by: keeper
-- May call, app: lock.invitation, lock.use_invitation
-- Touches: public.permissions_agency, public.permissions_invitation, public.permissions_membership,
--   public.permissions_user

CREATE OR REPLACE FUNCTION lock.invitation(token text, mac bytea) RETURNS TABLE (person bigint, membership uuid,
  username text, full_name text, agency text, state text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said_now(token, mac, 'invitation');
BEGIN
  RETURN QUERY SELECT u.id, m.id, u.username::text, u.full_name::text, a.name::text,
    CASE WHEN i.used_at IS NOT NULL THEN 'used'
      WHEN i.withdrawn_at IS NOT NULL THEN 'withdrawn'
      WHEN NOT u.is_active OR NOT a.is_active OR (m.ends_at IS NOT NULL AND m.ends_at <= now()) THEN 'withdrawn'
      WHEN i.expires_at <= now() THEN 'expired' ELSE 'open' END
    FROM public.permissions_invitation i JOIN public.permissions_membership m ON m.id = i.membership_id
    JOIN public.permissions_user u ON u.id = m.user_id JOIN public.permissions_agency a ON a.group_id = i.agency_id
    WHERE i.token_hash = said->>'hash';
END $$;

CREATE OR REPLACE FUNCTION lock.use_invitation(hashed text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(lock.action(), '') <> 'record_sign_in' OR coalesce(lock.role(), '') <> 'sign_in' THEN
    RAISE insufficient_privilege USING MESSAGE = 'a link is used by signing in';
  END IF;
  UPDATE public.permissions_invitation i SET used_at = lock.current_moment()
    FROM public.permissions_membership m JOIN public.permissions_user u ON u.id = m.user_id
    WHERE i.token_hash = hashed AND m.id = i.membership_id AND m.user_id = lock.person() AND u.is_active
    AND i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > lock.current_moment()
    AND (m.ends_at IS NULL OR m.ends_at > lock.current_moment()) AND u.password LIKE '!%';
  RETURN FOUND;
END $$;
