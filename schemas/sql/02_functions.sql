-- Functions of the sink: partitions ahead of time, and the fence.

-- Makes the monthly partitions of every table for the months from `since` to `until`. Returns how many were made.
-- As the owner: the writer itself may not change the schema. ATTACH, unlike CREATE ... PARTITION OF, does not wait for
-- the transactions that write to other months.
CREATE OR REPLACE FUNCTION history.make_months(since timestamptz, until timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    month  timestamptz := date_trunc('month', since, 'UTC');
    parent text;
    child  text;
    made   integer := 0;
BEGIN
    IF until < since OR until > since + interval '60 years' THEN
        RAISE EXCEPTION 'make_months: a span from % to %', since, until USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('history.make_months'));
    WHILE month <= until LOOP
        FOREACH parent IN ARRAY ARRAY['events', 'entries', 'records', 'notices', 'dead_letters', 'access'] LOOP
            child := parent || to_char(month AT TIME ZONE 'UTC', '_YYYY_MM');
            IF to_regclass(format('history.%I', child)) IS NULL THEN
                EXECUTE format('CREATE TABLE history.%I (LIKE history.%I INCLUDING ALL)', child, parent);
                EXECUTE format('ALTER TABLE history.%I ATTACH PARTITION history.%I FOR VALUES FROM (%L) TO (%L)',
                    parent, child, month, date_trunc('month', month + interval '32 days', 'UTC'));
                made := made + 1;
            END IF;
        END LOOP;
        month := date_trunc('month', month + interval '32 days', 'UTC');
    END LOOP;
    RETURN made;
END $$;

-- Ends a backend, if it is still the one that was noted (a pid alone may be another's by now), and waits for it.
CREATE OR REPLACE FUNCTION history.end_backend(old_pid integer, old_started timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT coalesce((SELECT bool_and(pg_terminate_backend(a.pid, 10000)) FROM pg_stat_activity a
                     WHERE a.pid = old_pid AND a.backend_start = old_started AND a.pid <> pg_backend_pid()), true) THEN
        RAISE EXCEPTION 'the backend of the owner before does not end' USING ERRCODE = 'lock_not_available';
    END IF;
END $$;

-- Takes a partition over from whoever had it: ends the old owner's backend, raises the epoch, tells where to begin.
-- The old owner may stand still inside a transaction that holds the row: lock_timeout lets the caller try again, and
-- end that backend too.
CREATE OR REPLACE FUNCTION history.take(of_generation integer, of_topic text, of_partition integer,
    OUT next_offset bigint, OUT tick_ms bigint, OUT chain_n bigint, OUT chain_from bigint, OUT chain_head text,
    OUT chain_peaks text, OUT epoch bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
#variable_conflict use_column
DECLARE
    mine timestamptz := (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid());
BEGIN
    PERFORM history.end_backend(o.pid, o.started) FROM history.offsets o
    WHERE (o.generation, o.topic, o.partition) = (of_generation, of_topic, of_partition);
    INSERT INTO history.offsets AS o (generation, topic, partition, next_offset, epoch, pid, started)
    VALUES (of_generation, of_topic, of_partition, 0, 1, pg_backend_pid(), mine)
    ON CONFLICT (generation, topic, partition) DO UPDATE
    SET epoch = o.epoch + 1, pid = excluded.pid, started = excluded.started
    RETURNING o.next_offset, (extract(epoch FROM o.tick) * 1000)::bigint, o.chain_n, o.chain_from, encode(o.chain_head, 'hex'),
        encode(o.chain_peaks, 'hex'), o.epoch
    INTO take.next_offset, take.tick_ms, take.chain_n, take.chain_from, take.chain_head, take.chain_peaks, take.epoch;
END $$;

-- After a connection was lost: the same owner with another backend. Ends the backend that may still be working for it,
-- so that the offset read is the last word on the transaction in doubt. No row: another owner has taken over.
CREATE OR REPLACE FUNCTION history.keep(of_generation integer, of_topic text, of_partition integer, my_epoch bigint)
RETURNS TABLE (next_offset bigint, tick_ms bigint, chain_n bigint, chain_from bigint, chain_head text, chain_peaks text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '2s' AS $$
#variable_conflict use_column
BEGIN
    PERFORM history.end_backend(o.pid, o.started) FROM history.offsets o
    WHERE (o.generation, o.topic, o.partition, o.epoch) = (of_generation, of_topic, of_partition, my_epoch);
    RETURN QUERY UPDATE history.offsets o
    SET pid = pg_backend_pid(), started = (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())
    WHERE (o.generation, o.topic, o.partition, o.epoch) = (of_generation, of_topic, of_partition, my_epoch)
    RETURNING o.next_offset, (extract(epoch FROM o.tick) * 1000)::bigint, o.chain_n, o.chain_from, encode(o.chain_head, 'hex'),
        encode(o.chain_peaks, 'hex');
END $$;

-- The last statement of every transaction of the sink: moves the offsets, each from where the writer believes it to be
-- and under its own epoch. Returns how many rows moved: all of them, or the writer must roll back.
CREATE OR REPLACE FUNCTION history.advance(of_generation integer, topics text[], partitions integer[], epochs bigint[],
    old_offsets bigint[], new_offsets bigint[], ticks timestamptz[], received timestamptz[], links bigint[], froms bigint[],
    heads text[], peaks text[]) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH moved AS (
        UPDATE history.offsets o
        SET next_offset = m.new_offset, tick = coalesce(m.tick, o.tick), received_to = coalesce(m.received, o.received_to),
            chain_n = m.link, chain_from = m.begin, chain_head = decode(m.head, 'hex'), chain_peaks = decode(m.peak, 'hex')
        FROM unnest(topics, partitions, epochs, old_offsets, new_offsets, ticks, received, links, froms, heads, peaks)
            AS m (topic, partition, epoch, old_offset, new_offset, tick, received, link, begin, head, peak)
        WHERE o.generation = of_generation AND o.topic = m.topic AND o.partition = m.partition
          AND o.next_offset = m.old_offset AND o.epoch = m.epoch
        RETURNING 1)
    SELECT count(*) FROM moved
$$;
