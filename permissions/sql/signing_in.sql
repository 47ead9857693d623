-- Who somebody is while nobody acts yet: one person by the name they typed or the id in their session, and their
-- memberships, where the application signed that it asks. No other function answers the hash of a password.
--
-- Made by: keeper
-- May call, app: lock.signing_in, lock.memberships
-- Touches: public.permissions_agency, public.permissions_membership, public.permissions_user

CREATE OR REPLACE FUNCTION lock.signing_in(token text, mac bytea) RETURNS SETOF public.permissions_user
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said_now(token, mac, 'sign_in');
  called text := said->>'name';
BEGIN
  RETURN QUERY SELECT u.* FROM public.permissions_user u WHERE u.id = (said->>'person')::int
    OR (said->>'person' IS NULL AND upper(u.username) = upper(called)) ORDER BY u.username = called DESC, u.id LIMIT 1;
END $$;

CREATE OR REPLACE FUNCTION lock.memberships(token text, mac bytea) RETURNS TABLE (id uuid, agency_id int,
  roles text[], runs boolean, starts_at timestamptz, name text, language text, hash text, kind text, agency text,
  controller text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  said jsonb := lock.said_now(token, mac, 'memberships');
BEGIN
  RETURN QUERY SELECT m.id, m.agency_id, m.roles::text[],
      m.starts_at <= now() AND (m.ends_at IS NULL OR m.ends_at > now()) AND u.is_active AND a.is_active, m.starts_at,
      u.full_name::text, u.language::text, u.password::text, a.kind::text, a.name::text, a.controller::text
    FROM public.permissions_membership m JOIN public.permissions_user u ON u.id = m.user_id
    JOIN public.permissions_agency a ON a.group_id = m.agency_id
    WHERE m.user_id = (said->>'person')::int ORDER BY m.starts_at, m.id;
END $$;
