-- What the findings need beside the facts.

-- 生存痕迹期限: how many days somebody may be paid without any trace of life before somebody looks.
-- A region sets its own.
INSERT INTO setting (name, value) VALUES ('trace_limit_days', '365')
ON CONFLICT (name) DO NOTHING;

-- 户和亲属: who is of one household, and whose spouse somebody is.
CREATE INDEX fact_current_relation ON fact_current (value_text, kind)
    WHERE kind IN ('household', 'spouse');
