-- A refused try is placed at the case and agency of what was tried, whatever kind of thing that is, at the same cost
-- whether it is there: by the rows that lie nearest (reach_case.sql).
--
-- All kinds but cases are looked through as one list in order of their ids. To find which row of it lies nearest, the
-- nearest of each kind is read, so that all of them are read whichever it is; the plan is always the same, as one that
-- is made for a value reads the ends of the indexes.
--
-- Made by: keeper
-- May call, owner: lock.place_try
-- May call, nobody: lock.owned
-- Touches: public.casework_absence, public.casework_advice, public.casework_agencyrecord, public.casework_approval,
--   public.casework_case, public.casework_citizennumber, public.casework_correction, public.casework_correctionnews,
--   public.casework_criterion, public.casework_deadline, public.casework_disclosure, public.casework_emergency,
--   public.casework_finding, public.casework_handoff, public.casework_household, public.casework_knowncheck,
--   public.casework_nametoken, public.casework_note, public.casework_notice, public.casework_outbox,
--   public.casework_packageitem, public.casework_personincase, public.casework_premises,
--   public.casework_reassignment, public.casework_review, public.casework_source, public.casework_steptaken,
--   public.casework_storedfact, public.casework_track, public.casework_visit, public.casework_wall,
--   public.permissions_basisconfirmation, public.permissions_invitation, public.permissions_memberchange,
--   public.permissions_membership, public.permissions_partnershipdecision, public.permissions_sharingagreement

-- Everything that has an owner, except cases; an export goes by the id of its review.
CREATE OR REPLACE FUNCTION lock.owned() RETURNS TABLE (id uuid, case_id uuid, agency_id int)
LANGUAGE sql STABLE AS $$
  SELECT x.id, x.case_id, x.agency_id FROM public.casework_track x
  UNION ALL SELECT x.id, x.case_id, x.sender_id FROM public.casework_handoff x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_emergency x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_finding x
  UNION ALL SELECT x.id, NULL::uuid, x.agency_id FROM public.casework_review x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_knowncheck x
  UNION ALL SELECT x.id, NULL::uuid, x.sender_id FROM public.permissions_sharingagreement x
  UNION ALL SELECT x.id, NULL::uuid, x.agency_id FROM public.permissions_partnershipdecision x
  UNION ALL SELECT x.id, NULL::uuid, x.agency_id FROM public.permissions_basisconfirmation x
  UNION ALL SELECT x.id, NULL::uuid, x.agency_id FROM public.permissions_membership x
  UNION ALL SELECT x.id, NULL::uuid, x.agency_id FROM public.permissions_memberchange x
  UNION ALL SELECT x.id, NULL::uuid, x.agency_id FROM public.permissions_invitation x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_approval x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_wall x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_agencyrecord x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_note x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_personincase x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_premises x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_household x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_source x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_citizennumber x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_nametoken x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_correction x
  UNION ALL SELECT x.id, x.case_id, x.sender_id FROM public.casework_correctionnews x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_steptaken x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_criterion x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_visit x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_storedfact x
  UNION ALL SELECT x.id, x.case_id, x.sender_id FROM public.casework_packageitem x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_disclosure x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_deadline x
  UNION ALL SELECT x.id, x.case_id, x.agency_id FROM public.casework_notice x
  UNION ALL SELECT x.id, NULL::uuid, x.agency_id FROM public.casework_advice x
  UNION ALL SELECT x.id, NULL::uuid, x.agency_id FROM public.casework_outbox x
  UNION ALL SELECT x.id, NULL::uuid, x.agency_id FROM public.casework_absence x
  UNION ALL SELECT x.id, NULL::uuid, x.agency_id FROM public.casework_reassignment x
$$;

CREATE OR REPLACE FUNCTION lock.place_try() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  what uuid;
  t record; c record; o record;
BEGIN
  IF NEW.object_pk = '' THEN
    RETURN NEW;
  END IF;
  what := NEW.object_pk::uuid;
  IF what < '80000000-0000-4000-8000-000000000000' THEN
    SELECT x.id, x.case_id, x.agency_id INTO t FROM lock.owned() x WHERE x.id >= what ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.id, x.case_id, x.agency_id INTO t FROM lock.owned() x WHERE x.id <= what ORDER BY x.id DESC LIMIT 1;
  END IF;
  IF what < '80000000-0000-4000-8000-000000000000' THEN
    SELECT x.id INTO c FROM public.casework_case x WHERE x.id >= what ORDER BY x.id LIMIT 1;
  ELSE
    SELECT x.id INTO c FROM public.casework_case x WHERE x.id <= what ORDER BY x.id DESC LIMIT 1;
  END IF;
  -- A case is a shell: the record with which it began says whose it is.
  SELECT x.agency_id INTO o FROM public.casework_agencyrecord x WHERE x.case_id = c.id
    ORDER BY x.made_at, x.agency_id LIMIT 1;
  IF t.id = what THEN
    NEW.case_id := t.case_id; NEW.record_agency_id := t.agency_id;
  ELSIF c.id = what THEN
    NEW.case_id := c.id; NEW.record_agency_id := o.agency_id;
  END IF;
  RETURN NEW;
END $$;
