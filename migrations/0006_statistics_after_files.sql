-- A file fills empty tables within seconds. Until the server's own housekeeping has looked at them,
-- the next file is planned as if they were empty, and takes ten times as long. Only the owner may
-- gather statistics, so the service asks for it by this function.

CREATE FUNCTION refresh_statistics() RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    ANALYZE person, person_number, batch_row, assertion, fact_current, duty;
END $$;
REVOKE ALL ON FUNCTION refresh_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_statistics() TO songhe_service;
