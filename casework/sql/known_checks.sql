-- Whether somebody is known to another agency: asked of every agency where somebody alike is recorded, without a word
-- of whether there was one.
--
-- Who asked reads an answer only where an owner lets them: that somebody is known and that they are to call. Any other
-- answer, and none, look alike to them.
--
-- Made by: keeper
-- May call, app: lock.ask_known, lock.told_of_known
-- Touches: public.casework_knowncheck, public.casework_nametoken

CREATE OR REPLACE FUNCTION lock.ask_known(new_id uuid, lows text[], highs text[], why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF lock.action() IS DISTINCT FROM 'check_known' OR NOT lock.role() = ANY (lock.known_checkers()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody asks whether a person is known';
  END IF;
  -- One question for each person of each agency who may be meant, in their newest case: two people of the same names and
  -- birth date are two until the owner says who it is.
  INSERT INTO public.casework_knowncheck (id, case_id, agency_id, asker_id, asker_agency_id, reason, made_at, answer,
      answer_reason)
    SELECT DISTINCT ON (t.agency_id, p.called) md5(new_id::text || t.agency_id || p.called)::uuid, t.case_id, t.agency_id,
      lock.person(), lock.agency(), why, lock.current_moment(), '', ''
    FROM unnest(lows, highs) AS asked (low, high)
    JOIN public.casework_nametoken t ON t.kind = 'alike' AND t.token >= asked.low AND t.token <= asked.high
    CROSS JOIN LATERAL (SELECT coalesce(max(i.token) FILTER (WHERE i.kind = 'identity'), max(i.token)) AS called
      FROM public.casework_nametoken i WHERE i.person_id = t.person_id AND i.kind IN ('identity', 'alike')) p
    WHERE t.agency_id <> lock.agency()
    ORDER BY t.agency_id, p.called, t.made_at DESC
    ON CONFLICT DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION lock.told_of_known(since timestamptz, before_at timestamptz, before_id uuid)
RETURNS TABLE (owner int, asked_at timestamptz, answered_at timestamptz, words text, check_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT coalesce(lock.role(), '') = ANY (lock.known_checkers()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'nobody asks whether a person is known';
  END IF;
  RETURN QUERY SELECT k.agency_id, k.made_at, k.answered_at, k.answer_reason::text, k.id
    FROM public.casework_knowncheck k
    WHERE k.asker_id = lock.person() AND k.asker_agency_id = lock.agency() AND k.answer = 'contact_us'
    AND k.answered_at > coalesce(since, '-infinity')
    AND (before_id IS NULL OR (k.answered_at, k.id) < (before_at, before_id))
    ORDER BY k.answered_at DESC, k.id DESC;
END $$;
