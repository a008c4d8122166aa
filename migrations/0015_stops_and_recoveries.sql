-- 停发与恢复, 生存核验, 追缴. The cases themselves stand in case_file; here stands what they are
-- about. A case id is made from what it is about and how many there were before, so that two
-- clerks who propose the same at once collide.

-- ---------------------------------------------------------------- stops 停发

-- Append-only: what was proposed.
CREATE TABLE stop_case (
    case_id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person,
    item text COLLATE "C" NOT NULL,
    reason text NOT NULL CHECK (reason IN ('death', 'moved_out', 'lost_qualification',
        'duplicate', 'gave_up', 'not_located', 'data_correction', 'policy_change',
        'survival_lapsed', 'other')),
    -- 每月标准 that ends, and the day of death where that is the reason.
    monthly_fen bigint NOT NULL CHECK (monthly_fen > 0),
    died_on date,
    -- 不该发起始月: the first month that is not owed; for a death it follows from the day.
    not_due_from date CHECK (extract(day FROM not_due_from) = 1),
    evidence text NOT NULL,
    -- The duty that it follows from.
    duty_id uuid,
    proposed_at timestamp NOT NULL
);
CREATE INDEX stop_case_person ON stop_case (person_id, item);

-- Append-only: what was decided: from which month nothing is paid, and what that rested on.
CREATE TABLE stop_decision (
    case_id uuid PRIMARY KEY REFERENCES stop_case,
    person_id uuid NOT NULL REFERENCES person,
    item text COLLATE "C" NOT NULL,
    from_month date NOT NULL CHECK (extract(day FROM from_month) = 1),
    rested_on bytea NOT NULL CHECK (length(rested_on) = 32),
    decided_at timestamp NOT NULL
);
CREATE INDEX stop_decision_person ON stop_decision (person_id, item);

-- ---------------------------------------------------------------- restores 恢复

-- Append-only: which stop is taken back. Who was known to be dead is restored by two people: that
-- they are two is a rule of case_file.
CREATE TABLE restore_case (
    case_id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person,
    item text COLLATE "C" NOT NULL,
    -- None when the death was established and the award was not stopped yet.
    stop_case uuid REFERENCES stop_case,
    known_dead boolean NOT NULL,
    evidence text NOT NULL CHECK (evidence <> ''),
    proposed_at timestamp NOT NULL
);
CREATE INDEX restore_case_person ON restore_case (person_id, item);

-- ---------------------------------------------------------------- survival checks 生存核验

-- One round of a county.
CREATE TABLE survival_round (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_id bigint NOT NULL REFERENCES area,
    area_lo integer NOT NULL,
    area_hi integer NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    -- A trace on or after this day counts.
    traces_from date NOT NULL,
    opened_on date NOT NULL,
    ends_on date NOT NULL,
    closed_at timestamp,
    UNIQUE (area_id, month)
);

-- Everybody who is paid in the round: how they were verified, or that they were not yet.
CREATE TABLE survival_line (
    round_id bigint NOT NULL REFERENCES survival_round,
    person_id uuid NOT NULL REFERENCES person,
    area_pos integer NOT NULL,
    -- Kind of fact or way of looking; none while nobody knows.
    how text COLLATE "C",
    settled_on date,
    -- 暂缓 since the round ended without an answer, until somebody was seen.
    held_on date,
    lifted_on date,
    PRIMARY KEY (round_id, person_id),
    CHECK ((how IS NULL) = (settled_on IS NULL))
);
CREATE INDEX survival_line_area ON survival_line (round_id, area_pos, person_id);
CREATE INDEX survival_line_person ON survival_line (person_id);

-- ---------------------------------------------------------------- recoveries 追缴

-- Append-only: a receivable. Its sum is that of its months.
CREATE TABLE recovery (
    case_id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person,
    item text COLLATE "C" NOT NULL,
    cause text NOT NULL,
    died_on date,
    -- The day on which the bureau learned of it.
    known_on date,
    opened_on date NOT NULL,
    total_fen bigint NOT NULL CHECK (total_fen > 0)
);
CREATE INDEX recovery_person ON recovery (person_id, item);

-- The months. One month of one item is claimed back once, unless the claim was released.
CREATE TABLE recovery_month (
    case_id uuid NOT NULL REFERENCES recovery,
    person_id uuid NOT NULL REFERENCES person,
    item text COLLATE "C" NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    -- Paid by a run of ours; else the roster that was taken over says so.
    by_us boolean NOT NULL,
    released boolean NOT NULL DEFAULT false,
    PRIMARY KEY (case_id, month)
);
CREATE UNIQUE INDEX recovery_month_once ON recovery_month (person_id, item, month)
    WHERE NOT released;

