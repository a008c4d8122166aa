-- Publicity, objections and complaints, and the trace of what was printed.

-- ---------------------------------------------------------------- 公示

-- One sheet for one village: what everybody may know of it. Nothing here is about a person.
CREATE TABLE posting (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_id bigint NOT NULL REFERENCES area,
    posted_on date NOT NULL,
    -- 公示期, calendar days; the last one counts whole and is not put off by a holiday.
    period_days smallint NOT NULL CHECK (period_days > 0),
    last_day date NOT NULL,
    phone text NOT NULL,
    -- Projection of posting_act: the day on which the sheet came down.
    ended_on date CHECK (ended_on >= posted_on),
    CHECK (last_day = posted_on + period_days)
);
CREATE INDEX posting_running ON posting (area_id) WHERE ended_on IS NULL;

-- The lines as everybody reads them. There is no room for a number, an account or a diagnosis:
-- a name is masked before it comes here.
CREATE TABLE posting_line (
    posting_id bigint NOT NULL REFERENCES posting,
    no integer NOT NULL CHECK (no > 0),
    shown_name text NOT NULL CHECK (strpos(shown_name, '*') > 0 AND shown_name !~ '[0-9０-９]'),
    village text NOT NULL,
    item text NOT NULL,
    monthly_fen bigint NOT NULL CHECK (monthly_fen >= 0),
    arrears_months smallint NOT NULL CHECK (arrears_months >= 0),
    arrears_fen bigint NOT NULL CHECK (arrears_fen >= 0),
    PRIMARY KEY (posting_id, no),
    CHECK ((arrears_months = 0) = (arrears_fen = 0))
);

-- Which application stands behind which line.
CREATE TABLE posting_person (
    posting_id bigint NOT NULL,
    no integer NOT NULL,
    person_id uuid NOT NULL REFERENCES person,
    case_id uuid NOT NULL REFERENCES case_file,
    PRIMARY KEY (posting_id, no),
    UNIQUE (posting_id, case_id),
    FOREIGN KEY (posting_id, no) REFERENCES posting_line
);
CREATE INDEX posting_person_case ON posting_person (case_id);

-- Who put the sheet up and who took it down. Two clerks who do the same write the same key.
CREATE TABLE posting_act (
    posting_id bigint NOT NULL REFERENCES posting,
    act text NOT NULL CHECK (act IN ('posted', 'taken_down')),
    area_pos integer NOT NULL,
    -- The day on the sheet, which may be earlier than its entry.
    on_day date NOT NULL,
    by_account bigint NOT NULL REFERENCES account,
    at timestamp NOT NULL,
    -- Whose hand it was and where; why it came down early.
    note text NOT NULL,
    PRIMARY KEY (posting_id, act)
);
CREATE INDEX posting_act_area ON posting_act (area_pos, posting_id DESC);

-- ---------------------------------------------------------------- 异议与投诉

-- What was said, by which channel and of which kind. All else is its case's: receipt number,
-- state, whom and what it is about, who owes the answer.
CREATE TABLE complaint (
    -- Both are written in one transaction, the case last.
    case_id uuid PRIMARY KEY REFERENCES case_file DEFERRABLE INITIALLY DEFERRED,
    person_id uuid NOT NULL REFERENCES person,
    channel text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    -- Who says it, how to reach them, and their words: sealed.
    said bytea NOT NULL,
    key_version smallint NOT NULL
);
CREATE INDEX complaint_person ON complaint (person_id);

-- 答复 (1) and 复查答复 (2). Nobody answers the same complaint twice: who reviews is another.
CREATE TABLE complaint_answer (
    case_id uuid NOT NULL REFERENCES complaint,
    no smallint NOT NULL CHECK (no IN (1, 2)),
    finding text NOT NULL CHECK (finding IN ('founded', 'unfounded', 'explained')),
    -- The words, and what the rules said at that moment: sealed.
    words bytea NOT NULL,
    key_version smallint NOT NULL,
    by_account bigint NOT NULL REFERENCES account,
    at timestamp NOT NULL,
    PRIMARY KEY (case_id, no),
    UNIQUE (case_id, by_account)
);

-- ---------------------------------------------------------------- 打印留痕

-- How often a form was printed about something, by whom and when.
CREATE TABLE print_trace (
    object text COLLATE "C" NOT NULL,
    form text COLLATE "C" NOT NULL,
    no integer NOT NULL CHECK (no > 0),
    area_pos integer NOT NULL,
    by_account bigint NOT NULL REFERENCES account,
    at timestamp NOT NULL,
    PRIMARY KEY (object, form, no)
);

-- ---------------------------------------------------------------- row-level security and rights

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['posting_person', 'posting_act', 'complaint', 'complaint_answer',
        'print_trace'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['posting_act', 'print_trace'] LOOP
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (area_pos >= (SELECT current_setting(''songhe.area_lo'')::integer)'
            '    AND area_pos < (SELECT current_setting(''songhe.area_hi'')::integer))', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['posting_person', 'complaint'] LOOP
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (EXISTS (SELECT 1 FROM person WHERE person.person_id = %I.person_id))', t, t);
    END LOOP;
    CREATE POLICY scope ON complaint_answer TO songhe_service
        USING (EXISTS (SELECT 1 FROM complaint WHERE complaint.case_id = complaint_answer.case_id));
END $$;

GRANT SELECT, INSERT ON posting, posting_line, posting_person, posting_act TO songhe_service;
GRANT UPDATE (ended_on) ON posting TO songhe_service;
GRANT SELECT, INSERT ON complaint, complaint_answer, print_trace TO songhe_service;
