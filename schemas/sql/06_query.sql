-- For the query service: the subject's own report; for `chengxin report readers`: who asks how.

-- An entry explained to its own subject: of a derived event all but the body, which says the pseudonyms of others, or carries
-- whole rows of theirs; what it did stands in the transitions.
CREATE OR REPLACE FUNCTION history.own_entry(of_generation integer, of_entry text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT x - 'subject' - 'subjects' || jsonb_build_object('events', (
        SELECT coalesce(jsonb_agg(CASE WHEN v.event ? 'derived_from' THEN v.event - 'body' ELSE v.event END ORDER BY v.n), '[]')
        FROM jsonb_array_elements(x -> 'events') WITH ORDINALITY AS v (event, n)))
    FROM history.explain_entry(of_generation, of_entry) AS x
$$;

-- All that is known of a subject, for itself: each entry and record with where it comes from and what became of it, who was
-- told what, and who looked, when and why. Without pseudonyms.
CREATE OR REPLACE FUNCTION history.own_report(of_subject bytea) RETURNS json
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH one AS MATERIALIZED (SELECT history.pseudonyms(of_subject) AS subjects),
    mine AS (
        SELECT e.generation, e.entry, min(e.known_at) AS since FROM history.entries e, one
        WHERE e.subject = ANY (one.subjects) GROUP BY e.generation, e.entry),
    newest AS (
        SELECT DISTINCT ON (r.generation, r.department, r.event_id) r AS record, r.known_at FROM history.records r, one
        WHERE r.subject = ANY (one.subjects) AND NOT (r.cause = 'LINKED' AND r.state = 'REMOVED') -- it went to another of them
        ORDER BY r.generation, r.department, r.event_id, r.known_at DESC, r.origin_partition DESC, r.origin_offset DESC, r.origin_index DESC, r.number DESC)
    SELECT json_build_object(
        'explained', coalesce((SELECT json_agg(history.own_entry(m.generation, m.entry) ORDER BY m.since, m.entry) FROM mine m), '[]'),
        'all_records', coalesce((SELECT json_agg(history.record_json(n.record) ORDER BY n.known_at) FROM newest n), '[]'),
        'queries', coalesce((SELECT json_agg(json_build_object('at', a.known_at, 'who', a.who, 'purpose', a.purpose,
                'question', a.question, 'matter', nullif(a.matter, ''), 'allowed', a.allowed, 'refused_because', nullif(a.reason, ''))
            ORDER BY a.known_at, a.instance, a.sequence)
            FROM history.access a, one WHERE a.subject = ANY (one.subjects)), '[]'))
$$;

-- Who asks how: for the regular review of users (rights.md, R64). `look_at` says what a reviewer should ask about. Hours are
-- China's; off_hours: before 7, from 20 on, and at weekends.
CREATE OR REPLACE FUNCTION history.report_readers() RETURNS TABLE (who text, official text, queries bigint, refused bigint,
    subjects bigint, busiest_hour bigint, off_hours bigint, same_subject bigint, last date, look_at text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH asked AS (
        SELECT a.who, a.official, a.subject, a.allowed, (a.known_at AT TIME ZONE 'UTC') + interval '8 hours' AS at
        FROM history.access a
        WHERE a.known_at > (SELECT max(b.known_at) FROM history.access b) - interval '90 days' AND a.who <> 'SELF'
    ), hourly AS (
        SELECT s.who, s.official, max(s.n) AS n FROM (SELECT who, official, count(*) AS n FROM asked
            GROUP BY who, official, date_trunc('hour', at)) s GROUP BY s.who, s.official
    ), repeated AS (
        SELECT s.who, s.official, max(s.n) AS n FROM (SELECT who, official, count(*) AS n FROM asked
            WHERE subject IS NOT NULL GROUP BY who, official, subject) s GROUP BY s.who, s.official
    ), summed AS (
        SELECT a.who, a.official, count(*) AS queries, count(*) FILTER (WHERE NOT a.allowed) AS refused,
            count(DISTINCT a.subject) AS subjects,
            count(*) FILTER (WHERE extract(hour FROM a.at) NOT BETWEEN 7 AND 19 OR extract(isodow FROM a.at) > 5) AS off_hours,
            max(a.at)::date AS last
        FROM asked a GROUP BY a.who, a.official
    )
    SELECT coalesce(nullif(s.who, ''), 'nobody known'), s.official, s.queries, s.refused, s.subjects, h.n, s.off_hours,
        coalesce(r.n, 0), s.last,
        concat_ws('; ', CASE WHEN s.refused >= 5 AND s.refused * 5 > s.queries THEN 'often refused' END,
            CASE WHEN h.n >= 100 THEN 'very many in an hour' END,
            CASE WHEN s.off_hours >= 10 AND s.off_hours * 4 > s.queries THEN 'often outside office hours' END,
            CASE WHEN r.n >= 10 THEN 'one subject again and again' END)
    FROM summed s JOIN hourly h USING (who, official) LEFT JOIN repeated r USING (who, official)
    ORDER BY s.queries DESC, s.who, s.official
$$;

-- After a leak: what was asked with that token, and whom answers were about. An answer tells of its subject where it was
-- allowed and named one. `known_to`: departments whose accepted events are about the person: who can give notice (PIPL 57).
CREATE OR REPLACE FUNCTION history.trace_token(of_token text) RETURNS json
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH asked AS MATERIALIZED (SELECT * FROM history.access a WHERE a.token = of_token),
    affected AS (
        SELECT a.subject, count(*) AS times, min(a.known_at) AS first, max(a.known_at) AS last,
            array_agg(DISTINCT a.question ORDER BY a.question) AS questions, array_agg(DISTINCT a.purpose ORDER BY a.purpose) AS purposes
        FROM asked a WHERE a.allowed AND a.subject IS NOT NULL GROUP BY a.subject)
    SELECT json_build_object('token', of_token, 'queries', count(*), 'refused', count(*) FILTER (WHERE NOT a.allowed),
        'first', min(a.known_at), 'last', max(a.known_at),
        'asked', coalesce(json_agg(json_build_object('at', a.known_at, 'who', a.who, 'official', a.official, 'matter', a.matter,
                'purpose', a.purpose, 'question', a.question, 'allowed', a.allowed, 'refused_because', nullif(a.reason, ''),
                'subject', encode(a.subject, 'hex')) ORDER BY a.known_at, a.instance, a.sequence), '[]'),
        'affected', (SELECT coalesce(json_agg(json_build_object('subject', encode(f.subject, 'hex'), 'times', f.times,
                'first', f.first, 'last', f.last, 'questions', f.questions, 'purposes', f.purposes,
                'known_to', (SELECT coalesce(json_agg(DISTINCT e.department ORDER BY e.department), '[]') FROM history.events e
                    WHERE e.subject = ANY (history.pseudonyms(f.subject)) AND e.department <> '' AND e.verdict = 'OK'))
            ORDER BY f.first, f.subject), '[]') FROM affected f))
    FROM asked a
$$;

REVOKE ALL ON FUNCTION history.own_entry(integer, text), history.own_report(bytea), history.report_readers(),
    history.trace_token(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION history.own_entry(integer, text), history.own_report(bytea) TO cx_query;
GRANT EXECUTE ON FUNCTION history.report_readers(), history.trace_token(text) TO cx_auditor, cx_query;
