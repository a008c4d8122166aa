-- The newest file of each source and area as everybody may know it, files that two people
-- accept, and requests to a sender to correct what it sent.

-- ---------------------------------------------------------------- 来源现状

-- Projection: the last applied file of each source for each area. Without content, so that a
-- page for one village knows how old the county's files are, and what their silence means.
CREATE TABLE source_file (
    supplier text COLLATE "C" NOT NULL,
    area_id bigint NOT NULL REFERENCES area,
    batch_id bigint NOT NULL REFERENCES batch,
    as_of date NOT NULL,
    PRIMARY KEY (supplier, area_id)
);
INSERT INTO source_file (supplier, area_id, batch_id, as_of)
SELECT DISTINCT ON (b.supplier, b.area_id) b.supplier, b.area_id, b.id, b.as_of
FROM batch b JOIN batch_state s ON s.batch_id = b.id
WHERE s.state = 'applied'
ORDER BY b.supplier, b.area_id, s.decided_at DESC, b.id DESC;
GRANT SELECT ON source_file TO songhe_service, songhe_engine;
GRANT INSERT, UPDATE, DELETE ON source_file TO songhe_service;

-- ---------------------------------------------------------------- 两人接收

-- A file that can stop somebody's money: one person accepts it, another one applies it.
ALTER TABLE batch_state
    ADD COLUMN accepted_by bigint REFERENCES account,
    ADD COLUMN accepted_at timestamp,
    ADD COLUMN accepted_reason text,
    -- Why it was applied although held, returned or undone, in the decider's words.
    ADD COLUMN decided_reason text NOT NULL DEFAULT '',
    DROP CONSTRAINT batch_state_state_check,
    DROP CONSTRAINT batch_state_check,
    ADD CONSTRAINT batch_state_state_check CHECK (state IN
        ('received', 'staged', 'held', 'accepted', 'applied', 'returned', 'undone', 'refused')),
    ADD CONSTRAINT batch_state_decided CHECK
        ((decided_at IS NULL) = (state IN ('received', 'staged', 'held', 'accepted'))),
    ADD CONSTRAINT batch_state_accepted CHECK
        (num_nonnulls(accepted_by, accepted_at, accepted_reason) IN (0, 3)
         AND (state <> 'accepted' OR accepted_by IS NOT NULL)),
    ADD CONSTRAINT batch_state_four_eyes CHECK
        (state <> 'applied' OR accepted_by IS NULL OR accepted_by IS DISTINCT FROM decided_by);

-- ---------------------------------------------------------------- 名册之外

-- A row of the desk that a person has decided no longer speaks for the people it might have been
-- about. Kept beside the candidate, because the desk's rows are not seen in every scope.
ALTER TABLE desk_candidate ADD COLUMN settled boolean NOT NULL DEFAULT false;
GRANT UPDATE (settled) ON desk_candidate TO songhe_service;
CREATE FUNCTION settle_desk_candidates() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE desk_candidate SET settled = NEW.state NOT IN ('waiting', 'asked')
    WHERE batch_id = NEW.batch_id AND row_no = NEW.row_no;
    RETURN NULL;
END $$;
CREATE TRIGGER settled AFTER INSERT OR UPDATE OF state ON desk_row
    FOR EACH ROW EXECUTE FUNCTION settle_desk_candidates();

-- ---------------------------------------------------------------- 未变的行

-- Digest of all that a row's facts follow from besides the row: layout, columns, areas. While it
-- and a row stay the same, the row asserts nothing new.
ALTER TABLE batch_state ADD COLUMN reading_sm3 bytea CHECK (length(reading_sm3) = 32);

-- ---------------------------------------------------------------- 校核纠错

-- What goes to one sender about one of its files, in one hand-over.
CREATE TABLE correction_slip (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES batch,
    area_pos integer NOT NULL,
    sent_at timestamp NOT NULL,
    sent_by bigint NOT NULL REFERENCES account,
    -- 答复期限
    due_on date NOT NULL
);

-- A request to a sender: this row says so, and by this evidence it should say that.
CREATE TABLE correction (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id bigint NOT NULL REFERENCES batch,
    row_no integer NOT NULL CHECK (row_no > 0),
    -- Kind of the fact; empty when the row as a whole cannot be used.
    kind text COLLATE "C" NOT NULL,
    person_id uuid REFERENCES person,
    area_pos integer NOT NULL,
    -- Who, what is said, what is right, whose evidence: sealed.
    content bytea NOT NULL,
    key_version smallint NOT NULL,
    state text NOT NULL CHECK (state IN ('drafted', 'sent', 'accepted', 'refused', 'closed')),
    slip_id bigint REFERENCES correction_slip,
    drafted_at timestamp NOT NULL,
    drafted_by bigint NOT NULL REFERENCES account,
    answered_at timestamp,
    answered_by bigint REFERENCES account,
    answer text NOT NULL DEFAULT '',
    closed_at timestamp,
    closed_by bigint REFERENCES account,
    -- 先按核实的值用: the audit entry behind the value that stands meanwhile.
    meanwhile uuid,
    CHECK ((state = 'drafted') = (slip_id IS NULL)),
    CHECK (state NOT IN ('accepted', 'refused') OR answered_by IS NOT NULL),
    CHECK ((state = 'closed') = (closed_by IS NOT NULL))
);
CREATE INDEX correction_state ON correction (state, area_pos);
CREATE INDEX correction_person ON correction (person_id) WHERE person_id IS NOT NULL;
-- A row is asked about once at a time.
CREATE UNIQUE INDEX correction_open ON correction (batch_id, row_no, kind)
    WHERE state IN ('drafted', 'sent');

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['correction', 'correction_slip'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (area_pos >= (SELECT current_setting(''songhe.area_lo'')::integer)'
            '    AND area_pos < (SELECT current_setting(''songhe.area_hi'')::integer))', t);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON correction_slip TO songhe_service;
GRANT SELECT, INSERT, UPDATE ON correction TO songhe_service;
