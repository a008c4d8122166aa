-- To the bank and back: the file of a run, what the bank answered, and who let files leave again
-- after a restore. Everything is append-only; no account and no name stands here in clear.

-- The one file of a run that leaves. Its bytes lie sealed under file_sm3 with the received files.
CREATE TABLE bank_file (
    run_id bigint PRIMARY KEY REFERENCES pay_run,
    area_id bigint NOT NULL REFERENCES area,
    area_pos integer NOT NULL,
    -- 批次号: how we and the bank name the run; it outlives a restore.
    number text COLLATE "C" NOT NULL UNIQUE,
    layout text COLLATE "C" NOT NULL,
    file_name text NOT NULL,
    file_sm3 bytea NOT NULL CHECK (length(file_sm3) = 32),
    file_bytes bigint NOT NULL CHECK (file_bytes > 0),
    line_count integer NOT NULL CHECK (line_count > 0),
    total_fen bigint NOT NULL CHECK (total_fen > 0),
    -- The log beside the database says that it had left before the database was restored.
    left_before boolean NOT NULL,
    made_at timestamp NOT NULL,
    made_by bigint NOT NULL REFERENCES account
);
CREATE INDEX bank_file_area ON bank_file (area_pos, run_id DESC);

-- 回盘: one answer of the bank. The same file counts once.
CREATE TABLE bank_return (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL REFERENCES bank_file,
    file_sm3 bytea NOT NULL CHECK (length(file_sm3) = 32),
    file_name text NOT NULL,
    paid_count integer NOT NULL,
    paid_fen bigint NOT NULL,
    returned_count integer NOT NULL,
    returned_fen bigint NOT NULL,
    unknown_count integer NOT NULL,
    unknown_fen bigint NOT NULL,
    at timestamp NOT NULL,
    by_account bigint NOT NULL REFERENCES account,
    UNIQUE (run_id, file_sm3),
    CHECK (paid_count >= 0 AND returned_count >= 0 AND unknown_count >= 0)
);

-- ---------------------------------------------------------------- restore epoch 恢复后的冻结

-- Lines of the log beside the database that the database does not know: somebody looked at them.
CREATE TABLE outgoing_release (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    log_lines integer NOT NULL CHECK (log_lines > 0),
    log_sm3 bytea NOT NULL CHECK (length(log_sm3) = 32),
    reason text NOT NULL CHECK (reason <> ''),
    proposed_by bigint NOT NULL REFERENCES account,
    proposed_at timestamp NOT NULL,
    UNIQUE (id, proposed_by)
);

-- Another person agreed: from now on files leave again.
CREATE TABLE outgoing_release_confirmation (
    release_id bigint PRIMARY KEY,
    proposed_by bigint NOT NULL,
    confirmed_by bigint NOT NULL REFERENCES account,
    confirmed_at timestamp NOT NULL,
    FOREIGN KEY (release_id, proposed_by) REFERENCES outgoing_release (id, proposed_by),
    CHECK (confirmed_by <> proposed_by)
);

-- ---------------------------------------------------------------- row-level security and rights

ALTER TABLE bank_file ENABLE ROW LEVEL SECURITY;
ALTER TABLE bank_file FORCE ROW LEVEL SECURITY;
ALTER TABLE bank_return ENABLE ROW LEVEL SECURITY;
ALTER TABLE bank_return FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON bank_file TO songhe_service
    USING (area_pos >= (SELECT current_setting('songhe.area_lo')::integer)
       AND area_pos < (SELECT current_setting('songhe.area_hi')::integer));
CREATE POLICY scope ON bank_return TO songhe_service
    USING (EXISTS (SELECT 1 FROM bank_file WHERE bank_file.run_id = bank_return.run_id));
-- The log is of the whole installation, so what it is held against is too.
CREATE POLICY columns ON bank_file FOR SELECT TO songhe_engine USING (true);

GRANT SELECT, INSERT ON bank_file, bank_return, outgoing_release, outgoing_release_confirmation
    TO songhe_service;
GRANT SELECT ON bank_file, outgoing_release, outgoing_release_confirmation TO songhe_engine;
