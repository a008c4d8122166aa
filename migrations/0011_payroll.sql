-- Pay runs: what is paid of an item to everybody of an area for a month, why it differs from the
-- month before, who froze and locked it, and what the bank said.
--
-- Lines are written at the proposal and never again. A month becomes a row of pay_segment when two
-- people have locked the run, under the number of times that it was in a run before: two runs that
-- saw the same cannot both be locked. A proposal blocks nobody, and a dropped one keeps its lines.
-- Every row that changes what counts as paid carries a number of the assertions' own sequence
-- (mark), so that a past month can be read again as it was known.

-- ---------------------------------------------------------------- 发放批次

CREATE TABLE pay_run (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_id bigint NOT NULL REFERENCES area,
    area_lo integer NOT NULL,
    area_hi integer NOT NULL CHECK (area_hi > area_lo),
    item text COLLATE "C" NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    sequence integer NOT NULL CHECK (sequence > 0),
    -- Rises when the treasury has sent it back: each version is locked anew.
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'frozen', 'locked_once',
        'locked', 'requested', 'funded', 'refused', 'voucher', 'sent', 'settled', 'dropped')),
    move_count integer NOT NULL DEFAULT 1,
    line_count bigint NOT NULL,
    month_count bigint NOT NULL,
    current_fen bigint NOT NULL,
    arrears_fen bigint NOT NULL,
    held_count bigint NOT NULL,
    unexplained bigint NOT NULL,
    before_month date NOT NULL,
    before_lines bigint NOT NULL,
    before_fen bigint NOT NULL,
    -- 档次 by place, as the list called them.
    bands text[] NOT NULL,
    fund text NOT NULL,
    -- What it rests on: list and edition, calendar, files. And the last assertion that counted.
    snapshot jsonb NOT NULL,
    mark bigint NOT NULL,
    proposed_by bigint NOT NULL REFERENCES account,
    proposed_at timestamp NOT NULL,
    digest bytea CHECK (length(digest) = 32),
    frozen_by bigint REFERENCES account,
    frozen_at timestamp,
    first_by bigint REFERENCES account,
    first_at timestamp,
    second_by bigint REFERENCES account,
    second_at timestamp,
    funded_by bigint REFERENCES account,
    UNIQUE (area_id, item, month, sequence),
    CONSTRAINT pay_run_balances CHECK (line_count >= 0 AND month_count >= line_count),
    CONSTRAINT pay_run_frozen CHECK (
        (digest IS NULL) = (frozen_by IS NULL) AND (digest IS NULL) = (frozen_at IS NULL)
        AND (digest IS NOT NULL OR state IN ('proposed', 'dropped'))
        AND (unexplained = 0 OR state IN ('proposed', 'dropped'))),
    -- 四眼: two people lock, neither is the other, and who locks second has not made it.
    CONSTRAINT pay_run_two_people CHECK (
        (second_by IS NULL OR first_by IS NOT NULL)
        AND second_by NOT IN (proposed_by, frozen_by, first_by)
        AND funded_by NOT IN (first_by, second_by)),
    CONSTRAINT pay_run_locked CHECK (
        state IN ('proposed', 'frozen', 'dropped', 'refused')
        OR state = 'locked_once' AND first_by IS NOT NULL AND second_by IS NULL
        OR first_by IS NOT NULL AND second_by IS NOT NULL)
);
-- One run a month, until it is dropped.
CREATE UNIQUE INDEX pay_run_one ON pay_run (area_id, item, month) WHERE state <> 'dropped';
CREATE INDEX pay_run_month ON pay_run (month DESC, id DESC);

CREATE TABLE pay_run_move (
    run_id bigint NOT NULL REFERENCES pay_run,
    no integer NOT NULL CHECK (no > 0),
    from_state text,
    to_state text NOT NULL,
    version integer NOT NULL,
    at timestamp NOT NULL,
    by_account bigint NOT NULL REFERENCES account,
    role text NOT NULL,
    note text NOT NULL,
    mark bigint NOT NULL DEFAULT nextval('assertion_id_seq'),
    PRIMARY KEY (run_id, no)
);

