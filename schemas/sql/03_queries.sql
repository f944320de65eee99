-- What auditors and the query service ask. Dates are China's (UTC+8).

CREATE OR REPLACE FUNCTION history.china_date(at timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT ((at AT TIME ZONE 'UTC') + interval '8 hours')::date $$;

-- The pseudonyms of one subject, this one with them: those that were found to be the same by then (LINK), to and fro.
CREATE OR REPLACE FUNCTION history.pseudonyms(of_subject bytea, known timestamptz DEFAULT 'infinity') RETURNS bytea[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE one (subject) AS (
        SELECT of_subject
        UNION
        SELECT linked.subject FROM one, LATERAL (
            SELECT decode(l.body ->> 'from', 'hex') AS subject FROM history.events l
            WHERE l.subject = one.subject AND l.kind = 'Linked' AND l.verdict = 'OK' AND l.known_at <= known
            UNION ALL
            SELECT l.subject FROM history.events l
            WHERE l.kind = 'Linked' AND l.body ->> 'from' = encode(one.subject, 'hex') AND l.verdict = 'OK'
              AND l.known_at <= known) AS linked)
    SELECT array_agg(one.subject ORDER BY one.subject) FROM one
$$;

-- What was in force for a subject at valid_at, as it was known at known_at (both inclusive; 'infinity': now). An entry
-- that was recalled by then never was (I-RECALL); one whose term is over is out whether or not its expiry had been
-- written (I-EXPIRY); of two ends the earlier counts: a later version that shortened a term did so from the beginning.
-- One subject, one status: under each of its pseudonyms the history of all of them; that an entry left one for another
-- ended nothing. `until` is the first day on which it no longer stands.
CREATE OR REPLACE FUNCTION history.status_as_of(of_subject bytea, valid_at timestamptz DEFAULT 'infinity',
    known timestamptz DEFAULT 'infinity')
RETURNS TABLE (kind text, id text, version integer, code text, state text, direction text, grade text, role text,
    department text, document text, basis text, starts_on date, until date, review_on date, marked boolean,
    measures text[], pack text, decision_table text, rule text, effective timestamptz, known_at timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH one AS MATERIALIZED (SELECT history.pseudonyms(of_subject, known) AS subjects),
    e AS (
        SELECT x.*, row_number() OVER (PARTITION BY x.entry ORDER BY x.generation, x.known_at, x.arrived, x.origin_partition,
            x.origin_offset, x.origin_index, x.number) AS place
        FROM (SELECT y.*, bool_or(y.cause = 'LINKED' AND y.from_state = 'NONE') OVER (PARTITION BY y.entry, y.subject) AS arrived
              FROM history.entries y, one WHERE y.subject = ANY (one.subjects) AND y.known_at <= known) AS x
        WHERE NOT (x.cause = 'LINKED' AND x.state = 'REMOVED')),
    e_last AS (SELECT DISTINCT ON (e.entry) e.* FROM e ORDER BY e.entry, e.place DESC),
    e_then AS (SELECT DISTINCT ON (e.entry) e.* FROM e WHERE e.effective <= valid_at ORDER BY e.entry, e.place DESC),
    r AS (
        SELECT x.*, row_number() OVER (PARTITION BY x.department, x.event_id ORDER BY x.generation, x.known_at, x.arrived,
            x.origin_partition, x.origin_offset, x.origin_index, x.number) AS place
        FROM (SELECT y.*, bool_or(y.cause = 'LINKED' AND y.from_state = 'NONE')
                  OVER (PARTITION BY y.department, y.event_id, y.subject) AS arrived
              FROM history.records y, one WHERE y.subject = ANY (one.subjects) AND y.known_at <= known) AS x
        WHERE NOT (x.cause = 'LINKED' AND x.state = 'REMOVED')),
    r_last AS (SELECT DISTINCT ON (r.department, r.event_id) r.* FROM r ORDER BY r.department, r.event_id, r.place DESC),
    r_then AS (SELECT DISTINCT ON (r.department, r.event_id) r.* FROM r WHERE r.effective <= valid_at
        ORDER BY r.department, r.event_id, r.place DESC)
    SELECT 'entry', t.entry, t.version, t.list, t.state, NULL, t.grade, t.role, t.department, t.document_number,
        t.legal_basis, t.starts_on, least(t.until, l.until), t.review_on,
        EXISTS (SELECT FROM json_array_elements(t.marks) m WHERE (m ->> 'open')::boolean),
        t.measures, encode(t.pack, 'hex'), NULL, NULL, t.effective, t.known_at
    FROM e_then t JOIN e_last l USING (entry)
    WHERE t.state IN ('IN_FORCE', 'SUSPENDED') AND l.state <> 'RECALLED'
      AND (least(t.until, l.until) IS NULL OR valid_at < 'infinity' AND history.china_date(valid_at) < least(t.until, l.until)
           OR valid_at = 'infinity' AND l.state IN ('IN_FORCE', 'SUSPENDED'))
    UNION ALL
    SELECT 'record', t.event_id, t.version, t.item, t.state, t.direction, t.grade, 'SUBJECT', t.department,
        t.document_number, t.legal_basis, t.document_date, least(t.display_until, l.display_until) + 1, NULL,
        EXISTS (SELECT FROM json_array_elements(t.marks) m WHERE (m ->> 'open')::boolean),
        t.measures, encode(t.pack, 'hex'), t.decision_table, t.rule, t.effective, t.known_at
    FROM r_then t JOIN r_last l USING (department, event_id)
    WHERE t.state = 'IN_FORCE' AND l.state <> 'RECALLED' AND t.display_until IS NOT NULL
      AND (valid_at < 'infinity' AND history.china_date(valid_at) <= least(t.display_until, l.display_until)
           OR valid_at = 'infinity' AND l.state = 'IN_FORCE')
    ORDER BY 1, 9, 2
$$;

-- --- explain: JSON for one row each ---------------------------------------------------------------------

CREATE OR REPLACE FUNCTION history.event_json(e history.events) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object(
        'origin', format('%s.%s.%s', e.origin_partition, e.origin_offset, e.origin_index), 'kind', e.kind,
        'department', e.department, 'event_id', e.event_id, 'verdict', e.verdict, 'known_at', e.known_at,
        'effective', e.effective, 'issued_at', e.issued_at, 'happened_on', e.happened_on, 'jurisdiction', e.jurisdiction,
        'document', CASE WHEN e.document_number IS NOT NULL THEN jsonb_build_object('number', e.document_number,
            'date', e.document_date, 'issuing_body', e.issuing_body, 'legal_basis', e.legal_basis) END,
        'official', CASE WHEN e.official_role IS NOT NULL THEN jsonb_build_object('role', e.official_role,
            'number', e.official_number) END,
        'inbound', CASE WHEN e.inbound_offset IS NOT NULL THEN jsonb_build_object('partition', e.inbound_partition,
            'offset', e.inbound_offset) END,
        'derived_from', CASE WHEN e.cause_offset IS NOT NULL THEN
            format('%s.%s.%s', e.cause_partition, e.cause_offset, e.cause_index) END,
        'classification', CASE WHEN e.pack IS NOT NULL THEN jsonb_build_object('direction', e.direction, 'grade', e.grade,
            'category', e.category, 'list', e.list_candidate, 'display_until', e.display_until, 'pack', encode(e.pack, 'hex'),
            'table', e.decision_table, 'rule', e.rule, 'basis', e.basis, 'measures', e.measures) END,
        'body', e.body::jsonb))
$$;

CREATE OR REPLACE FUNCTION history.entry_json(e history.entries) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('entry', e.entry, 'version', e.version, 'list', e.list, 'cause', e.cause,
        'from', e.from_state, 'to', e.state, 'known_at', e.known_at, 'effective', e.effective,
        'origin', format('%s.%s.%s', e.origin_partition, e.origin_offset, e.origin_index), 'department', e.department,
        'document', jsonb_build_object('number', e.document_number, 'date', e.document_date,
            'issuing_body', e.issuing_body, 'legal_basis', e.legal_basis),
        'grade', e.grade, 'category', e.category, 'case', e.case_number, 'role', e.role, 'act_on', e.act_on,
        'starts_on', e.starts_on, 'until', e.until, 'review_on', e.review_on, 'window_ends', e.window_ends,
        'ended_on', e.ended_on, 'ended_by', nullif(e.ended_by, ''), 'provisional', e.provisional, 'measures', e.measures,
        'pack', encode(e.pack, 'hex'), 'suspensions', e.suspensions::jsonb, 'marks', e.marks::jsonb,
        'statements', e.statements::jsonb))
$$;

CREATE OR REPLACE FUNCTION history.record_json(r history.records) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('event_id', r.event_id, 'version', r.version, 'item', r.item,
        'cause', r.cause, 'from', r.from_state, 'to', r.state, 'known_at', r.known_at, 'effective', r.effective,
        'origin', format('%s.%s.%s', r.origin_partition, r.origin_offset, r.origin_index), 'department', r.department,
        'document', jsonb_build_object('number', r.document_number, 'date', r.document_date,
            'issuing_body', r.issuing_body, 'legal_basis', r.legal_basis),
        'act_on', r.act_on, 'amount', r.amount, 'inputs', r.facts::jsonb, 'roles', r.roles::jsonb,
        'direction', r.direction, 'grade', r.grade, 'category', r.category, 'list', r.list_candidate,
        'display_until', r.display_until, 'pack', encode(r.pack, 'hex'), 'table', r.decision_table, 'rule', r.rule,
        'basis', r.basis, 'marks', r.marks::jsonb, 'ended_on', r.ended_on))
