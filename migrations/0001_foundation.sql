-- What cannot be added later: two time axes, sources down to batch and row, areas as dated nodes,
-- grants, row-level security, ciphertext and keyed-hash columns, audit entries, the calendar.
--
-- Runs as songhe_owner. songhe_service serves and owns nothing; songhe_engine reads columns for
-- determinations and serves no request. All three exist before this runs.

CREATE EXTENSION IF NOT EXISTS btree_gist;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO songhe_service, songhe_engine;

-- ---------------------------------------------------------------- areas 行政区划

CREATE TABLE area (
    id bigint PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('division', 'managing_unit'))
);

-- Codes, names and parents change; the node stays.
CREATE TABLE area_version (
    area_id bigint NOT NULL REFERENCES area,
    code text COLLATE "C" NOT NULL,
    name text NOT NULL,
    level text NOT NULL
        CHECK (level IN ('province', 'prefecture', 'county', 'township', 'village')),
    parent_id bigint REFERENCES area,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    PRIMARY KEY (area_id, valid_from),
    EXCLUDE USING gist (area_id WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX area_version_code ON area_version (code);

-- Projection: the tree as nested intervals [lo, hi). Rebuilt whenever the tree changes.
CREATE TABLE area_position (
    area_id bigint PRIMARY KEY REFERENCES area,
    lo integer NOT NULL,
    hi integer NOT NULL CHECK (hi > lo)
);

-- ---------------------------------------------------------------- working days 工作日

-- A year that is not here is an error, never a guess.
CREATE TABLE calendar_year (
    year smallint PRIMARY KEY,
    document text NOT NULL,
    confidence text NOT NULL
);

-- Days that differ from the week's rule: holidays on weekdays, working weekends.
CREATE TABLE calendar_day (
    day date PRIMARY KEY,
    year smallint NOT NULL REFERENCES calendar_year,
    working boolean NOT NULL,
    name text NOT NULL
);

-- ---------------------------------------------------------------- people who log in 账号

CREATE TABLE account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text COLLATE "C" NOT NULL UNIQUE,
    name text NOT NULL,
    password_phc text NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL CHECK (valid_to > valid_from),
    failed_count integer NOT NULL DEFAULT 0,
    wait_until timestamp
);

-- The one table from which typed scope, row policies and route guards follow.
CREATE TABLE access_grant (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account,
    role text NOT NULL,
    area_id bigint NOT NULL REFERENCES area,
    purpose text NOT NULL,
    valid_from date NOT NULL,
    -- A grant that is taken back on the day it was given never held.
    valid_to date NOT NULL CHECK (valid_to >= valid_from),
    EXCLUDE USING gist (
        account_id WITH =, role WITH =, area_id WITH =, purpose WITH =,
        daterange(valid_from, valid_to) WITH &&
    )
);

-- Times of sessions are the machine's, not the demo's.
CREATE TABLE session (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    account_id bigint NOT NULL REFERENCES account,
    grant_id bigint NOT NULL REFERENCES access_grant,
    csrf text NOT NULL,
    device text NOT NULL,
    started_at timestamp NOT NULL,
    last_seen_at timestamp NOT NULL,
    ended_at timestamp,
    ended_because text CHECK (
        ended_because IN ('signed_out', 'idle', 'expired', 'forced', 'rights_changed')
    ),
    CHECK ((ended_at IS NULL) = (ended_because IS NULL))
);
CREATE INDEX session_open ON session (last_seen_at) WHERE ended_at IS NULL;

-- ---------------------------------------------------------------- people 基本养老服务对象

-- Projection of the facts, kept for lists and search. Only person_id is for ever.
CREATE TABLE person (
    person_id uuid PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    initials text COLLATE "C" NOT NULL,
    birth_date date,
    sex text CHECK (sex IN ('male', 'female')),
    number_last2 text NOT NULL,
    life text NOT NULL
        CHECK (life IN ('living', 'reported', 'corroborated', 'confirmed', 'contradicted')),
    area_id bigint NOT NULL REFERENCES area,
    area_pos integer NOT NULL,
    -- False when every fact about the person has been taken back (an undone file).
    listed boolean NOT NULL DEFAULT true
);
-- Search under row-level security goes by ranges on these; LIKE is not leak-proof.
CREATE INDEX person_area ON person (area_pos, name_key, person_id);
CREATE INDEX person_name ON person (name_key, area_pos);
CREATE INDEX person_initials ON person (initials, area_pos);
CREATE INDEX person_birth ON person (birth_date);

-- Resident numbers, former ones too: ciphertext, and a keyed hash to look them up. The hash is
-- not unique on purpose: a duplicate-key error would tell what lies outside the scope.
CREATE TABLE person_number (
    person_id uuid NOT NULL REFERENCES person,
    number_index bytea NOT NULL CHECK (length(number_index) = 16),
    sealed bytea NOT NULL,
    key_version smallint NOT NULL,
    PRIMARY KEY (person_id, number_index)
);
CREATE INDEX person_number_index ON person_number (number_index);

-- ---------------------------------------------------------------- department files 部门数据批次

-- What everybody may know of a source: who sent what and as of when. No counts, no content.
CREATE TABLE batch (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    supplier text NOT NULL,
    as_of date NOT NULL,
    file_name text NOT NULL,
    file_sm3 bytea NOT NULL CHECK (length(file_sm3) = 32),
    area_id bigint NOT NULL REFERENCES area
);

-- The rest, for whoever holds the area that the file is about.
CREATE TABLE batch_state (
    batch_id bigint PRIMARY KEY REFERENCES batch,
    area_pos integer NOT NULL,
    state text NOT NULL CHECK (state IN
        ('received', 'staged', 'held', 'applied', 'returned', 'undone', 'refused')),
    file_bytes bigint NOT NULL,
    received_at timestamp NOT NULL,
    received_by bigint REFERENCES account,
    -- What the file looks like, how columns are read, what came of the rows, why it is held:
    -- sealed, because samples are people's data.
    report bytea,
    decided_at timestamp,
    decided_by bigint REFERENCES account,
    previous_batch bigint REFERENCES batch,
    CHECK ((decided_at IS NULL) = (state IN ('received', 'staged', 'held')))
);
CREATE INDEX batch_state_area ON batch_state (area_pos, batch_id DESC);

-- One outcome for each row of a file that was applied: nothing lost, nothing doubled.
CREATE TABLE batch_row (
    batch_id bigint NOT NULL REFERENCES batch,
    row_no integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN
        ('exact', 'normalised', 'created', 'repeated', 'desk', 'none', 'unusable')),
    person_id uuid REFERENCES person,
    area_pos integer NOT NULL,
    row_key bytea NOT NULL CHECK (length(row_key) = 16),
    row_hash bytea NOT NULL CHECK (length(row_hash) = 16),
    -- Why, and what to do; for the desk also the candidates. Sealed with the rest of the row.
    note bytea,
    PRIMARY KEY (batch_id, row_no),
    CHECK ((person_id IS NOT NULL) = (outcome IN ('exact', 'normalised', 'created', 'repeated')))
);

