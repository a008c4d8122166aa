-- The match desk: rows that a person decides, what was decided, and which pairs are not one
-- person. And people who turned out to be one: merged, and taken apart again.

-- ---------------------------------------------------------------- match desk 人工比对

-- A row that waits on the desk, with all that a decision needs, so that nobody waits for the file
-- to be read again. State, person and duty are a projection of the decisions below.
CREATE TABLE desk_row (
    batch_id bigint NOT NULL,
    row_no integer NOT NULL,
    area_pos integer NOT NULL,
    -- Stored word of the reason, for the filter.
    reason text NOT NULL,
    -- What the row says about who it is, as a keyed hash: the same question in the next file.
    question bytea NOT NULL CHECK (length(question) = 16),
    -- Its cells, its facts and the reason in words, sealed.
    content bytea NOT NULL,
    key_version smallint NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'asked', 'same', 'none', 'created')),
    seq integer NOT NULL DEFAULT 0,
    person_id uuid REFERENCES person,
    duty_id uuid,
    PRIMARY KEY (batch_id, row_no),
    FOREIGN KEY (batch_id, row_no) REFERENCES batch_row,
    CHECK ((person_id IS NOT NULL) = (state IN ('asked', 'same', 'created'))),
    CHECK ((duty_id IS NOT NULL) = (state = 'asked'))
);
CREATE INDEX desk_row_state ON desk_row (state, batch_id, row_no);
CREATE INDEX desk_row_question ON desk_row (question);
CREATE INDEX desk_row_person ON desk_row (person_id) WHERE person_id IS NOT NULL;

-- Append-only: what was decided about a row, and that it was taken back. The last one holds; two
-- clerks cannot both be the next one.
CREATE TABLE desk_decision (
    -- In the order of deciding.
    id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    batch_id bigint NOT NULL,
    row_no integer NOT NULL,
    seq integer NOT NULL CHECK (seq > 0),
    area_pos integer NOT NULL,
    decision text NOT NULL
        CHECK (decision IN ('same', 'none', 'created', 'ask_village', 'undone')),
    person_id uuid REFERENCES person,
    -- None for the system, which repeats what a person decided about an earlier row.
    decided_by bigint REFERENCES account,
    decided_at timestamp NOT NULL,
    reason text NOT NULL,
    -- The number of the row was noted as a further one of the person.
    notes_number boolean NOT NULL DEFAULT false,
    follows_batch bigint,
    follows_row integer,
    PRIMARY KEY (batch_id, row_no, seq),
    FOREIGN KEY (batch_id, row_no) REFERENCES desk_row,
    FOREIGN KEY (follows_batch, follows_row) REFERENCES desk_row,
    CHECK ((person_id IS NOT NULL) = (decision IN ('same', 'created', 'ask_village')))
);
CREATE INDEX desk_decision_by ON desk_decision (decided_by, id DESC);

-- A number that a person noted as a further one of somebody, or took back. Only the own one is
-- shown and counted by; look-ups find all that are not taken back.
ALTER TABLE person_number ADD COLUMN standing text NOT NULL DEFAULT 'own'
    CHECK (standing IN ('own', 'further', 'withdrawn'));
GRANT UPDATE (standing) ON person_number TO songhe_service;

-- ---------------------------------------------------------------- merged people 合并档案

-- Append-only: proposed by one person, confirmed or refused by another, and taken apart again by
-- a later row. The four eyes are a constraint: a confirmation carries who proposed.
CREATE TABLE person_merge (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    step text NOT NULL CHECK (step IN ('proposed', 'confirmed', 'refused', 'undone')),
    kept uuid NOT NULL REFERENCES person,
    merged uuid NOT NULL REFERENCES person CHECK (merged <> kept),
    decided_by bigint NOT NULL REFERENCES account,
    decided_at timestamp NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    proposal bigint,
    proposed_by bigint,
    -- What the answer refers to is exactly what was proposed, and who proposed it.
    UNIQUE (id, kept, merged, decided_by),
    FOREIGN KEY (proposal, kept, merged, proposed_by)
        REFERENCES person_merge (id, kept, merged, decided_by),
    CHECK ((proposal IS NULL) = (step = 'proposed')),
    CHECK ((proposed_by IS NULL) = (step = 'proposed')),
    CHECK (step <> 'confirmed' OR proposed_by <> decided_by)
);
-- A proposal is answered once, and what was confirmed is taken apart once.
CREATE UNIQUE INDEX person_merge_answer ON person_merge (proposal) WHERE step <> 'undone';
CREATE UNIQUE INDEX person_merge_undone ON person_merge (proposal) WHERE step = 'undone';
CREATE INDEX person_merge_merged ON person_merge (merged);

-- Projection: whom the file of a merged person has gone over to.
ALTER TABLE person ADD COLUMN merged_into uuid REFERENCES person,
    ADD CONSTRAINT person_merged_is_not_listed CHECK (merged_into IS NULL OR NOT listed);
CREATE INDEX person_merged_into ON person (merged_into) WHERE merged_into IS NOT NULL;

-- Append-only: two people who look alike and are not one, so that nobody is asked again. The
-- smaller id comes first; the last word holds.
CREATE TABLE cleared_pair (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person,
    other_id uuid NOT NULL REFERENCES person CHECK (other_id > person_id),
    cleared boolean NOT NULL,
    decided_by bigint NOT NULL REFERENCES account,
    decided_at timestamp NOT NULL,
    reason text NOT NULL
);
CREATE INDEX cleared_pair_people ON cleared_pair (person_id, other_id, id DESC);

-- ---------------------------------------------------------------- row-level security and rights

ALTER TABLE desk_decision ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk_decision FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON desk_decision TO songhe_service
    USING (area_pos >= (SELECT current_setting('songhe.area_lo')::integer)
       AND area_pos < (SELECT current_setting('songhe.area_hi')::integer));

-- Whoever may see a person may see which row was found to be about them.
ALTER TABLE desk_row ENABLE ROW LEVEL SECURITY;
ALTER TABLE desk_row FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON desk_row TO songhe_service
    USING ((area_pos >= (SELECT current_setting('songhe.area_lo')::integer)
        AND area_pos < (SELECT current_setting('songhe.area_hi')::integer))
        OR (state IN ('same', 'created')
            AND EXISTS (SELECT 1 FROM person WHERE person.person_id = desk_row.person_id)));

-- Whoever sees both people.
ALTER TABLE person_merge ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_merge FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON person_merge TO songhe_service
    USING (EXISTS (SELECT 1 FROM person WHERE person.person_id = person_merge.kept)
       AND EXISTS (SELECT 1 FROM person WHERE person.person_id = person_merge.merged));
ALTER TABLE cleared_pair ENABLE ROW LEVEL SECURITY;
ALTER TABLE cleared_pair FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON cleared_pair TO songhe_service
    USING (EXISTS (SELECT 1 FROM person WHERE person.person_id = cleared_pair.person_id)
       AND EXISTS (SELECT 1 FROM person WHERE person.person_id = cleared_pair.other_id));

GRANT SELECT, INSERT ON desk_decision, person_merge, cleared_pair TO songhe_service;
GRANT SELECT, INSERT, UPDATE ON desk_row TO songhe_service;
