-- Which addresses and whose contacts are secret. Where one is recorded again as secret, in whatever form, the earlier
-- row is secret too. Whoever calls it reads what they may read; an address is compared by its keys
-- (casework/input/addresses.py).
--
-- Made by: keeper
-- May call, app: lock.contact_keys, lock.marked_secret
-- Touches: public.casework_personincase, public.casework_premises

-- By what a contact is compared: its words, and each address of mail and each telephone number in them, however
-- written. A number of the Netherlands has one key with +31, 0031 or 0 before it; one of another country with + or
-- 00.
CREATE OR REPLACE FUNCTION lock.contact_keys(said text) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  WITH plain AS (SELECT lower(normalize(said, NFKC)) AS words),
  run AS (SELECT regexp_replace(m[1], '[^0-9]', '', 'g') AS digits
    FROM plain, regexp_matches(words, '[0-9](?:[^0-9[:alpha:]@+,;|&]{0,4}[0-9]){6,}', 'g') AS m),
  number AS (SELECT digits FROM run UNION SELECT m[1]
    FROM run, regexp_matches(digits, '(?:00)?(?:310?|0)[1-9][0-9]{8}', 'g') AS m WHERE length(digits) > 15)
  SELECT array_agg(found.key) FROM (
    SELECT 'said:' || regexp_replace(words, '\s', '', 'g') AS key FROM plain
    UNION SELECT 'mail:' || btrim(m[1], '.') FROM plain, regexp_matches(words, '[^\s<>,;:()"]+@[^\s<>,;:()"]+', 'g') AS m
    UNION SELECT 'tel:' || regexp_replace(regexp_replace(digits, '^00', ''), '^(?:310?|0)(?=[1-9][0-9]{8}$)', '')
      FROM number
  ) found WHERE lock.person() IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION lock.marked_secret(of_case uuid, of_agency int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN QUERY WITH RECURSIVE known AS (
    SELECT p.id, p.is_secret, CASE WHEN p.address_keys <> '{}' THEN p.address_keys
      ELSE ARRAY[regexp_replace(lower(concat_ws('|', p.street, p.number, p.postcode, p.town)), '\s', '', 'g')] END AS keys
      FROM public.casework_premises p WHERE p.case_id = of_case AND p.agency_id = of_agency
    UNION ALL SELECT p.id, p.contact_is_secret, lock.contact_keys(p.contact)
      FROM public.casework_personincase p WHERE p.case_id = of_case AND p.agency_id = of_agency AND p.contact <> ''),
  hidden AS (SELECT k.id, k.keys FROM known k WHERE k.is_secret
    UNION SELECT k.id, k.keys FROM known k JOIN hidden h ON k.keys && h.keys)
  SELECT DISTINCT h.id FROM hidden h;
END $$;
