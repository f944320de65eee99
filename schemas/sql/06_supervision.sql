-- Reports for those who supervise departments, and for officials alone. As in 05_reports.sql: each a function whose rows are the
-- report, none names a subject, and "now" is the last tick that the history has read.

-- Entries and records as they stand, by their newest version. What went to another identifier of its subject is told there.
CREATE OR REPLACE VIEW history.newest_entries AS
    SELECT DISTINCT ON (e.generation, e.entry) e.* FROM history.entries e WHERE NOT (e.cause = 'LINKED' AND e.state = 'REMOVED')
    ORDER BY e.generation, e.entry, e.known_at DESC, e.origin_partition DESC, e.origin_offset DESC, e.origin_index DESC, e.number DESC;
CREATE OR REPLACE VIEW history.newest_records AS
    SELECT DISTINCT ON (r.generation, r.department, r.event_id) r.* FROM history.records r
    WHERE NOT (r.cause = 'LINKED' AND r.state = 'REMOVED')
    ORDER BY r.generation, r.department, r.event_id, r.known_at DESC, r.origin_partition DESC, r.origin_offset DESC, r.origin_index DESC, r.number DESC;

-- Objections and complaints that nobody has ruled on in time: by the department that has to. A missed deadline resumes nothing
-- and ends nothing; it is shown here until there is a ruling.
CREATE OR REPLACE FUNCTION history.report_rulings() RETURNS TABLE (department text, kind text, objection text, passed_by text,
    target text, due_on date, days_over integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH marked AS (
        SELECT e.department, e.entry AS target, m.mark FROM history.newest_entries e, json_array_elements(e.marks) m(mark)
        UNION ALL
        SELECT r.department, r.department || '/' || r.event_id, m.mark
        FROM history.newest_records r, json_array_elements(r.marks) m(mark)
    )
    SELECT m.department, m.mark ->> 'kind', m.mark ->> 'event_id', m.mark ->> 'department', m.target, (m.mark ->> 'due_on')::date,
        history.china_date(history.last_tick()) - (m.mark ->> 'due_on')::date
    FROM marked m
    WHERE (m.mark ->> 'open')::boolean AND m.mark ->> 'kind' IN ('OBJECTION', 'COMPLAINT')
      AND (m.mark ->> 'due_on')::date < history.china_date(history.last_tick())
    ORDER BY 6, 1, 3, 5
$$;

-- Early-warning hints, to a department's own officials: three adverse records of its own or more about one subject within a
-- year, in force and undisputed, with their event ids. A hint is a reason to look, and nothing else: it is told to nobody, shown
-- in no status, and counts never list (I-HUMAN).
CREATE OR REPLACE FUNCTION history.report_hints() RETURNS TABLE (department text, records bigint, since date, event_ids text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.department, count(*), min(r.act_on), string_agg(r.event_id, ' ' ORDER BY r.act_on, r.event_id)
    FROM history.newest_records r
    WHERE r.generation = (SELECT max(generation) FROM history.offsets) AND r.direction = 'ADVERSE' AND r.state = 'IN_FORCE'
      AND r.act_on > history.china_date(history.last_tick()) - interval '1 year'
      AND NOT EXISTS (SELECT FROM json_array_elements(r.marks) m WHERE (m ->> 'open')::boolean)
    GROUP BY r.subject, r.department HAVING count(*) >= 3
    ORDER BY 1, 3, 4
$$;

-- Departments whose heads are to be interviewed: silent for over 30 days, or with answers or rulings that are overdue.
CREATE OR REPLACE FUNCTION history.report_laggards() RETURNS TABLE (department text, silent_days integer, overdue_answers bigint,
    overdue_rulings bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH found AS (
        SELECT s.department, CASE WHEN s.silent_days > 30 THEN s.silent_days END AS silent, 0 AS answer, 0 AS ruling
        FROM history.report_sources() s
        UNION ALL
        SELECT o.department, NULL, 1, 0 FROM history.report_overdue() o
        UNION ALL
        SELECT u.department, NULL, 0, 1 FROM history.report_rulings() u
    )
    SELECT f.department, max(f.silent), sum(f.answer), sum(f.ruling) FROM found f
    GROUP BY f.department HAVING max(f.silent) IS NOT NULL OR sum(f.answer + f.ruling) > 0
    ORDER BY sum(f.answer + f.ruling) DESC, max(f.silent) DESC NULLS LAST, f.department
$$;

-- Coverage of the unified credit code: of the organisations that departments spoke of, how many were named by it. In steps of
-- five, as the yearly figures; a share is told where there are enough.
CREATE OR REPLACE FUNCTION history.report_coverage() RETURNS TABLE (jurisdiction integer, organisations bigint, by_credit_code bigint,
    percent integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH named AS (
        SELECT s.jurisdiction, s.subject, bool_or(s.id_type = 'CREDIT_CODE') AS coded FROM history.sent s
        WHERE s.subject_type = 'ORGANISATION' AND s.verdict = 'OK' AND s.id_type <> 'REFERENCE'
        GROUP BY s.jurisdiction, s.subject
    )
    SELECT n.jurisdiction, history.in_fives(count(*)), history.in_fives(count(*) FILTER (WHERE n.coded)),
        (100 * history.in_fives(count(*) FILTER (WHERE n.coded)) / history.in_fives(count(*)))::integer
    FROM named n GROUP BY n.jurisdiction ORDER BY n.jurisdiction
$$;

REVOKE ALL ON history.newest_entries, history.newest_records FROM PUBLIC;
GRANT SELECT ON history.newest_entries, history.newest_records TO cx_auditor, cx_query;
REVOKE ALL ON FUNCTION history.report_rulings(), history.report_hints(), history.report_laggards(), history.report_coverage() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION history.report_rulings(), history.report_hints(), history.report_laggards(), history.report_coverage()
    TO cx_auditor, cx_query;