$$;

-- A notice, and what its addressee answered.
CREATE OR REPLACE FUNCTION history.notice_json(n history.notices) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('notice', n.notice, 'department', n.department, 'kind', n.kind,
        'known_at', n.known_at, 'cause', n.cause, 'measure_id', nullif(n.measure_id, ''), 'measure', nullif(n.measure, ''),
        'measure_kind', n.measure_kind, 'basis', n.basis, 'entry', nullif(n.entry, ''), 'list', nullif(n.list, ''),
        'role', n.role, 'deciding_department', n.deciding_department, 'document', n.document, 'starts_on', n.starts_on,
        'until', n.until, 'review_on', n.review_on, 'respond_by', n.respond_by, 'pack', encode(n.pack, 'hex'),
        'answers', (SELECT jsonb_agg(jsonb_build_object('event_id', e.event_id, 'outcome', e.body ->> 'outcome',
                'on', e.body ->> 'on', 'known_at', e.known_at, 'verdict', e.verdict)
                ORDER BY e.known_at, e.origin_partition, e.origin_offset)
            FROM history.events e
            WHERE e.subject = ANY (history.pseudonyms(n.subject)) AND e.kind = 'MeasureFeedback' AND n.measure_id <> ''
              AND e.department = n.department AND e.body ->> 'measure' = n.measure_id)))
