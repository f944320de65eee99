-- What is public, and the publication clock. A decision becomes public by its department's Disclosure alone, one at a time, and
-- ceases to be with the registrar's word in history.events (I-PRIVATE). As in 05_reports.sql: no report names a subject, and
-- "now" is the last tick that the history has read.

-- Each disclosure as it stands. ended: why it is not public any more; empty: it is.
CREATE OR REPLACE VIEW history.publications AS
    SELECT DISTINCT ON (e.generation, p.department, p.event_id) e.generation, e.subject, e.known_at, e.effective, p.*
    FROM history.events e, json_to_recordset(e.publications) AS p(event_id text, department text, jurisdiction integer, what text,
        target text, subject_type text, basis text, consent text, naming text, "from" date, until date, ended text)
    WHERE json_array_length(e.publications) > 0
    ORDER BY e.generation, p.department, p.event_id, e.known_at DESC, e.origin_partition DESC, e.origin_offset DESC,
        e.origin_index DESC, p.ended DESC;

-- The decisions that have to be published, with the last day for it and the first on which they were. What is not in force (any
-- more) and was never published has not to be.
CREATE OR REPLACE VIEW history.publication_duties AS
    WITH must AS (
        SELECT r.generation, r.department, 'RECORD' AS what, r.event_id AS target, r.document_number, r.publish_by, r.state
        FROM history.newest_records r WHERE r.publish_by IS NOT NULL
        UNION ALL
        SELECT e.generation, e.department, 'ENTRY', e.decision, e.document_number, e.publish_by, e.state
        FROM history.newest_entries e WHERE e.publish_by IS NOT NULL
    ), first AS (
        SELECT p.generation, p.department, p.what, p.target, min(p."from") AS published_on FROM history.publications p
        GROUP BY 1, 2, 3, 4
    )
    SELECT m.*, f.published_on FROM must m LEFT JOIN first f USING (generation, department, what, target)
    WHERE m.generation = (SELECT max(generation) FROM history.offsets) AND (f.published_on IS NOT NULL OR m.state = 'IN_FORCE');

-- The clock, by department: decisions that are still to be published in time, were published in time or late, or are overdue;
-- the next day by which one has to be; and by how many days the oldest is over.
CREATE OR REPLACE FUNCTION history.report_publication() RETURNS TABLE (department text, due bigint, in_time bigint, late bigint,
    overdue bigint, next_due date, days_over integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.department, count(*) FILTER (WHERE d.published_on IS NULL AND d.publish_by >= t.today),
        count(*) FILTER (WHERE d.published_on <= d.publish_by), count(*) FILTER (WHERE d.published_on > d.publish_by),
        count(*) FILTER (WHERE d.published_on IS NULL AND d.publish_by < t.today),
        min(d.publish_by) FILTER (WHERE d.published_on IS NULL AND d.publish_by >= t.today),
        t.today - min(d.publish_by) FILTER (WHERE d.published_on IS NULL AND d.publish_by < t.today)
    FROM history.publication_duties d, (SELECT history.china_date(history.last_tick()) AS today) t
    GROUP BY d.department, t.today ORDER BY 5 DESC, 1
$$;

-- The same, decision by decision: what nobody has published yet.
CREATE OR REPLACE FUNCTION history.report_unpublished() RETURNS TABLE (department text, decision text, document text,
    publish_by date, days_over integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.department, d.target, d.document_number, d.publish_by,
        greatest(0, history.china_date(history.last_tick()) - d.publish_by)
    FROM history.publication_duties d WHERE d.published_on IS NULL
    ORDER BY d.publish_by, d.department, d.target
$$;

-- One decision in its public form, by its department and id (of the record or the listing decision; a clean record's: of the
-- disclosure), while it is public: null otherwise. Nothing is shown past its end, though the history lags: on a wall log on_day is
-- the reader's own day. The subject is in it for the log of the query, not for the public.
CREATE OR REPLACE FUNCTION history.public_decision(of_department text, of_id text, on_day date DEFAULT NULL) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH one AS (
        SELECT p.* FROM history.publications p
        WHERE p.generation = (SELECT max(generation) FROM history.offsets) AND p.department = of_department
          AND of_id = CASE p.what WHEN 'CLEAN' THEN p.event_id ELSE p.target END AND p.ended = ''
          AND coalesce(p.until, 'infinity') > greatest(history.china_date(history.last_tick()), on_day)
    ), base AS (
        SELECT r.generation, r.department, 'RECORD' AS what, r.event_id AS target, NULL::text AS list, r.item, r.grade,
            r.document_number, r.document_date, r.issuing_body, r.legal_basis, r.state, r.marks
        FROM history.newest_records r, one o WHERE r.department = o.department AND r.event_id = o.target
        UNION ALL
        SELECT e.generation, e.department, 'ENTRY', e.decision, e.list, NULL, e.grade, e.document_number, e.document_date,
            e.issuing_body, e.legal_basis, e.state, e.marks
        FROM history.newest_entries e, one o WHERE e.department = o.department AND e.decision = o.target AND e.role = 'SUBJECT'
    )
    SELECT jsonb_strip_nulls(jsonb_build_object('subject', encode(o.subject, 'hex'), 'department', o.department, 'decision', of_id,
        'what', o.what, 'subject_type', o.subject_type, 'naming', o.naming, 'list', b.list, 'item', b.item,
        'grade', nullif(b.grade, 'NONE'), 'document', b.document_number, 'document_date', b.document_date,
        'issuing_body', b.issuing_body, 'legal_basis', b.legal_basis, 'published_on', o."from", 'published_by_basis', o.basis,
        'with_consent', CASE WHEN o.consent <> '' THEN true END, 'until', o.until,
        'disputed', CASE WHEN EXISTS (SELECT FROM json_array_elements(b.marks) m WHERE (m ->> 'open')::boolean) THEN true END))
    FROM one o LEFT JOIN base b USING (generation, department, what, target)
    WHERE o.what = 'CLEAN' OR b.state = 'IN_FORCE'
    LIMIT 1
$$;

REVOKE ALL ON history.publications, history.publication_duties FROM PUBLIC;
GRANT SELECT ON history.publications, history.publication_duties TO cx_auditor, cx_query;
REVOKE ALL ON FUNCTION history.report_publication(), history.report_unpublished(), history.public_decision(text, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION history.report_publication(), history.report_unpublished() TO cx_auditor, cx_query;
GRANT EXECUTE ON FUNCTION history.public_decision(text, text, date) TO cx_query;
