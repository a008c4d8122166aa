-- 服务额度和消费券, 社会救助转办, 按时足额发放.

-- ---------------------------------------------------------------- quotas 服务额度

-- Append-only: a month's quota of somebody. The money stands in the ledger.
CREATE TABLE quota_grant (
    item text COLLATE "C" NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    person_id uuid NOT NULL REFERENCES person,
    area_pos integer NOT NULL,
    -- What it comes as: service or voucher.
    given text COLLATE "C" NOT NULL CHECK (given IN ('service', 'voucher')),
    fund text COLLATE "C" NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    -- 有效期至; none when what is left goes on.
    last_day date CHECK (last_day >= month),
    opened_at timestamp NOT NULL,
    PRIMARY KEY (item, month, person_id)
);
CREATE INDEX quota_grant_person ON quota_grant (person_id);
CREATE INDEX quota_grant_last_day ON quota_grant (last_day) WHERE last_day IS NOT NULL;

-- Append-only: what a service drew from a month's quota.
CREATE TABLE quota_draw (
    -- The transfer.
    id uuid PRIMARY KEY,
    item text COLLATE "C" NOT NULL,
    month date NOT NULL,
    person_id uuid NOT NULL,
    area_pos integer NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    served_on date NOT NULL,
    -- What drew it, as the audit trail names it.
    about text COLLATE "C" NOT NULL CHECK (about <> ''),
    at timestamp NOT NULL,
    FOREIGN KEY (item, month, person_id) REFERENCES quota_grant
);
CREATE INDEX quota_draw_grant ON quota_draw (person_id, item, month);

-- Append-only: 到期作废: nothing can be drawn any more; what was left went back.
CREATE TABLE quota_close (
    item text COLLATE "C" NOT NULL,
    month date NOT NULL,
    person_id uuid NOT NULL,
    area_pos integer NOT NULL,
    left_fen bigint NOT NULL CHECK (left_fen >= 0),
    closed_at timestamp NOT NULL,
    PRIMARY KEY (item, month, person_id),
    FOREIGN KEY (item, month, person_id) REFERENCES quota_grant
);

-- ---------------------------------------------------------------- relief 社会救助转办

-- Append-only: what a case of the flow `relief` is about.
CREATE TABLE relief_handover (
    case_id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES person,
    area_pos integer NOT NULL,
    kind text COLLATE "C" NOT NULL
        CHECK (kind IN ('destitute', 'minimum_living', 'temporary', 'homeless')),
    reason text NOT NULL CHECK (reason <> ''),
    -- 转交材料, and to whom.
    given text NOT NULL CHECK (given <> ''),
    receiver text NOT NULL CHECK (receiver <> ''),
    handed_at timestamp NOT NULL
);
CREATE INDEX relief_handover_person ON relief_handover (person_id);

-- ---------------------------------------------------------------- on time 按时足额

-- Projection: everybody who was entitled in a month, and what became of it.
CREATE TABLE on_time_line (
    item text COLLATE "C" NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    person_id uuid NOT NULL REFERENCES person,
    area_pos integer NOT NULL,
    due_fen bigint NOT NULL CHECK (due_fen > 0),
    paid_fen bigint NOT NULL CHECK (paid_fen >= 0),
    paid_on date,
    result text COLLATE "C" NOT NULL
        CHECK (result IN ('in_time', 'late', 'short', 'on_its_way', 'unpaid')),
    -- Why not, where it is not.
    cause text COLLATE "C" NOT NULL DEFAULT '',
    PRIMARY KEY (item, month, person_id)
);
CREATE INDEX on_time_line_area ON on_time_line (item, month, result, cause, area_pos);
CREATE INDEX on_time_line_person ON on_time_line (person_id);

-- Projection: when a month of an area was counted last.
CREATE TABLE on_time_month (
    item text COLLATE "C" NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    area_id bigint NOT NULL REFERENCES area,
    counted_at timestamp NOT NULL,
    -- The newest of the runs' and answers' own numbers that counted: when it grows, count anew.
    mark bigint NOT NULL,
    PRIMARY KEY (item, month, area_id)
);

-- ---------------------------------------------------------------- row-level security and rights

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['quota_grant', 'quota_draw', 'quota_close', 'relief_handover',
                             'on_time_line'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format(
            'CREATE POLICY scope ON %I TO songhe_service'
            ' USING (area_pos >= (SELECT current_setting(''songhe.area_lo'')::integer)'
            '    AND area_pos < (SELECT current_setting(''songhe.area_hi'')::integer))', t);
    END LOOP;
END $$;
GRANT SELECT, INSERT ON quota_grant, quota_draw, quota_close, relief_handover TO songhe_service;
GRANT SELECT, INSERT, DELETE ON on_time_line TO songhe_service;
GRANT SELECT, INSERT, UPDATE ON on_time_month TO songhe_service;
