-- 资金账: accounts, transfers between them, and what follows from the transfers.
--
-- A transfer moves value from one account to another, so each row sums to zero. Transfers are
-- append-only. Balances and the journal are projections that the database keeps by itself, once
-- for a statement: a run's million lines are booked as fast as one.

-- ---------------------------------------------------------------- accounts 资金账户

CREATE TABLE ledger_account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('source', 'budget', 'paid', 'quota',
        'receivable', 'repaid', 'written_off')),
    -- 账套: whose book it stands in. Value never moves between books.
    area_id bigint NOT NULL REFERENCES area,
    fund text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    year smallint NOT NULL,
    person_id uuid,
    -- Of the person, else of the area.
    area_pos integer NOT NULL,
    CHECK ((person_id IS NOT NULL) = (kind IN ('quota', 'receivable'))),
    UNIQUE NULLS NOT DISTINCT (area_id, fund, item, year, kind, person_id)
);
CREATE INDEX ledger_account_person ON ledger_account (person_id) WHERE person_id IS NOT NULL;

-- Projection. Balance is credits − debits; what a guarded account has left never falls below zero.
CREATE TABLE ledger_balance (
    account_id bigint PRIMARY KEY REFERENCES ledger_account,
    area_id bigint NOT NULL,
    area_pos integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    debits_pending bigint NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
    debits_posted bigint NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
    credits_pending bigint NOT NULL DEFAULT 0 CHECK (credits_pending >= 0),
    credits_posted bigint NOT NULL DEFAULT 0 CHECK (credits_posted >= 0),
    CONSTRAINT ledger_balance_covers
        CHECK (kind NOT IN ('budget', 'quota', 'receivable')
            OR credits_posted - debits_posted - debits_pending >= 0)
);
CREATE INDEX ledger_balance_area ON ledger_balance (area_id);

CREATE FUNCTION ledger_account_opens() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO ledger_balance (account_id, area_id, area_pos, kind)
    VALUES (NEW.id, NEW.area_id, NEW.area_pos, NEW.kind);
    RETURN NULL;
END $$;
CREATE TRIGGER opens AFTER INSERT ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_account_opens();

-- ---------------------------------------------------------------- transfers 资金往来

-- The caller makes the id before it writes, so that writing twice is writing once. That accounts
-- and the settled transfer exist is asked once for a statement, below: a foreign key would ask
-- for each of a million rows.
CREATE TABLE transfer (
    id uuid PRIMARY KEY,
    act text COLLATE "C" NOT NULL CHECK (act IN ('single', 'pending', 'post', 'void')),
    -- Which pending transfer is posted or voided. Debit, credit and sum are repeated, so that
    -- every row says by itself what it moves.
    pending uuid,
    debit bigint NOT NULL,
    credit bigint NOT NULL CHECK (credit <> debit),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    person_id uuid,
    -- Where the person lived when it was written; of the book, when it is about nobody.
    area_pos integer NOT NULL,
    about text COLLATE "C" NOT NULL,
    at timestamp NOT NULL,
    CHECK ((pending IS NOT NULL) = (act IN ('post', 'void')))
);
-- A pending transfer is settled once.
CREATE UNIQUE INDEX transfer_pending ON transfer (pending) WHERE pending IS NOT NULL;
CREATE INDEX transfer_person ON transfer (person_id)
    WHERE person_id IS NOT NULL AND pending IS NULL;

-- 分户账: projection. What one statement moved between two accounts, as one line.
CREATE TABLE ledger_journal (
    no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamp NOT NULL,
    act text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    lines bigint NOT NULL CHECK (lines > 0),
    amount_fen bigint NOT NULL CHECK (amount_fen > 0)
);
CREATE INDEX ledger_journal_debit ON ledger_journal (debit, no);
CREATE INDEX ledger_journal_credit ON ledger_journal (credit, no);

-- As whoever writes: what is settled has to be a pending transfer that the writer may see.
-- Planned for each statement anew, because one line and a million want different plans.
CREATE FUNCTION transfer_settles() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp
AS $$
DECLARE wrong boolean;
BEGIN
    EXECUTE 'SELECT EXISTS (SELECT FROM said s
                 WHERE s.pending IS NOT NULL AND NOT EXISTS (
                     SELECT FROM transfer t
                     WHERE t.id = s.pending AND t.act = ''pending''
                       AND t.debit = s.debit AND t.credit = s.credit
                       AND t.amount_fen = s.amount_fen AND t.area_pos = s.area_pos
                       AND t.person_id IS NOT DISTINCT FROM s.person_id))' INTO wrong;
    IF wrong THEN
        RAISE foreign_key_violation USING MESSAGE = 'a transfer settles what is not pending';
    END IF;
    RETURN NULL;