$$;

-- --- explain: the chains --------------------------------------------------------------------------------

-- A list entry: the records it rests on, each event that touched it, its transitions, who was told and what they answered.
CREATE OR REPLACE FUNCTION history.explain_entry(of_generation integer, of_entry text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part  text[] := regexp_match(of_entry, '^e\.(\d{1,9})\.(\d{1,18})\.(\d{1,9})$');
    first history.entries;
    last  history.entries;
    all_of bytea[]; -- its pseudonyms: an entry opened under one goes on under another
BEGIN
    SELECT * INTO first FROM history.entries e WHERE e.generation = of_generation AND e.origin_partition = part[1]::integer
        AND e.origin_offset = part[2]::bigint AND e.entry = of_entry ORDER BY e.origin_index, e.number LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    all_of := history.pseudonyms(first.subject);
    SELECT * INTO last FROM history.entries e WHERE e.subject = ANY (all_of) AND e.generation = of_generation
        AND e.entry = of_entry AND NOT (e.cause = 'LINKED' AND e.state = 'REMOVED')
        ORDER BY e.known_at DESC, e.subject <> first.subject DESC, e.origin_partition DESC, e.origin_offset DESC, e.origin_index DESC, e.number DESC LIMIT 1;
    RETURN jsonb_build_object('id', of_entry, 'kind', 'entry', 'subject', encode(last.subject, 'hex'),
        'subjects', (SELECT jsonb_agg(encode(s, 'hex')) FROM unnest(all_of) s),
        'state', last.state, 'list', last.list, 'department', last.department, 'grade', last.grade,
        'starts_on', last.starts_on, 'until', last.until, 'review_on', last.review_on,
        'organisation_entry', nullif(last.organisation_entry, ''),
        'records', coalesce((SELECT jsonb_agg(history.record_json(r) ORDER BY r.known_at, r.origin_partition, r.origin_offset, r.number)
            FROM history.records r WHERE r.subject = ANY (all_of) AND r.generation = of_generation
              AND r.department = last.department AND r.event_id = ANY (last.rests_on)), '[]'),
        'events', coalesce((SELECT jsonb_agg(history.event_json(v) ORDER BY v.known_at, v.origin_partition, v.origin_offset, v.origin_index)
            FROM history.events v WHERE v.subject = ANY (all_of) AND v.generation = of_generation
              AND (v.department = last.department AND v.event_id = ANY (last.rests_on || last.notice || last.decision)
                OR (v.origin_partition, v.origin_offset, v.origin_index) IN
                    (SELECT e.origin_partition, e.origin_offset, e.origin_index FROM history.entries e
                     WHERE e.subject = ANY (all_of) AND e.generation = of_generation AND e.entry = of_entry))), '[]'),
        'transitions', (SELECT jsonb_agg(history.entry_json(e) ORDER BY e.known_at, e.subject <> first.subject, e.origin_partition, e.origin_offset, e.origin_index, e.number)
            FROM history.entries e WHERE e.subject = ANY (all_of) AND e.generation = of_generation AND e.entry = of_entry),
        'told', coalesce((SELECT jsonb_agg(history.notice_json(n) ORDER BY n.known_at, n.origin_partition, n.origin_offset, n.notice)
            FROM history.notices n WHERE n.subject = ANY (all_of) AND n.generation = of_generation
              AND n.entry = of_entry), '[]'));
END $$;

-- A measure or a notice: what was told under it, what was answered, and the entry that it follows from.
CREATE OR REPLACE FUNCTION history.explain_notice(of_generation integer, of_id text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    part text[] := regexp_match(of_id, '^[mn]\.(\d{1,9})\.(\d{1,18})\.(\d{1,9})\.(\d{1,9})$');
    one  history.notices;
    all_of bytea[];
BEGIN
    SELECT * INTO one FROM history.notices n WHERE n.generation = of_generation AND n.origin_partition = part[1]::integer
        AND n.origin_offset = part[2]::bigint AND of_id IN (n.measure_id, n.notice)
        ORDER BY n.origin_index, n.notice LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    all_of := history.pseudonyms(one.subject);
    RETURN jsonb_build_object('id', of_id, 'kind', CASE left(of_id, 1) WHEN 'm' THEN 'measure' ELSE 'notice' END,
        'subject', encode(one.subject, 'hex'), 'subjects', (SELECT jsonb_agg(encode(s, 'hex')) FROM unnest(all_of) s),
        'told', (SELECT jsonb_agg(history.notice_json(n) ORDER BY n.known_at, n.origin_partition, n.origin_offset, n.notice)
            FROM history.notices n WHERE n.subject = ANY (all_of) AND n.generation = of_generation
              AND (n.notice = of_id OR one.measure_id <> '' AND n.measure_id = one.measure_id)),
        'entry', CASE WHEN one.entry <> '' THEN history.explain_entry(of_generation, one.entry) END);
END $$;

-- A department's event, by its id: what it was judged to be, what it changed, who was told, and whether it was sent home.
-- "department/id" where several departments use the id.
CREATE OR REPLACE FUNCTION history.explain_event(of_generation integer, of_id text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    of_department text := nullif(split_part(of_id, '/', 1), of_id);
    of_event      text := CASE WHEN of_id LIKE '%/%' THEN split_part(of_id, '/', 2) ELSE of_id END;
    found_events  jsonb;
    found_letters jsonb;
    subjects      jsonb;
BEGIN
    SELECT jsonb_agg(history.event_json(v) || jsonb_build_object(
            'entries', coalesce((SELECT jsonb_agg(history.entry_json(e) ORDER BY e.number) FROM history.entries e
                WHERE e.subject = v.subject AND e.generation = v.generation AND (e.origin_partition, e.origin_offset, e.origin_index)
                    = (v.origin_partition, v.origin_offset, v.origin_index)), '[]'),
            'records', coalesce((SELECT jsonb_agg(history.record_json(r) ORDER BY r.number) FROM history.records r
                WHERE r.subject = v.subject AND r.generation = v.generation AND (r.origin_partition, r.origin_offset, r.origin_index)
                    = (v.origin_partition, v.origin_offset, v.origin_index)), '[]'),
            'told', coalesce((SELECT jsonb_agg(history.notice_json(n) ORDER BY n.notice) FROM history.notices n
                WHERE n.subject = v.subject AND n.generation = v.generation AND (n.origin_partition, n.origin_offset, n.origin_index)
                    = (v.origin_partition, v.origin_offset, v.origin_index)), '[]'))
            ORDER BY v.known_at, v.origin_partition, v.origin_offset),
        jsonb_agg(DISTINCT encode(v.subject, 'hex'))
    INTO found_events, subjects
    FROM history.events v
    WHERE v.generation = of_generation AND v.event_id = of_event AND (of_department IS NULL OR v.department = of_department);
    SELECT jsonb_agg(jsonb_build_object('department', d.department, 'partition', d.inbound_partition,
            'offset', d.inbound_offset, 'known_at', d.known_at, 'stage', d.stage, 'reason', d.reason, 'field', d.field,
            'because', d.because) ORDER BY d.known_at, d.inbound_offset)
    INTO found_letters
    FROM history.dead_letters d
    WHERE d.generation = of_generation AND d.event_id = of_event AND (of_department IS NULL OR d.department = of_department);
    IF found_events IS NULL AND found_letters IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object('id', of_id, 'kind', 'event', 'subjects', coalesce(subjects, '[]'),
        'events', coalesce(found_events, '[]'), 'sent_home', coalesce(found_letters, '[]'));
END $$;

-- The whole chain back to the department's document, of an entry (e.<p>.<o>.<i>), a measure (m.<p>.<o>.<i>.<n>), a notice
-- (n.<p>.<o>.<i>.<n>) or an event (its id, or department/id), in the newest log or the one named. Null: not known.
CREATE OR REPLACE FUNCTION history.explain(id text, of_generation integer DEFAULT NULL) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN id ~ '^e\.\d+\.\d+\.\d+$' THEN history.explain_entry(g, id)
                WHEN id ~ '^[mn]\.\d+\.\d+\.\d+\.\d+$' THEN history.explain_notice(g, id)
                ELSE history.explain_event(g, id) END
    FROM (SELECT coalesce(of_generation, (SELECT max(generation) FROM history.offsets)) AS g) AS log
$$;

-- status_as_of as one JSON object, in the shape in which Redis answers (deploy/redis/chengxin.lua).
CREATE OR REPLACE FUNCTION history.status_json(of_subject bytea, valid_at timestamptz DEFAULT 'infinity',
    known timestamptz DEFAULT 'infinity') RETURNS json
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT json_build_object(
        'tick', (SELECT (extract(epoch FROM min(o.tick)) * 1000)::bigint FROM history.offsets o
            WHERE o.topic = 'credit.decided' AND o.generation = (SELECT max(generation) FROM history.offsets)),
        'received_to', (SELECT (extract(epoch FROM min(o.received_to)) * 1000)::bigint FROM history.offsets o
            WHERE o.topic = 'credit.decided' AND o.generation = (SELECT max(generation) FROM history.offsets)),
        'entries', coalesce(json_agg(json_build_object('id', s.id, 'version', s.version, 'list', s.code, 'state', s.state,
            'grade', s.grade, 'role', s.role, 'department', s.department, 'document', s.document, 'basis', s.basis,
            'from', s.starts_on, 'until', s.until, 'review_on', s.review_on, 'marked', s.marked, 'measures', s.measures)
            ORDER BY s.id) FILTER (WHERE s.kind = 'entry'), '[]'),
        'records', coalesce(json_agg(json_build_object('event_id', s.id, 'version', s.version, 'department', s.department,
            'item', s.code, 'direction', s.direction, 'grade', s.grade, 'document', s.document, 'until', s.until,
            'marked', s.marked) ORDER BY s.department, s.id) FILTER (WHERE s.kind = 'record'), '[]'))
    FROM history.status_as_of(of_subject, valid_at, known) s
$$;