-- ---------------------------------------------------------------- 发放明细

-- No foreign keys: a province's run has millions of lines. They are written by one statement that
-- reads the run, and their policy asks for the person's place.
CREATE TABLE pay_line (
    run_id bigint NOT NULL,
    -- 序号: by place, then person.
    no integer NOT NULL CHECK (no > 0),
    person_id uuid NOT NULL,
    area_id bigint NOT NULL,
    area_pos integer NOT NULL,
    band smallint,
    account bytea NOT NULL CHECK (length(account) = 32),
    current_fen bigint NOT NULL CHECK (current_fen >= 0),
    current_earlier smallint NOT NULL CHECK (current_earlier >= 0),
    arrears_fen bigint NOT NULL CHECK (arrears_fen >= 0),
    arrears_months smallint NOT NULL CHECK (arrears_months >= 0),
    reissued boolean NOT NULL,
    without_current text,
    look boolean NOT NULL,
    PRIMARY KEY (run_id, person_id),
    UNIQUE (run_id, no),
    CHECK (current_fen > 0 OR arrears_fen > 0),
    CHECK ((arrears_months = 0) = (arrears_fen = 0)),
    CHECK ((current_fen = 0) = (without_current IS NOT NULL))
);

-- 补发月份: earlier months of a line.
CREATE TABLE pay_line_arrears (
    run_id bigint NOT NULL,
    person_id uuid NOT NULL,
    month date NOT NULL,
    area_pos integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('arrears', 'reissue')),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    earlier smallint NOT NULL CHECK (earlier >= 0),
    PRIMARY KEY (run_id, person_id, month)
);

-- 明细月份 of locked runs. The key keeps a month from being paid twice.
CREATE TABLE pay_segment (
    person_id uuid NOT NULL,
    item text COLLATE "C" NOT NULL,
    month date NOT NULL,
    sequence smallint NOT NULL CHECK (sequence > 0),
    run_id bigint NOT NULL,
    version integer NOT NULL,
    area_pos integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('current', 'arrears', 'reissue')),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    mark bigint NOT NULL,
    PRIMARY KEY (person_id, item, month, sequence)
);

-- 未发成的月份: came back, or its run was refused or dropped.
CREATE TABLE pay_release (
    person_id uuid NOT NULL,
    item text COLLATE "C" NOT NULL,
    month date NOT NULL,
    sequence smallint NOT NULL,
    run_id bigint NOT NULL,
    area_pos integer NOT NULL,
    why text NOT NULL CHECK (why IN ('returned', 'refused', 'dropped')),
    at timestamp NOT NULL,
    mark bigint NOT NULL,
    PRIMARY KEY (person_id, item, month, sequence)
);

-- 已追回的月份. What about names says it once.
CREATE TABLE pay_recovered (
    person_id uuid NOT NULL,
    item text COLLATE "C" NOT NULL,
    month date NOT NULL,
    about text COLLATE "C" NOT NULL,
    area_pos integer NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    at timestamp NOT NULL,
    mark bigint NOT NULL DEFAULT nextval('assertion_id_seq'),
    PRIMARY KEY (person_id, item, month, about)
);

-- ---------------------------------------------------------------- 暂缓, 差异, 多发

CREATE TABLE pay_held (
    run_id bigint NOT NULL,
    person_id uuid NOT NULL,
    area_id bigint NOT NULL,
    area_pos integer NOT NULL,
    cause text NOT NULL,
    needs text[] NOT NULL,
    amount_fen bigint NOT NULL,
    PRIMARY KEY (run_id, person_id)
);

CREATE TABLE pay_difference (
    run_id bigint NOT NULL,
    person_id uuid NOT NULL,
    cause text NOT NULL,
    area_id bigint NOT NULL,
    area_pos integer NOT NULL,
    lines smallint NOT NULL CHECK (lines BETWEEN -1 AND 1),
    months integer NOT NULL CHECK (months >= 0),
    before_fen bigint NOT NULL,
    now_fen bigint NOT NULL,
    band_before smallint,
    band smallint,
    PRIMARY KEY (run_id, person_id, cause)
);