END $$;

-- What lines of the journal change of each account's sums.
CREATE FUNCTION ledger_change(entered bigint[])
    RETURNS TABLE (account bigint, debits_pending bigint, debits_posted bigint,
                   credits_pending bigint, credits_posted bigint)
    LANGUAGE sql STABLE SET search_path = public, pg_temp
AS $$
    SELECT side.account, sum(side.debit * pending)::bigint, sum(side.debit * posted)::bigint,
           sum(side.credit * pending)::bigint, sum(side.credit * posted)::bigint
    FROM ledger_journal j
    CROSS JOIN LATERAL (SELECT CASE j.act WHEN 'pending' THEN 1 WHEN 'single' THEN 0 ELSE -1 END,
                               CASE WHEN j.act IN ('single', 'post') THEN 1 ELSE 0 END
                       ) sign (pending, posted)
    CROSS JOIN LATERAL (VALUES (j.debit, j.amount_fen, 0::bigint),
                               (j.credit, 0::bigint, j.amount_fen)) side (account, debit, credit)
    WHERE j.no = ANY (entered)
    GROUP BY side.account
$$;
REVOKE ALL ON FUNCTION ledger_change(bigint[]) FROM PUBLIC;

-- As the owner, because nobody else writes balances. Accounts are locked in their order, so that
-- two writers wait for each other and neither for ever. SL001: a guarded account would fall below
-- zero; the detail is the account's kind and the missing sum.
CREATE FUNCTION transfer_is_booked() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    entered bigint[];
    touched bigint[];
    there bigint;
    short record;
BEGIN
    WITH line AS (
        INSERT INTO ledger_journal (at, act, about, debit, credit, lines, amount_fen)
        SELECT at, act, about, debit, credit, count(*), sum(amount_fen)::bigint
        FROM said GROUP BY at, act, about, debit, credit
        ORDER BY at, act, about, debit, credit
        RETURNING no
    )
    SELECT array_agg(no) INTO entered FROM line;
    IF entered IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(account) INTO touched FROM ledger_change(entered);
    SELECT count(*) INTO there
    FROM (SELECT FROM ledger_balance WHERE account_id = ANY (touched)
          ORDER BY account_id FOR NO KEY UPDATE) b;
    IF there <> cardinality(touched) THEN
        RAISE foreign_key_violation USING MESSAGE = 'a transfer names an account that is not there';
    END IF;
    IF EXISTS (SELECT FROM ledger_journal j
               JOIN ledger_balance d ON d.account_id = j.debit
               JOIN ledger_balance c ON c.account_id = j.credit
               WHERE j.no = ANY (entered) AND c.area_id <> d.area_id)
    THEN
        RAISE check_violation USING MESSAGE = 'a transfer leaves the book';
    END IF;
    SELECT b.kind,
           c.debits_posted + c.debits_pending - c.credits_posted
           + b.debits_posted + b.debits_pending - b.credits_posted AS missing
    INTO short
    FROM ledger_balance b JOIN ledger_change(entered) c ON c.account = b.account_id
    WHERE b.kind IN ('budget', 'quota', 'receivable')
    ORDER BY 2 DESC LIMIT 1;
    IF short.missing > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'SL001', MESSAGE = 'overdraft',
            DETAIL = short.kind || ' ' || short.missing;
    END IF;
    UPDATE ledger_balance b
    SET debits_pending = b.debits_pending + c.debits_pending,
        debits_posted = b.debits_posted + c.debits_posted,
        credits_pending = b.credits_pending + c.credits_pending,
        credits_posted = b.credits_posted + c.credits_posted
    FROM ledger_change(entered) c WHERE c.account = b.account_id;
    RETURN NULL;
END $$;

CREATE TRIGGER a_settles AFTER INSERT ON transfer
    REFERENCING NEW TABLE AS said FOR EACH STATEMENT EXECUTE FUNCTION transfer_settles();
CREATE TRIGGER b_booked AFTER INSERT ON transfer
    REFERENCING NEW TABLE AS said FOR EACH STATEMENT EXECUTE FUNCTION transfer_is_booked();

-- ---------------------------------------------------------------- sum zero 借贷相等

-- Asked at the end of each transaction, once for each book that it changed: the first look closes
-- the book, and whoever changes a balance afterwards opens it again.
CREATE FUNCTION ledger_book_opens() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM set_config('songhe.book_' || area_id, 'open', true)
    FROM (SELECT DISTINCT area_id FROM changed) book;
    RETURN NULL;
