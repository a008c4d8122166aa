-- Out again: runs of outgoing files with their receipts, and live look-ups at other systems.
-- Everything but the cache of answers is append-only.

-- ---------------------------------------------------------------- reports 上报

-- One file that was made. Its bytes lie sealed under file_sm3 with the received files; what could
-- not go out (people, columns) is sealed here.
CREATE TABLE report_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    layout text COLLATE "C" NOT NULL,
    area_id bigint NOT NULL REFERENCES area,
    area_pos integer NOT NULL,
    sequence integer NOT NULL CHECK (sequence > 0),
    kind text NOT NULL CHECK (kind IN ('full', 'increment', 'retry')),
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    retries bigint REFERENCES report_run,
    file_name text NOT NULL,
    file_sm3 bytea NOT NULL CHECK (length(file_sm3) = 32),
    file_bytes bigint NOT NULL,
    row_count integer NOT NULL CHECK (row_count >= 0),
    held_count integer NOT NULL CHECK (held_count >= 0),
    total_fen bigint NOT NULL,
    notes bytea NOT NULL,
    made_at timestamp NOT NULL,
    made_by bigint REFERENCES account,
    UNIQUE (layout, area_id, sequence),
    CHECK ((kind = 'retry') = (retries IS NOT NULL))
);
CREATE INDEX report_run_area ON report_run (area_pos, id DESC);

-- Whom a row is about, what it says (keyed hashes), and whether it adds, changes or ends.
CREATE TABLE report_row (
    run_id bigint NOT NULL REFERENCES report_run,
    row_no integer NOT NULL CHECK (row_no > 0),
    person_id uuid NOT NULL REFERENCES person,
    subject text NOT NULL,
    row_key bytea NOT NULL CHECK (length(row_key) = 16),
    row_hash bytea NOT NULL CHECK (length(row_hash) = 16),
    change text NOT NULL CHECK (change IN ('added', 'changed', 'ended')),
    PRIMARY KEY (run_id, row_no)
);

-- How far a run has come: the last move is its state. Two people who move it at once write the
-- same number, and one of them is refused.
CREATE TABLE report_move (
    run_id bigint NOT NULL REFERENCES report_run,
    no integer NOT NULL CHECK (no > 0),
    state text NOT NULL CHECK (state IN ('draft', 'frozen', 'sending', 'unclear', 'sent',
        'settled', 'partly_refused', 'dropped')),
    at timestamp NOT NULL,
    by_account bigint REFERENCES account,
    note text NOT NULL,
    PRIMARY KEY (run_id, no)
);

-- What the receiver said of a row. It says it once.
CREATE TABLE report_answer (
    run_id bigint NOT NULL,
    row_no integer NOT NULL,
    accepted boolean NOT NULL,
    code text NOT NULL,
    cause text NOT NULL,
    receipt_sm3 bytea NOT NULL CHECK (length(receipt_sm3) = 32),
    PRIMARY KEY (run_id, row_no),
    FOREIGN KEY (run_id, row_no) REFERENCES report_row
);

-- ---------------------------------------------------------------- live look-ups 实时核验

-- Every call to another system: who, about whom, why, when, how long, what came of it. No value
-- that was answered stands here.
CREATE TABLE exchange_call (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    exchange text COLLATE "C" NOT NULL,
    act text NOT NULL CHECK (act IN ('look_up', 'pull', 'send', 'receipt')),
    person_id uuid REFERENCES person,
    area_pos integer NOT NULL,
    purpose text NOT NULL,
    at timestamp NOT NULL,
    took_ms bigint NOT NULL CHECK (took_ms >= 0),
    attempts integer NOT NULL CHECK (attempts >= 0),
    outcome text NOT NULL,
    account_id bigint REFERENCES account
);
CREATE INDEX exchange_call_area ON exchange_call (area_pos, id DESC);
CREATE INDEX exchange_call_person ON exchange_call (person_id, id DESC)
    WHERE person_id IS NOT NULL;

-- Cache: the last answer about a person, sealed. It may be thrown away.
CREATE TABLE exchange_answer (
    exchange text COLLATE "C" NOT NULL,
    person_id uuid NOT NULL REFERENCES person,
    answered_at timestamp NOT NULL,
    sealed bytea NOT NULL,
    key_version smallint NOT NULL,
    PRIMARY KEY (person_id, exchange)
);

-- ---------------------------------------------------------------- row-level security and rights

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['report_run', 'report_row', 'report_move', 'report_answer',
        'exchange_call', 'exchange_answer'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['report_run', 'exchange_call'] LOOP
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (area_pos >= (SELECT current_setting(''songhe.area_lo'')::integer)'
            '    AND area_pos < (SELECT current_setting(''songhe.area_hi'')::integer))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['report_row', 'report_move', 'report_answer'] LOOP
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (EXISTS (SELECT 1 FROM report_run WHERE report_run.id = %I.run_id))', t, t);
    END LOOP;
    CREATE POLICY scope ON exchange_answer TO songhe_service
        USING (EXISTS (SELECT 1 FROM person
                       WHERE person.person_id = exchange_answer.person_id));
END $$;

GRANT SELECT, INSERT ON report_run, report_row, report_move, report_answer, exchange_call
    TO songhe_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON exchange_answer TO songhe_service;
