-- 区划调整: towns merge, codes and names change. An area keeps its node and its history; positions
-- are laid out anew, and every row that lies somewhere moves with its area.

-- Which areas took part in which change, from when on. The file itself is in the audit entry.
CREATE TABLE area_change (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_id bigint NOT NULL REFERENCES area,
    what text NOT NULL CHECK (what IN ('made', 'changed', 'ended')),
    valid_from date NOT NULL,
    made_at timestamp NOT NULL
);
GRANT SELECT, INSERT ON area_change TO songhe_service;

-- Moves the rows of every table that keeps a position. The service may not write most of them, so
-- the owner does; row-level security binds the owner too and is lifted only in here.
CREATE FUNCTION move_areas(was integer[], becomes integer[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    t record;
    moved bigint := 0;
    n bigint;
BEGIN
    FOR t IN
        SELECT c.oid::regclass AS name, c.relforcerowsecurity AS forced,
               bool_or(a.attname = 'area_pos') AS has_pos,
               count(*) FILTER (WHERE a.attname IN ('area_id', 'area_lo', 'area_hi')) = 3
                   AS has_span
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND NOT c.relispartition
        GROUP BY c.oid
        HAVING bool_or(a.attname IN ('area_pos', 'area_lo'))
        ORDER BY c.oid::regclass::text
    LOOP
        IF t.forced THEN
            EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', t.name);
        END IF;
        IF t.has_pos THEN
            EXECUTE format(
                'UPDATE %s AS it SET area_pos = m.becomes'
                ' FROM unnest($1, $2) AS m(was, becomes)'
                ' WHERE it.area_pos = m.was AND m.becomes <> m.was', t.name)
            USING was, becomes;
            GET DIAGNOSTICS n = ROW_COUNT;
            moved := moved + n;
        END IF;
        IF t.has_span THEN
            EXECUTE format(
                'UPDATE %s AS it SET area_lo = p.lo, area_hi = p.hi FROM area_position p'
                ' WHERE p.area_id = it.area_id AND (it.area_lo, it.area_hi) <> (p.lo, p.hi)',
                t.name);
        END IF;
        IF t.forced THEN
            EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', t.name);
        END IF;
    END LOOP;
    RETURN moved;
END $$;
REVOKE ALL ON FUNCTION move_areas FROM PUBLIC;
GRANT EXECUTE ON FUNCTION move_areas TO songhe_service;