END $$;
CREATE TRIGGER book_opens AFTER UPDATE ON ledger_balance
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ledger_book_opens();

CREATE FUNCTION ledger_book_closes() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF current_setting('songhe.book_' || NEW.area_id, true) = 'closed' THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM ledger_balance WHERE area_id = NEW.area_id
               HAVING sum(debits_posted) <> sum(credits_posted)
                   OR sum(debits_pending) <> sum(credits_pending))
    THEN
        RAISE check_violation
            USING MESSAGE = 'the book does not sum to zero', CONSTRAINT = 'ledger_sum_zero';
    END IF;
    PERFORM set_config('songhe.book_' || NEW.area_id, 'closed', true);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_sum_zero AFTER INSERT OR UPDATE ON ledger_balance
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_book_closes();

-- ---------------------------------------------------------------- 预算指标登记

-- A document that gives money to a fund's item, or takes it away: one person enters it, another
-- one confirms it, and only then the ledger knows of it.
CREATE TABLE budget_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_id bigint NOT NULL REFERENCES area,
    area_pos integer NOT NULL,
    -- 资金来源: whose money it is.
    origin text COLLATE "C" NOT NULL,
    fund text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    year smallint NOT NULL CHECK (year > 0),
    -- Below zero: 调减.
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0),
    -- 文号
    document text NOT NULL CHECK (document <> ''),
    note text NOT NULL,
    entered_by bigint NOT NULL REFERENCES account,
    entered_at timestamp NOT NULL,
    state text COLLATE "C" NOT NULL CHECK (state IN ('entered', 'confirmed', 'returned')),
    decided_by bigint REFERENCES account,
    decided_at timestamp,
    reason text NOT NULL DEFAULT '',
    CHECK ((state = 'entered') = (decided_by IS NULL)),
    CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
    CHECK (state <> 'returned' OR reason <> ''),
    -- Who enters it may take it back, but not confirm it.
    CONSTRAINT budget_entry_four_eyes
        CHECK (state <> 'confirmed' OR decided_by IS DISTINCT FROM entered_by)
);
CREATE INDEX budget_entry_area ON budget_entry (area_pos, id DESC);
-- The same document says the same once.
CREATE UNIQUE INDEX budget_entry_document
    ON budget_entry (area_id, fund, item, year, origin, document, amount_fen)
    WHERE state <> 'returned';

-- ---------------------------------------------------------------- row-level security and rights

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['transfer', 'budget_entry'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (area_pos >= (SELECT current_setting(''songhe.area_lo'')::integer)'
            '    AND area_pos < (SELECT current_setting(''songhe.area_hi'')::integer))', t);
    END LOOP;
END $$;
-- That a fund has an account is no secret, and a town needs the county's to write a transfer.
ALTER TABLE ledger_account ENABLE ROW LEVEL SECURITY;
ALTER TABLE ledger_account FORCE ROW LEVEL SECURITY;
CREATE POLICY scope ON ledger_account TO songhe_service
    USING (person_id IS NULL
        OR area_pos >= (SELECT current_setting('songhe.area_lo')::integer)
       AND area_pos < (SELECT current_setting('songhe.area_hi')::integer));
-- Sums without people. Not forced, because the owner keeps them.
ALTER TABLE ledger_balance ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON ledger_balance FOR SELECT TO songhe_service
    USING (area_pos >= (SELECT current_setting('songhe.area_lo')::integer)
       AND area_pos < (SELECT current_setting('songhe.area_hi')::integer));
ALTER TABLE ledger_journal ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON ledger_journal FOR SELECT TO songhe_service
    USING (EXISTS (SELECT 1 FROM ledger_balance b
                   WHERE b.account_id IN (ledger_journal.debit, ledger_journal.credit)));
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['transfer', 'ledger_account', 'ledger_balance', 'ledger_journal'] LOOP
        EXECUTE format('CREATE POLICY columns ON %I FOR SELECT TO songhe_engine USING (true)', t);
    END LOOP;
END $$;

-- Append-only: nothing updates or deletes an account or a transfer.
GRANT SELECT, INSERT ON ledger_account, transfer TO songhe_service;
GRANT SELECT ON ledger_balance, ledger_journal TO songhe_service;
GRANT SELECT ON ledger_account, transfer, ledger_balance, ledger_journal TO songhe_engine;
GRANT SELECT, INSERT, UPDATE ON budget_entry TO songhe_service;
