-- 按当时所知: what was known at any earlier moment can be read again, to the byte.
--
-- Assertions are append-only and tell by themselves what stood when they were the newest. Three
-- projections beside them change in place: a person's card, the newest file of a source, and which
-- rows wait on the desk. Each keeps what it was, numbered from the assertions' own sequence, so
-- that one number, the mark, orders all four. Nothing is written for what was never changed.

GRANT SELECT, USAGE ON SEQUENCE assertion_id_seq TO songhe_service, songhe_engine;

-- ---------------------------------------------------------------- 档案封面

-- What a card said up to this number. Who has no later row was what the card says now.
CREATE TABLE person_was (
    id bigint PRIMARY KEY DEFAULT nextval('assertion_id_seq'),
    person_id uuid NOT NULL REFERENCES person,
    area_id bigint NOT NULL,
    life text NOT NULL,
    listed boolean NOT NULL,
    merged_into uuid
);
CREATE INDEX person_was_person ON person_was (person_id, id);

-- Planned once for a session, perhaps for one row, and then used for a whole file: no nested loop.
CREATE FUNCTION keep_what_a_person_was() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp
    SET enable_nestloop = off
AS $$
BEGIN
    INSERT INTO person_was (person_id, area_id, life, listed, merged_into)
    SELECT was.person_id, was.area_id, was.life, was.listed, was.merged_into
    FROM was JOIN becomes USING (person_id)
    WHERE (was.area_id, was.life, was.listed, was.merged_into)
          IS DISTINCT FROM (becomes.area_id, becomes.life, becomes.listed, becomes.merged_into);
    RETURN NULL;
END $$;
CREATE TRIGGER keep_what_a_person_was AFTER UPDATE ON person
    REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT
    EXECUTE FUNCTION keep_what_a_person_was();

ALTER TABLE person_was ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_was FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON person_was TO songhe_service
    USING (EXISTS (SELECT 1 FROM person WHERE person.person_id = person_was.person_id));
CREATE POLICY columns ON person_was FOR SELECT TO songhe_engine USING (true);
GRANT SELECT, INSERT ON person_was TO songhe_service;
GRANT SELECT ON person_was TO songhe_engine;

-- ---------------------------------------------------------------- 来源现状

-- Which file of a source has counted for an area since this number; none, when it was undone.
CREATE TABLE source_file_since (
    supplier text COLLATE "C" NOT NULL,
    area_id bigint NOT NULL,
    id bigint NOT NULL DEFAULT nextval('assertion_id_seq'),
    batch_id bigint REFERENCES batch,
    as_of date,
    PRIMARY KEY (supplier, area_id, id),
    CHECK ((batch_id IS NULL) = (as_of IS NULL))
);
INSERT INTO source_file_since (supplier, area_id, id, batch_id, as_of)
SELECT supplier, area_id, 0, batch_id, as_of FROM source_file;

CREATE FUNCTION keep_source_file() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO source_file_since (supplier, area_id) VALUES (OLD.supplier, OLD.area_id);
    ELSE
        INSERT INTO source_file_since (supplier, area_id, batch_id, as_of)
        VALUES (NEW.supplier, NEW.area_id, NEW.batch_id, NEW.as_of);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_source_file AFTER INSERT OR UPDATE OR DELETE ON source_file
    FOR EACH ROW EXECUTE FUNCTION keep_source_file();
GRANT SELECT, INSERT ON source_file_since TO songhe_service;
GRANT SELECT ON source_file_since TO songhe_engine;

-- ---------------------------------------------------------------- 待比对的行

-- Since this number the row no longer speaks for whom it might be about, or does so again.
CREATE TABLE desk_settled_since (
    batch_id bigint NOT NULL,
    row_no integer NOT NULL,
    id bigint NOT NULL DEFAULT nextval('assertion_id_seq'),
    settled boolean NOT NULL,
    PRIMARY KEY (batch_id, row_no, id)
);
GRANT SELECT, INSERT ON desk_settled_since TO songhe_service;
GRANT SELECT ON desk_settled_since TO songhe_engine;

CREATE OR REPLACE FUNCTION settle_desk_candidates() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp
AS $$
DECLARE is_settled boolean := NEW.state NOT IN ('waiting', 'asked');
BEGIN
    UPDATE desk_candidate SET settled = is_settled
    WHERE batch_id = NEW.batch_id AND row_no = NEW.row_no AND settled <> is_settled;
    IF FOUND THEN
        INSERT INTO desk_settled_since (batch_id, row_no, settled)
        VALUES (NEW.batch_id, NEW.row_no, is_settled);
    END IF;
    RETURN NULL;
END $$;

-- ---------------------------------------------------------------- 此刻所知

-- A number under which nothing can appear any more, and which divides nobody's transaction: read
-- while nobody else writes to the tables that take their numbers from this sequence. None after
-- the patience, when somebody still does.
-- It takes no lock, so that nobody waits for it.
CREATE FUNCTION high_water(patience_ms integer) RETURNS bigint LANGUAGE plpgsql
    SET search_path = public, pg_temp
AS $$
DECLARE
    until timestamptz := clock_timestamp() + patience_ms * interval '1 millisecond';
    kept oid[] := ARRAY['assertion', 'person_was', 'source_file_since', 'desk_settled_since',
                        'pay_segment', 'pay_release', 'pay_recovered', 'pay_answer',
                        'pay_run_move'
                       ]::regclass[]::oid[];
    mark bigint;
    again bigint;
    busy boolean;
BEGIN
    LOOP
        SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO mark FROM assertion_id_seq;
        -- A writer holds this lock from before its first number until it has committed.
        busy := EXISTS (
            SELECT FROM pg_locks
            WHERE locktype = 'relation' AND relation = ANY (kept) AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND mode = 'RowExclusiveLock' AND pid IS DISTINCT FROM pg_backend_pid());
        -- Who took a number and was gone before the look has moved the sequence.
        SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO again FROM assertion_id_seq;
        IF NOT busy AND again = mark THEN
            RETURN mark;
        END IF;
        IF clock_timestamp() >= until THEN
            RETURN NULL;
        END IF;
        PERFORM pg_sleep(0.02);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION high_water(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION high_water(integer) TO songhe_service, songhe_engine;