-- For a row on the desk: the people it may be about. Findings about them wait.
CREATE TABLE desk_candidate (
    batch_id bigint NOT NULL,
    row_no integer NOT NULL,
    person_id uuid NOT NULL REFERENCES person,
    PRIMARY KEY (person_id, batch_id, row_no),
    FOREIGN KEY (batch_id, row_no) REFERENCES batch_row
);

-- How the columns of a sender's layout were read last time.
CREATE TABLE remembered_mapping (
    supplier text NOT NULL,
    area_id bigint NOT NULL REFERENCES area,
    header_sm3 bytea NOT NULL,
    mapping jsonb NOT NULL,
    decided_by bigint REFERENCES account,
    decided_at timestamp NOT NULL,
    PRIMARY KEY (supplier, area_id, header_sm3)
);

-- ---------------------------------------------------------------- facts 事实

-- Append-only. valid: when it is true. known: when we learned it. Sources may contradict.
CREATE TABLE assertion (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person,
    kind text COLLATE "C" NOT NULL,
    value_text text,
    value_int bigint,
    value_day date,
    value_area bigint REFERENCES area,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    known_at timestamp NOT NULL,
    -- The file row, or the audit entry of a person's statement.
    batch_id bigint REFERENCES batch,
    row_no integer,
    statement uuid,
    retracts bigint REFERENCES assertion,
    CHECK (num_nonnulls(value_text, value_int, value_day, value_area) = 1),
    CHECK (num_nonnulls(batch_id, statement) = 1),
    CHECK ((batch_id IS NULL) = (row_no IS NULL))
);
CREATE INDEX assertion_person ON assertion (person_id, kind, id);
CREATE INDEX assertion_batch ON assertion (batch_id);
CREATE INDEX assertion_retracts ON assertion (retracts) WHERE retracts IS NOT NULL;

