-- What was known, and when: schema history. Append-only: the writer may insert and nothing else (03_roles.sql).
--
-- Rows from the spine are keyed by (generation, origin partition, origin offset, origin index[, number]): where their
-- event lies in credit.records, never where they were read. What keeps them single is the fence in history.offsets,
-- not a unique index, which would make COPY several times slower. Tables are partitioned by the month of known_at,
-- the tick at which it became known; effective is the time for which it holds (a walk's due time).
-- A subject is its 16-byte pseudonym. Applied by ./ops/up; applying it again changes nothing.

CREATE SCHEMA IF NOT EXISTS history;
COMMENT ON SCHEMA history IS 'What was known of every subject, and when: append-only, by origin in credit.records';

-- Where the sink stands in each partition it reads. next_offset 0: at the beginning. Whoever takes a partition over
-- raises its epoch and ends the backend of the owner before; an older epoch cannot move the offset any more.
CREATE TABLE IF NOT EXISTS history.offsets (
    generation  integer     NOT NULL,
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    next_offset bigint      NOT NULL,
    epoch       bigint      NOT NULL,
    pid         integer     NOT NULL,
    started     timestamptz NOT NULL, -- of that backend: the number alone may be another's by now
    tick        timestamptz,          -- the last one in what was read
    received_to timestamptz,
    -- Of the chain over the messages that became rows (common/vault/hash_chain.h): how many, how many of them the signed
    -- checkpoints cover, the head, and the tree since then.
    chain_n     bigint      NOT NULL DEFAULT 0,
    chain_from  bigint      NOT NULL DEFAULT 0,
    chain_head  bytea       NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    chain_peaks bytea       NOT NULL DEFAULT '',
    PRIMARY KEY (generation, topic, partition)
) WITH (fillfactor = 50);

-- Signed heads of the chains, as published to credit.checkpoints; published: they have been.
CREATE TABLE IF NOT EXISTS history.checkpoints (
    generation  integer     NOT NULL,
    topic       text        NOT NULL,
    partition   integer     NOT NULL,
    known_at    timestamptz NOT NULL, -- the tick
    next_offset bigint      NOT NULL,
    chain_from  bigint      NOT NULL,
    chain_n     bigint      NOT NULL,
    head        bytea       NOT NULL,
    message     bytea       NOT NULL, -- of credit.checkpoints
    published   boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (generation, topic, partition, known_at)
);
CREATE INDEX IF NOT EXISTS checkpoints_unpublished ON history.checkpoints (known_at) WHERE NOT published;

-- Every event with its verdict; a tick or an activation only where its walk changed something.
CREATE TABLE IF NOT EXISTS history.events (
    generation        integer     NOT NULL,
    origin_partition  integer     NOT NULL,
    origin_offset     bigint      NOT NULL,
    origin_index      integer     NOT NULL, -- 0: the event itself; a walk counts its subjects from 1
    known_at          timestamptz NOT NULL,
    effective         timestamptz NOT NULL,
    subject           bytea       NOT NULL,
    kind              text        NOT NULL, -- the body's type: Record, ListingDecision, Tick ...
    department        text,                 -- null in walks
    event_id          text,
    inbound_partition integer,
    inbound_offset    bigint,
    received_at       timestamptz,
    issued_at         timestamptz,
    happened_on       date,
    jurisdiction      integer,
    document_number   text,
    document_date     date,
    issuing_body      text,
    legal_basis       text,
    official_role     text,
    official_number   text,
    subject_type      text,
    id_type           text,                 -- how the subject was named
    cause_partition   integer,              -- of the event that this one was derived from
    cause_offset      bigint,
    cause_index       integer,
    verdict           text        NOT NULL, -- OK, or the reason code of a refusal
    direction         text,
    grade             text,
    category          text,
    list_candidate    text,
    display_until     date,
    pack              bytea,
    decision_table    text,
    rule              text,
    basis             text,
    measures          text[],
    tell              text[]      NOT NULL, -- who had queried the status that this event recalled
    body              json        NOT NULL,
    seq               bigint      NOT NULL, -- place in the chain of its topic's partition, from 1
    link              bytea       NOT NULL, -- the chain's head behind it
    message           bytea       NOT NULL  -- of credit.decided, as it came
) PARTITION BY RANGE (known_at);
ALTER TABLE history.events ADD COLUMN IF NOT EXISTS id_type text, -- of a history that was begun without it
    ADD COLUMN IF NOT EXISTS publications json; -- decisions that became public by it, or ceased to be
CREATE INDEX IF NOT EXISTS events_subject ON history.events (subject);
CREATE INDEX IF NOT EXISTS events_links ON history.events ((body ->> 'from')) WHERE kind = 'Linked'; -- whose rows went where
CREATE INDEX IF NOT EXISTS events_public ON history.events (generation) WHERE json_array_length(publications) > 0;
CREATE INDEX IF NOT EXISTS events_origin ON history.events USING brin (origin_offset) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX IF NOT EXISTS events_id ON history.events USING brin (event_id text_bloom_ops) WITH (pages_per_range = 32, autosummarize = on);

-- Every transition and version of a list entry (or of a person's share in an organisation's), as it stood after it.
CREATE TABLE IF NOT EXISTS history.entries (
    generation         integer     NOT NULL,
    origin_partition   integer     NOT NULL,
    origin_offset      bigint      NOT NULL,
    origin_index       integer     NOT NULL,
    number             integer     NOT NULL, -- place among the event's changes
    known_at           timestamptz NOT NULL,
    effective          timestamptz NOT NULL,
    subject            bytea       NOT NULL,
    cause              text        NOT NULL,
    from_state         text        NOT NULL,
    state              text        NOT NULL,
    entry              text        NOT NULL, -- e.<partition>.<offset>.<index> of the event that opened it
    version            integer     NOT NULL,
    list               text        NOT NULL,
    department         text        NOT NULL,
    jurisdiction       integer     NOT NULL,
    notice             text        NOT NULL,
    decision           text        NOT NULL,
    document_number    text        NOT NULL,
    document_date      date        NOT NULL,
    issuing_body       text        NOT NULL,
    legal_basis        text        NOT NULL,
    official_role      text        NOT NULL,
    official_number    text        NOT NULL,
    subject_type       text        NOT NULL,
    role               text        NOT NULL,
    organisation       bytea,
    organisation_entry text        NOT NULL,
    rests_on           text[]      NOT NULL,
    grade              text        NOT NULL,
    category           text        NOT NULL,
    case_number        text        NOT NULL,
    pack               bytea       NOT NULL,
    measures           text[]      NOT NULL,
    act_on             date        NOT NULL,
    served_on          date,
    window_ends        date,
    lapses_on          date,
    starts_on          date,
    until              date,                 -- the first day on which it is no longer in force
    review_on          date,
    ended_on           date,
    ended_by           text        NOT NULL,
    provisional        boolean     NOT NULL,
    repair             text        NOT NULL,
    suspensions        json        NOT NULL,
    marks              json        NOT NULL,
    statements         json        NOT NULL
) PARTITION BY RANGE (known_at);
ALTER TABLE history.entries ADD COLUMN IF NOT EXISTS publish_by date; -- the last day on which it is published in time
CREATE INDEX IF NOT EXISTS entries_subject ON history.entries (subject);
CREATE INDEX IF NOT EXISTS entries_origin ON history.entries USING brin (origin_offset) WITH (pages_per_range = 32, autosummarize = on);

-- Every transition and version of a kept record.
CREATE TABLE IF NOT EXISTS history.records (
    generation       integer     NOT NULL,
    origin_partition integer     NOT NULL,
    origin_offset    bigint      NOT NULL,
    origin_index     integer     NOT NULL,
    number           integer     NOT NULL,
    known_at         timestamptz NOT NULL,
    effective        timestamptz NOT NULL,
    subject          bytea       NOT NULL,
    cause            text        NOT NULL,
    from_state       text        NOT NULL,
    state            text        NOT NULL,
    event_id         text        NOT NULL,
    version          integer     NOT NULL,
    department       text        NOT NULL,
    jurisdiction     integer     NOT NULL,
    item             text        NOT NULL,
    document_number  text        NOT NULL,
    document_date    date        NOT NULL,
    issuing_body     text        NOT NULL,
    legal_basis      text        NOT NULL,
    subject_type     text        NOT NULL,
    act_on           date        NOT NULL,
    amount           bigint,               -- fen
    facts            json        NOT NULL, -- the inputs of the decision table
    roles            json        NOT NULL,
    others           json        NOT NULL,
    direction        text        NOT NULL,
    grade            text        NOT NULL,
    category         text        NOT NULL,
    list_candidate   text        NOT NULL,
    display_until    date,                 -- the last day on which it may be shown; null: not shown
    measures         text[]      NOT NULL,
    pack             bytea       NOT NULL,
    decision_table   text        NOT NULL,
    rule             text        NOT NULL,
    basis            text        NOT NULL,
    marks            json        NOT NULL,
    repair           text        NOT NULL,
    consent_scope    text        NOT NULL,
    ended_on         date
) PARTITION BY RANGE (known_at);
ALTER TABLE history.records ADD COLUMN IF NOT EXISTS publish_by date; -- the last day on which it is published in time
CREATE INDEX IF NOT EXISTS records_subject ON history.records (subject);
CREATE INDEX IF NOT EXISTS records_origin ON history.records USING brin (origin_offset) WITH (pages_per_range = 32, autosummarize = on);

-- Who was told what: one row for each notice to a department. No identity, no reference.
CREATE TABLE IF NOT EXISTS history.notices (
    generation          integer     NOT NULL,
    origin_partition    integer     NOT NULL,
    origin_offset       bigint      NOT NULL,
    origin_index        integer     NOT NULL,
    known_at            timestamptz NOT NULL,
    subject             bytea       NOT NULL,
    department          text        NOT NULL, -- the addressee
    notice              text        NOT NULL, -- n.<partition>.<offset>.<index>.<number>
    kind                text        NOT NULL,
    subject_type        text        NOT NULL,
    measure_id          text        NOT NULL,
    measure             text        NOT NULL,
    measure_kind        text        NOT NULL,
    basis               text        NOT NULL,
    entry               text        NOT NULL,
    list                text        NOT NULL,
    grade               text        NOT NULL,
    role                text        NOT NULL,
    cause               text        NOT NULL,
    deciding_department text        NOT NULL,
    document            text        NOT NULL,
    starts_on           date,
    until               date,
    review_on           date,
    respond_by          date,
    pack                bytea       NOT NULL,
    seq                 bigint      NOT NULL,
    link                bytea       NOT NULL,
    message             bytea       NOT NULL  -- of credit.notices, as it came: no identity is in it
) PARTITION BY RANGE (known_at);
CREATE INDEX IF NOT EXISTS notices_subject ON history.notices (subject);
CREATE INDEX IF NOT EXISTS notices_origin ON history.notices USING brin (origin_offset) WITH (pages_per_range = 32, autosummarize = on);

-- What was sent home: position, field and reason, never bytes.
CREATE TABLE IF NOT EXISTS history.dead_letters (
    generation        integer     NOT NULL,
    department        text        NOT NULL,
    inbound_partition integer     NOT NULL,
    inbound_offset    bigint      NOT NULL,
    known_at          timestamptz NOT NULL, -- the time of the message on credit.rejected.<department>
    stage             text        NOT NULL,
    event_id          text        NOT NULL, -- empty where it could not be read
    reason            text        NOT NULL,
    field             text        NOT NULL,
    because           text        NOT NULL,
    topic_partition   integer     NOT NULL, -- of credit.rejected.<department>
    seq               bigint      NOT NULL,
    link              bytea       NOT NULL,
    message           bytea       NOT NULL  -- of credit.rejected.<department>, written anew without text and body
) PARTITION BY RANGE (known_at);
CREATE INDEX IF NOT EXISTS dead_letters_position ON history.dead_letters USING brin (inbound_offset) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX IF NOT EXISTS dead_letters_id ON history.dead_letters USING brin (event_id text_bloom_ops) WITH (pages_per_range = 32, autosummarize = on);

-- Who looked, when and why, the refused queries too: keyed by (instance, sequence).
CREATE TABLE IF NOT EXISTS history.access (
    generation integer     NOT NULL,
    instance   text        NOT NULL,
    sequence   bigint      NOT NULL,
    known_at   timestamptz NOT NULL, -- by the clock of the machine that was asked
    who        text        NOT NULL,
    purpose    text        NOT NULL,
    question   text        NOT NULL,
    subject    bytea,
    target     text        NOT NULL,
    allowed    boolean     NOT NULL,
    reason     text        NOT NULL,
    token      text        NOT NULL, -- its id
    official   text        NOT NULL,
    matter     text        NOT NULL,
    topic_partition integer NOT NULL,
    seq        bigint      NOT NULL,
    link       bytea       NOT NULL,
    message    bytea       NOT NULL  -- of credit.access, as it came
) PARTITION BY RANGE (known_at);
-- Of a history that was begun without them: nothing was said then, and whoever writes must say it now.
ALTER TABLE history.access ADD COLUMN IF NOT EXISTS token text NOT NULL DEFAULT '',
    ADD COLUMN IF NOT EXISTS official text NOT NULL DEFAULT '', ADD COLUMN IF NOT EXISTS matter text NOT NULL DEFAULT '';
ALTER TABLE history.access ALTER COLUMN token DROP DEFAULT, ALTER COLUMN official DROP DEFAULT, ALTER COLUMN matter DROP DEFAULT;
CREATE INDEX IF NOT EXISTS access_subject ON history.access (subject);

-- Rows from before a log's first tick; and what claims a time before 1970.
DO $$
DECLARE
    parent text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['events', 'entries', 'records', 'notices', 'dead_letters', 'access'] LOOP
        IF to_regclass(format('history.%I', parent || '_untimed')) IS NULL THEN
            EXECUTE format('CREATE TABLE history.%I PARTITION OF history.%I FOR VALUES FROM (MINVALUE) TO (''1970-01-01T00:00:00Z'')',
                parent || '_untimed', parent);
        END IF;
    END LOOP;
END $$;
