-- Who belongs to an organisation changes as the law says and in no other way, whatever the application asks: by one of its
-- administrators, never about themselves, and where a role is given that takes two people, by the second of them.
-- Every change of a membership rests on a stored change (permissions_memberchange) that took effect at the same moment.
--
-- Made by: keeper
-- May call, app: lock.hold_people, lock.add_person, lock.has_sign_in_name
-- May call, owner: lock.fair_membership, lock.fair_change, lock.fair_invitation
-- May call, nobody: lock.manages_people
-- Touches: public.permissions_agency, public.permissions_memberchange, public.permissions_membership,
--   public.permissions_user

-- Holds the agency, so that two administrators change its people one after the other, and answers whether who acts is
-- still one of its administrators after that wait.
CREATE OR REPLACE FUNCTION lock.hold_people() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM 1 FROM public.permissions_agency a WHERE a.group_id = lock.agency() FOR NO KEY UPDATE;
  RETURN lock.manages_people(lock.agency());
END $$;

CREATE OR REPLACE FUNCTION lock.manages_people(of_agency int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN coalesce(lock.action(), '') = 'manage_people' AND lock.agency() IS NOT DISTINCT FROM of_agency
    AND coalesce(lock.role(), '') = ANY (lock.people_managers()) AND EXISTS (
    SELECT 1 FROM public.permissions_membership m WHERE m.user_id = lock.person() AND m.agency_id = of_agency
    AND lock.role() = ANY (m.roles) AND m.starts_at <= lock.current_moment()
    -- By the clock of now: who waited here while a colleague ended this very membership is no administrator any more.
    AND (m.ends_at IS NULL OR m.ends_at > lock.real_moment(lock.current_moment())));
END $$;

-- Whether somebody, here or elsewhere, signs in under this name already; who adds another waits until this act ends.
CREATE OR REPLACE FUNCTION lock.has_sign_in_name(said text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT lock.manages_people(lock.agency()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'people are added by an administrator';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('add-person'), hashtext(upper(said)));
  RETURN EXISTS (SELECT 1 FROM public.permissions_user u WHERE upper(u.username) = upper(said));
END $$;

-- Adds a person without a password and answers their id; nothing where somebody signs in under this name already.
CREATE OR REPLACE FUNCTION lock.add_person(sign_in_name text, called text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE made int;
BEGIN
  IF lock.has_sign_in_name(sign_in_name) THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.permissions_user (username, email, full_name, is_active, is_system, is_superuser, language, password)
    VALUES (sign_in_name, '', called, true, false, false, 'nl', '!' || replace(gen_random_uuid()::text, '-', ''))
    RETURNING id INTO made;
  RETURN made;
END $$;

CREATE OR REPLACE FUNCTION lock.fair_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held text[] := coalesce((SELECT m.roles::text[] FROM public.permissions_membership m
    WHERE m.id = NEW.membership_id), '{}');
  gained text[] := ARRAY(SELECT unnest(NEW.roles::text[]) EXCEPT SELECT unnest(held));
BEGIN
  IF NOT lock.manages_people(NEW.agency_id) THEN
    RAISE insufficient_privilege USING MESSAGE = 'people are changed by an administrator of their organisation';
  END IF;
  IF EXISTS (SELECT 1 FROM public.permissions_membership m WHERE m.id = NEW.membership_id
      AND (m.agency_id <> NEW.agency_id OR m.user_id IS DISTINCT FROM NEW.person_id))
    OR (NEW.person_id = lock.person() AND NEW.withdrawn_at IS NULL)
    OR (NEW.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.permissions_membership m
      WHERE m.user_id = NEW.person_id AND m.agency_id = NEW.agency_id)) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody changes what they are themselves, nor who belongs elsewhere';
  END IF;
  IF TG_OP = 'UPDATE' AND (OLD.done_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL) THEN
    RAISE insufficient_privilege USING MESSAGE = 'this change was settled before';
  END IF;
  IF NEW.done_at IS NOT NULL AND (NEW.done_at <> lock.current_moment() OR NEW.withdrawn_at IS NOT NULL
      OR (gained && lock.given_by_two() AND NEW.confirmed_by_id IS DISTINCT FROM lock.person())) THEN
    RAISE insufficient_privilege USING MESSAGE = 'this role takes two people';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION lock.fair_membership() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE c record;
BEGIN
  -- What an installation is given comes with the action `migrate`; no other act reaches this table (permissions/people.py).
  IF coalesce(lock.action(), '') <> 'manage_people' THEN
    RETURN NEW;
  END IF;
  IF NOT lock.hold_people() OR NEW.agency_id <> lock.agency() OR NEW.user_id = lock.person() THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody changes what they are themselves, nor who belongs elsewhere';
  END IF;
  SELECT * INTO c FROM public.permissions_memberchange x
    WHERE x.membership_id = NEW.id AND x.agency_id = NEW.agency_id AND x.done_at = lock.current_moment()
    AND lock.person() IN (x.asked_by_id, x.confirmed_by_id);
  IF NOT FOUND THEN
    RAISE insufficient_privilege USING MESSAGE = 'a membership changes by a stored change alone';
  END IF;
  -- Somebody who is added belongs nowhere yet: nobody takes a person of another organisation into their own.
  IF TG_OP = 'INSERT' AND c.kind = 'join' AND NEW.roles::text[] = c.roles::text[] AND NEW.ends_at IS NULL
      AND (NEW.user_id = c.person_id OR (c.person_id IS NULL AND NOT EXISTS (
        SELECT 1 FROM public.permissions_membership m WHERE m.user_id = NEW.user_id))) THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.ends_at IS NULL AND ((c.kind = 'roles' AND NEW.roles::text[] = c.roles::text[]
      AND NEW.ends_at IS NULL) OR (c.kind = 'end' AND NEW.roles = OLD.roles AND NEW.ends_at = c.done_at)) THEN
    RETURN NEW;
  END IF;
  RAISE insufficient_privilege USING MESSAGE = 'this is not what the stored change says';
END $$;

-- A link is made for a member who never set a password, and holds three days: it is no way to take over a sign-in.
CREATE OR REPLACE FUNCTION lock.fair_invitation() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT lock.manages_people(NEW.agency_id) OR NEW.made_by_id <> lock.person()
    OR NEW.expires_at > lock.current_moment() + make_interval(hours => lock.invited_hours()) OR NOT EXISTS (
    SELECT 1 FROM public.permissions_membership m JOIN public.permissions_user u ON u.id = m.user_id
    WHERE m.id = NEW.membership_id AND m.agency_id = NEW.agency_id AND m.user_id <> lock.person() AND u.is_active
    AND u.password LIKE '!%' AND (m.ends_at IS NULL OR m.ends_at > lock.current_moment())) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody can be invited so';
  END IF;
  RETURN NEW;
END $$;