CREATE TABLE pay_overpaid (
    run_id bigint NOT NULL,
    person_id uuid NOT NULL,
    month date NOT NULL,
    area_pos integer NOT NULL,
    paid_fen bigint NOT NULL CHECK (paid_fen > due_fen),
    due_fen bigint NOT NULL,
    by_roster boolean NOT NULL,
    PRIMARY KEY (run_id, person_id, month)
);

-- 分村分档: what the treasury sees. No people in it.
CREATE TABLE pay_place (
    run_id bigint NOT NULL,
    area_id bigint NOT NULL,
    band smallint NOT NULL,
    lines bigint NOT NULL,
    months bigint NOT NULL,
    current_fen bigint NOT NULL,
    arrears_fen bigint NOT NULL,
    PRIMARY KEY (run_id, area_id, band)
);

-- ---------------------------------------------------------------- 回盘

-- What the bank said of a line, each time that it said something new.
CREATE TABLE pay_answer (
    run_id bigint NOT NULL,
    person_id uuid NOT NULL,
    no integer NOT NULL CHECK (no > 0),
    version integer NOT NULL,
    area_pos integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('paid', 'returned', 'unknown')),
    cause text NOT NULL,
    words text NOT NULL,
    return_id bigint,
    at timestamp NOT NULL,
    by_account bigint REFERENCES account,
    mark bigint NOT NULL DEFAULT nextval('assertion_id_seq'),
    PRIMARY KEY (run_id, person_id, no)
);
CREATE INDEX pay_answer_returned ON pay_answer (run_id, person_id) WHERE outcome = 'returned';

-- Who is on hold by a fact, for the look before the second lock.
CREATE INDEX fact_current_hold ON fact_current (person_id, kind)
    WHERE kind IN ('hold.survival', 'hold.objection', 'hold.decision');

-- ---------------------------------------------------------------- row-level security and rights

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['pay_run', 'pay_run_move', 'pay_place', 'pay_line',
        'pay_line_arrears', 'pay_segment', 'pay_release', 'pay_recovered', 'pay_held',
        'pay_difference', 'pay_overpaid', 'pay_answer'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY columns ON %I FOR SELECT TO songhe_engine USING (true)', t);
        EXECUTE format('GRANT SELECT ON %I TO songhe_engine', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO songhe_service', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['pay_line', 'pay_line_arrears', 'pay_segment', 'pay_release',
        'pay_recovered', 'pay_held', 'pay_difference', 'pay_overpaid', 'pay_answer'] LOOP
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (area_pos >= (SELECT current_setting(''songhe.area_lo'')::integer)'
            '    AND area_pos < (SELECT current_setting(''songhe.area_hi'')::integer))', t);
    END LOOP;
    -- The run of a county is known in its villages, where its lines are.
    CREATE POLICY reading ON pay_run FOR SELECT TO songhe_service
        USING (area_lo < (SELECT current_setting('songhe.area_hi')::integer)
           AND area_hi > (SELECT current_setting('songhe.area_lo')::integer));
    CREATE POLICY making ON pay_run FOR INSERT TO songhe_service
        WITH CHECK (area_lo >= (SELECT current_setting('songhe.area_lo')::integer)
           AND area_hi <= (SELECT current_setting('songhe.area_hi')::integer));
    CREATE POLICY moving ON pay_run FOR UPDATE TO songhe_service
        USING (area_lo >= (SELECT current_setting('songhe.area_lo')::integer)
           AND area_hi <= (SELECT current_setting('songhe.area_hi')::integer));
    FOREACH t IN ARRAY ARRAY['pay_run_move', 'pay_place'] LOOP
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (EXISTS (SELECT 1 FROM pay_run WHERE pay_run.id = %I.run_id))', t, t);
    END LOOP;
END $$;

-- How far a run has come; what it pays never changes.
GRANT UPDATE (state, move_count, version, digest, snapshot, mark, frozen_by, frozen_at, first_by,
    first_at, second_by, second_at, funded_by) ON pay_run TO songhe_service;
