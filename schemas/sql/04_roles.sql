-- Who may do what: the sink appends and moves its offsets, auditors and the query service read. Nobody but the owner
-- changes or deletes a row.
DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['cx_history', 'cx_auditor', 'cx_query'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I', role);
        END IF;
    END LOOP;
END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA history FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA history FROM PUBLIC;
GRANT USAGE ON SCHEMA history TO cx_history, cx_auditor, cx_query;
-- Rows go in and come out by the partitioned tables; their months need no grants of their own.
GRANT INSERT ON history.events, history.entries, history.records, history.notices, history.dead_letters, history.access
    TO cx_history;
GRANT SELECT, INSERT, UPDATE ON history.offsets TO cx_history;
GRANT EXECUTE ON FUNCTION history.make_months(timestamptz, timestamptz), history.end_backend(integer, timestamptz),
    history.take(integer, text, integer), history.keep(integer, text, integer, bigint),
    history.advance(integer, text[], integer[], bigint[], bigint[], bigint[], timestamptz[], timestamptz[],
        bigint[], bigint[], text[], text[]) TO cx_history;
GRANT SELECT, INSERT, UPDATE (published) ON history.checkpoints TO cx_history;
GRANT SELECT ON history.offsets, history.events, history.entries, history.records, history.notices,
    history.dead_letters, history.access, history.checkpoints TO cx_auditor, cx_query;
GRANT EXECUTE ON FUNCTION history.china_date(timestamptz), history.pseudonyms(bytea, timestamptz), history.status_as_of(bytea, timestamptz, timestamptz), history.status_json(bytea, timestamptz, timestamptz),
    history.event_json(history.events), history.entry_json(history.entries), history.record_json(history.records),
    history.notice_json(history.notices), history.explain_entry(integer, text), history.explain_notice(integer, text),
    history.explain_event(integer, text), history.explain(text, integer) TO cx_auditor, cx_query;
