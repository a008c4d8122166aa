-- Cases: requests that move along published graphs, and who may not decide about whom.

-- ---------------------------------------------------------------- 办件

-- What moves, as it stands after its last move. Rebuildable from case_move but for its first words.
CREATE TABLE case_file (
    id uuid PRIMARY KEY,
    -- 受理编号
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    flow text COLLATE "C" NOT NULL,
    person_id uuid NOT NULL REFERENCES person,
    item text COLLATE "C",
    -- What else it is linked to, as the audit trail names it (`run/12`, `duty/…`).
    about text COLLATE "C" NOT NULL DEFAULT '',
    state text COLLATE "C" NOT NULL,
    opened_at timestamp NOT NULL,
    opened_by bigint REFERENCES account,
    -- Who owes the next act, where and until when; a case that has ended has no owner.
    owner_role text COLLATE "C",
    owner_area bigint REFERENCES area,
    due_on date,
    -- How many moves it has made: who acts on an older view is too late.
    moves integer NOT NULL DEFAULT 0,
    changed_at timestamp NOT NULL,
    -- 经手人: who accepted, reviewed and approved it last.
    accepted_by bigint REFERENCES account,
    reviewed_by bigint REFERENCES account,
    approved_by bigint REFERENCES account,
    CONSTRAINT case_owner CHECK
        ((owner_role IS NULL) = (owner_area IS NULL)
            AND (owner_role IS NOT NULL OR due_on IS NULL)),
    CONSTRAINT case_four_eyes CHECK
        (accepted_by <> reviewed_by AND accepted_by <> approved_by AND reviewed_by <> approved_by)
);
CREATE INDEX case_file_open ON case_file (flow, state, due_on, id) WHERE owner_role IS NOT NULL;
CREATE INDEX case_file_person ON case_file (person_id);
CREATE INDEX case_file_about ON case_file (about) WHERE about <> '';

-- 办理经过. Append-only: two clerks who take the same step write the same key.
CREATE TABLE case_move (
    case_id uuid NOT NULL REFERENCES case_file,
    no integer NOT NULL CHECK (no >= 0),
    action text COLLATE "C" NOT NULL,
    from_state text COLLATE "C" NOT NULL,
    to_state text COLLATE "C" NOT NULL,
    hand text COLLATE "C" CHECK (hand IN ('accepts', 'reviews', 'approves')),
    codes text[] NOT NULL,
    note text NOT NULL,
    account_id bigint REFERENCES account,
    role text COLLATE "C" NOT NULL,
    at timestamp NOT NULL,
    PRIMARY KEY (case_id, no)
);
CREATE INDEX case_move_account ON case_move (account_id, at);

-- ---------------------------------------------------------------- 亲属备案

-- An account that must not decide about a person. Ended, never deleted.
CREATE TABLE kin_declaration (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id bigint NOT NULL REFERENCES account,
    person_id uuid NOT NULL REFERENCES person,
    relation text COLLATE "C" NOT NULL,
    declared_at timestamp NOT NULL,
    declared_by bigint NOT NULL REFERENCES account,
    ended_at timestamp CHECK (ended_at >= declared_at),
    ended_by bigint REFERENCES account,
    ended_reason text NOT NULL DEFAULT '',
    CHECK ((ended_at IS NULL) = (ended_by IS NULL)),
    -- Nobody ends their own, or the declaration would hold nobody back.
    CHECK (ended_by <> account_id)
);
CREATE UNIQUE INDEX kin_declaration_open ON kin_declaration (person_id, account_id)
    WHERE ended_at IS NULL;
CREATE INDEX kin_declaration_account ON kin_declaration (account_id);

-- ---------------------------------------------------------------- row-level security and rights

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['case_file', 'kin_declaration'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (EXISTS (SELECT 1 FROM person WHERE person.person_id = %I.person_id))', t, t);
    END LOOP;
    ALTER TABLE case_move ENABLE ROW LEVEL SECURITY;
    ALTER TABLE case_move FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON case_move TO songhe_service
        USING (EXISTS (SELECT 1 FROM case_file WHERE case_file.id = case_move.case_id));
END $$;

GRANT SELECT, INSERT ON case_file, case_move, kin_declaration TO songhe_service;
GRANT UPDATE (state, owner_role, owner_area, due_on, moves, changed_at,
              accepted_by, reviewed_by, approved_by) ON case_file TO songhe_service;
GRANT UPDATE (ended_at, ended_by, ended_reason) ON kin_declaration TO songhe_service;