-- Projection: the last standing assertion of each source. Readers take the lowest rank. It has no
-- foreign keys: they would double the time of a county's file, and it can be rebuilt.
CREATE TABLE fact_current (
    person_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    supplier text COLLATE "C" NOT NULL,
    rank smallint NOT NULL,
    value_text text,
    value_int bigint,
    value_day date,
    value_area bigint,
    valid_from date NOT NULL,
    valid_to date,
    assertion_id bigint NOT NULL,
    PRIMARY KEY (person_id, kind, supplier)
);

-- ---------------------------------------------------------------- duties 待办事项

CREATE TABLE duty (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    person_id uuid NOT NULL REFERENCES person,
    item text,
    cause_code text NOT NULL,
    cause text NOT NULL,
    owner_role text NOT NULL,
    owner_area bigint NOT NULL REFERENCES area,
    opened_on date NOT NULL,
    due_on date NOT NULL,
    amount_fen bigint NOT NULL,
    monthly_fen bigint NOT NULL,
    basis bytea NOT NULL CHECK (length(basis) = 32),
    state text NOT NULL CHECK (state IN ('open', 'done', 'waived', 'cause_gone')),
    outcome text,
    reason text,
    closed_at timestamp,
    closed_by bigint REFERENCES account,
    CHECK ((state = 'open') = (closed_at IS NULL)),
    CHECK ((state IN ('done', 'waived')) = (closed_by IS NOT NULL))
);
CREATE INDEX duty_open ON duty (due_on, id) WHERE state = 'open';
CREATE INDEX duty_person ON duty (person_id);

-- ---------------------------------------------------------------- audit 留痕

-- Written in the transaction of the change, without a position: a sequencer orders them later.
CREATE TABLE audit_entry (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    at timestamp NOT NULL,
    account_id bigint REFERENCES account,
    session_id bigint REFERENCES session,
    role text NOT NULL,
    area_id bigint REFERENCES area,
    area_pos integer NOT NULL,
    action text NOT NULL,
    object text NOT NULL,
    before_sm3 bytea,
    after_sm3 bytea,
    note text NOT NULL
);
CREATE INDEX audit_entry_at ON audit_entry (at DESC, id);
CREATE INDEX audit_entry_object ON audit_entry (object);

CREATE TABLE setting (
    name text PRIMARY KEY,
    value text NOT NULL
);

-- ---------------------------------------------------------------- row-level security

-- A missing scope is an error, so that a forgotten one shows nothing.
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['person', 'batch_state', 'audit_entry', 'batch_row'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (area_pos >= (SELECT current_setting(''songhe.area_lo'')::integer)'
            '    AND area_pos < (SELECT current_setting(''songhe.area_hi'')::integer))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY[
        'person_number', 'assertion', 'fact_current', 'duty', 'desk_candidate'
    ] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (EXISTS (SELECT 1 FROM person WHERE person.person_id = %I.person_id))', t, t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY[
        'person', 'fact_current', 'assertion', 'duty', 'desk_candidate', 'person_number'
    ] LOOP
        EXECUTE format('CREATE POLICY columns ON %I FOR SELECT TO songhe_engine USING (true)', t);
    END LOOP;
END $$;

-- ---------------------------------------------------------------- rights

GRANT SELECT ON area, area_version, area_position, calendar_year, calendar_day, batch
    TO songhe_service, songhe_engine;
GRANT INSERT, UPDATE ON area, area_version, calendar_year, calendar_day TO songhe_service;
GRANT INSERT, UPDATE, DELETE ON area_position TO songhe_service;
-- A year's holidays are entered again as a whole.
GRANT DELETE ON calendar_day TO songhe_service;
GRANT SELECT, INSERT, UPDATE ON account, access_grant, session, setting TO songhe_service;
GRANT SELECT, INSERT, UPDATE ON person, batch_state, duty TO songhe_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON fact_current, remembered_mapping TO songhe_service;
-- Append-only: nothing updates or deletes these.
GRANT INSERT ON batch TO songhe_service;
GRANT SELECT, INSERT ON person_number, assertion, audit_entry TO songhe_service;
GRANT SELECT, INSERT ON batch_row, desk_candidate TO songhe_service;
GRANT SELECT ON person, fact_current, assertion, duty, desk_candidate, person_number
    TO songhe_engine;
