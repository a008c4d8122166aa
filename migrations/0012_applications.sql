-- Applications: what was filled in, and what the decider saw.

-- 申请表, version by version: sealed, for it holds accounts and telephones. Append-only.
CREATE TABLE application_form (
    case_id uuid NOT NULL REFERENCES case_file,
    version integer NOT NULL CHECK (version > 0),
    channel text COLLATE "C" NOT NULL
        CHECK (channel IN ('oneself', 'helper', 'found', 'no_application')),
    content bytea NOT NULL,
    key_version smallint NOT NULL,
    written_by bigint NOT NULL REFERENCES account,
    written_at timestamp NOT NULL,
    PRIMARY KEY (case_id, version)
);

-- 认定依据: every condition as it stood when a move decided, sealed. Append-only.
CREATE TABLE application_proof (
    case_id uuid NOT NULL,
    move_no integer NOT NULL,
    content bytea NOT NULL,
    key_version smallint NOT NULL,
    PRIMARY KEY (case_id, move_no),
    FOREIGN KEY (case_id, move_no) REFERENCES case_move DEFERRABLE INITIALLY DEFERRED
);

-- Nobody applies for one thing twice at a time.
CREATE UNIQUE INDEX case_file_application ON case_file (person_id, item)
    WHERE flow = 'application' AND owner_role IS NOT NULL;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['application_form', 'application_proof'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (EXISTS (SELECT 1 FROM case_file WHERE case_file.id = %I.case_id))', t, t);
    END LOOP;
END $$;

GRANT SELECT, INSERT ON application_form, application_proof TO songhe_service;
