-- A salted commitment of one value of one column: it reveals nothing without its salt, and is checked with it.
--
-- Made by: keeper
-- May call, owner: trail.commitment
-- Touches: nothing

CREATE OR REPLACE FUNCTION trail.commitment(salt text, name text, value text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(decode(salt, 'hex') || convert_to(
    length(name) || ':' || name || CASE WHEN value IS NULL THEN '~' ELSE '=' || length(value) || ':' || value END,
    'UTF8')), 'base64')
$$;