-- Append-only: whom it is claimed from: an heir or who else has the money. Sealed.
CREATE TABLE recovery_contact (
    case_id uuid NOT NULL REFERENCES recovery,
    no integer NOT NULL CHECK (no > 0),
    relation text NOT NULL,
    sealed text NOT NULL,
    noted_at timestamp NOT NULL,
    noted_by bigint NOT NULL REFERENCES account,
    PRIMARY KEY (case_id, no)
);

-- Append-only: instalments 分期; the highest version holds.
CREATE TABLE recovery_instalment (
    case_id uuid NOT NULL REFERENCES recovery,
    version integer NOT NULL CHECK (version > 0),
    no integer NOT NULL CHECK (no > 0),
    due_on date NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (case_id, version, no)
);

-- Append-only: what came back, was set off or was written off. Each is a transfer of the ledger.
CREATE TABLE recovery_entry (
    case_id uuid NOT NULL REFERENCES recovery,
    no integer NOT NULL CHECK (no > 0),
    kind text NOT NULL CHECK (kind IN ('repaid', 'set_off', 'written_off')),
    channel text NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    on_day date NOT NULL,
    note text NOT NULL,
    transfer_id uuid NOT NULL UNIQUE,
    entered_at timestamp NOT NULL,
    entered_by bigint NOT NULL REFERENCES account,
    PRIMARY KEY (case_id, no)
);

-- 核销: proposed by one person, decided by another.
CREATE TABLE recovery_write_off (
    case_id uuid NOT NULL REFERENCES recovery,
    no integer NOT NULL CHECK (no > 0),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    reason text NOT NULL CHECK (reason <> ''),
    proposed_by bigint NOT NULL REFERENCES account,
    proposed_at timestamp NOT NULL,
    granted boolean,
    decided_by bigint REFERENCES account,
    decided_at timestamp,
    words text,
    PRIMARY KEY (case_id, no),
    CHECK (num_nonnulls(granted, decided_by, decided_at, words) IN (0, 4)),
    CHECK (decided_by <> proposed_by)
);

-- ---------------------------------------------------------------- settings 各地自定

INSERT INTO setting (name, value) VALUES
    -- 生存核验: in which months a round begins, how far back a trace counts, how long villages have.
    ('survival_months', '5,11'),
    ('survival_trace_days', '180'),
    ('survival_working_days', '30'),
    -- 追缴: how long a notice gives, and up to which sum of fen a write-off needs no notice.
    ('recovery_notice_working_days', '10'),
    ('recovery_small_fen', '0')
ON CONFLICT (name) DO NOTHING;

-- ---------------------------------------------------------------- row-level security and rights

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['stop_case', 'stop_decision', 'restore_case', 'survival_round',
        'survival_line', 'recovery', 'recovery_month', 'recovery_contact', 'recovery_instalment',
        'recovery_entry', 'recovery_write_off'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['stop_case', 'stop_decision', 'restore_case', 'recovery',
        'recovery_month'] LOOP
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (EXISTS (SELECT 1 FROM person WHERE person.person_id = %I.person_id))', t, t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['recovery_contact', 'recovery_instalment', 'recovery_entry',
        'recovery_write_off'] LOOP
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (EXISTS (SELECT 1 FROM recovery WHERE recovery.case_id = %I.case_id))', t, t);
    END LOOP;
    -- A round is known to whoever works in its county; its lines to whom they lie with.
    CREATE POLICY scope ON survival_round TO songhe_service
        USING (area_lo < (SELECT current_setting('songhe.area_hi')::integer)
           AND area_hi > (SELECT current_setting('songhe.area_lo')::integer));
    CREATE POLICY scope ON survival_line TO songhe_service
        USING (area_pos >= (SELECT current_setting('songhe.area_lo')::integer)
           AND area_pos < (SELECT current_setting('songhe.area_hi')::integer));
END $$;

GRANT SELECT, INSERT ON stop_case, stop_decision, restore_case, recovery, recovery_month,
    recovery_contact, recovery_instalment, recovery_entry TO songhe_service;
GRANT SELECT, INSERT, UPDATE ON survival_round, survival_line TO songhe_service;
GRANT SELECT, INSERT ON recovery_write_off TO songhe_service;
GRANT UPDATE (released) ON recovery_month TO songhe_service;
GRANT UPDATE (granted, decided_by, decided_at, words) ON recovery_write_off TO songhe_service;
