-- Reports over the history, for `chengxin report NAME`: each a function whose rows are the report. None names a subject.
-- "Now" is the last tick that the history has read.

CREATE OR REPLACE FUNCTION history.last_tick() RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT max(o.tick) FROM history.offsets o
    WHERE o.generation = (SELECT max(generation) FROM history.offsets) AND o.topic = 'credit.decided'
$$;

-- What departments themselves said: no walks, no derived events, no queries.
CREATE OR REPLACE VIEW history.sent AS
    SELECT * FROM history.events
    WHERE origin_index = 0 AND cause_partition IS NULL AND department IS NOT NULL AND kind <> 'Queried';

-- The register of connected sources: what each department sent, what came of it, and since when it has been silent: by ticks,
-- which on a virtual log are not the days of the machine. (What intake refused bears the machine's time; it is not later than now.)
CREATE OR REPLACE FUNCTION history.report_sources() RETURNS TABLE (department text, events bigint, accepted bigint,
    doubled bigint, refused bigint, mostly text, last_arrival timestamptz, silent_days integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH home AS (
        SELECT d.department, d.inbound_partition, d.inbound_offset, d.reason, d.stage, d.known_at FROM history.dead_letters d
    ), seen AS (
        SELECT s.department, s.verdict, s.known_at AS at, h.reason FROM history.sent s
        LEFT JOIN home h USING (department, inbound_partition, inbound_offset)
        UNION ALL
        SELECT h.department, NULL, least(h.known_at, history.last_tick()), h.reason FROM home h WHERE h.stage = 'intake'
    )
    SELECT s.department, count(*), count(*) FILTER (WHERE s.verdict = 'OK' AND s.reason IS NULL),
        count(*) FILTER (WHERE s.verdict = 'DUPLICATE'), count(s.reason), mode() WITHIN GROUP (ORDER BY s.reason), max(s.at),
        greatest(0, extract(day FROM history.last_tick() - max(s.at)))::integer
    FROM seen s GROUP BY s.department ORDER BY s.department
$$;

-- What accepted records leave out that their schema lets them leave out.
CREATE OR REPLACE FUNCTION history.report_completeness() RETURNS TABLE (department text, records bigint, without_amount bigint,
    without_facts bigint, without_official bigint, without_issuing_body bigint, complete_percent integer)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH lacks AS (
        SELECT s.department, s.body ->> 'amount' IS NULL AS amount, coalesce(json_array_length(s.body -> 'facts'), 0) = 0 AS facts,
            coalesce(s.official_number, '') = '' AS official, coalesce(s.issuing_body, '') = '' AS issuing_body
        FROM history.sent s WHERE s.kind = 'Record' AND s.verdict = 'OK'
    )
    SELECT l.department, count(*), count(*) FILTER (WHERE l.amount), count(*) FILTER (WHERE l.facts),
        count(*) FILTER (WHERE l.official), count(*) FILTER (WHERE l.issuing_body),
        (100 * count(*) FILTER (WHERE NOT (l.amount OR l.facts OR l.official OR l.issuing_body)) / count(*))::integer
    FROM lacks l GROUP BY l.department ORDER BY l.department
$$;

-- Measures that a department was asked to carry out and has not answered in time, and that nobody has stopped before that. The
-- newest asking counts: a measure is asked for again when a repair was revoked, say.
CREATE OR REPLACE FUNCTION history.report_overdue() RETURNS TABLE (department text, measure_id text, measure text,
    respond_by date, days_over integer, deciding_department text, document text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH asked AS (
        SELECT DISTINCT ON (n.generation, n.measure_id, n.department) n.* FROM history.notices n
        WHERE n.kind IN ('IMPOSE', 'INCENTIVE')
        ORDER BY n.generation, n.measure_id, n.department, n.known_at DESC
    )
    SELECT n.department, n.measure_id, n.measure, n.respond_by, history.china_date(history.last_tick()) - n.respond_by,
        n.deciding_department, n.document
    FROM asked n
    WHERE n.respond_by < history.china_date(history.last_tick())
      AND NOT EXISTS (SELECT FROM history.events e WHERE e.kind = 'MeasureFeedback' AND e.verdict = 'OK'
          AND e.department = n.department AND e.body ->> 'measure' = n.measure_id AND e.known_at >= n.known_at)
      AND NOT EXISTS (SELECT FROM history.notices l WHERE l.generation = n.generation AND l.measure_id = n.measure_id
          AND l.department = n.department AND l.kind IN ('STOP', 'UNDO') AND l.known_at >= n.known_at
          AND history.china_date(l.known_at) <= n.respond_by)
    ORDER BY n.respond_by, n.department, n.measure_id
$$;

-- What should not be: measures whose entry has ended and that nobody was told to stop, and answers to no question.
CREATE OR REPLACE FUNCTION history.report_orphans() RETURNS TABLE (what text, department text, id text, since timestamptz)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH told AS (
        SELECT DISTINCT ON (n.generation, n.measure_id, n.department) n.* FROM history.notices n
        WHERE n.measure_id <> '' AND n.kind <> 'TELL'
        ORDER BY n.generation, n.measure_id, n.department, n.known_at DESC, n.origin_partition DESC, n.origin_offset DESC, n.origin_index DESC
    ), stands AS (
        SELECT DISTINCT ON (e.generation, e.entry) e.generation, e.entry, e.state, e.known_at FROM history.entries e
        ORDER BY e.generation, e.entry, e.known_at DESC, e.origin_partition DESC, e.origin_offset DESC, e.origin_index DESC, e.number DESC
    )
    SELECT 'a measure without a live entry', t.department, t.measure_id, s.known_at FROM told t
    JOIN stands s USING (generation, entry)
    WHERE t.kind IN ('IMPOSE', 'INCENTIVE', 'RESUME', 'CHANGE') AND s.state IN ('EXPIRED', 'REPAIRED', 'RECALLED', 'REMOVED', 'CLOSED')
    UNION ALL
    SELECT 'an answer to no question', d.department, d.event_id, d.known_at FROM history.dead_letters d
    WHERE d.reason = 'FEEDBACK_UNASKED'
    ORDER BY 1, 2, 3
$$;

-- Yearly figures. A number is told in steps of five, and as nothing below that: so neither one table nor the difference of two
-- says anything of few (cities publish these; rights.md, R67).
CREATE OR REPLACE FUNCTION history.in_fives(n bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$ SELECT nullif(n / 5 * 5, 0) $$;

CREATE OR REPLACE FUNCTION history.report_figures() RETURNS TABLE (year integer, list text, listed bigint,
    repaired bigint, expired bigint, recalled bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT extract(year FROM history.china_date(e.effective))::integer, coalesce(e.list, 'all'),
        history.in_fives(count(DISTINCT e.entry) FILTER (WHERE e.state = 'IN_FORCE' AND e.from_state IN ('NONE', 'NOTIFIED'))),
        history.in_fives(count(DISTINCT e.entry) FILTER (WHERE e.state = 'REPAIRED')),
        history.in_fives(count(DISTINCT e.entry) FILTER (WHERE e.state = 'EXPIRED')),
        history.in_fives(count(DISTINCT e.entry) FILTER (WHERE e.state = 'RECALLED'))
    FROM history.entries e WHERE e.list <> ''
    GROUP BY GROUPING SETS ((extract(year FROM history.china_date(e.effective)), e.list),
        (extract(year FROM history.china_date(e.effective))))
    ORDER BY 1, e.list NULLS LAST
$$;

REVOKE ALL ON history.sent FROM PUBLIC;
GRANT SELECT ON history.sent TO cx_auditor, cx_query;
REVOKE ALL ON FUNCTION history.last_tick(), history.in_fives(bigint), history.report_sources(), history.report_completeness(),
    history.report_overdue(), history.report_orphans(), history.report_figures() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION history.last_tick(), history.in_fives(bigint), history.report_sources(), history.report_completeness(),
    history.report_overdue(), history.report_orphans(), history.report_figures() TO cx_auditor, cx_query;
