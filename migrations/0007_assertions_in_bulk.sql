-- A file's assertions come by the hundred thousand. Four foreign keys looked each row up by
-- itself and took half of the time that a county's register needs. That the person is there is
-- what the row's policy asks anyway; one look at the whole statement's rows keeps the rest of the
-- promise. Nobody may delete what they refer to.

ALTER TABLE assertion
    DROP CONSTRAINT assertion_person_id_fkey,
    DROP CONSTRAINT assertion_value_area_fkey,
    DROP CONSTRAINT assertion_batch_id_fkey,
    DROP CONSTRAINT assertion_retracts_fkey;

-- Planned once for a session, perhaps for one row, and then used for a whole file: only the
-- walk along an index is good at both.
CREATE FUNCTION assertion_refers_to_what_is_there() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp
    SET enable_hashjoin = off
    SET enable_mergejoin = off
    SET enable_seqscan = off
AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT batch_id FROM said) s
               WHERE s.batch_id IS NOT NULL
                 AND NOT EXISTS (SELECT FROM batch b WHERE b.id = s.batch_id))
        OR EXISTS (SELECT FROM (SELECT DISTINCT value_area FROM said) s
                   WHERE s.value_area IS NOT NULL
                     AND NOT EXISTS (SELECT FROM area a WHERE a.id = s.value_area))
        OR EXISTS (SELECT FROM said s
                   WHERE s.retracts IS NOT NULL
                     AND NOT EXISTS (SELECT FROM assertion a WHERE a.id = s.retracts))
    THEN
        RAISE foreign_key_violation USING MESSAGE = 'an assertion refers to what is not there';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER assertion_references AFTER INSERT ON assertion
    REFERENCING NEW TABLE AS said FOR EACH STATEMENT
    EXECUTE FUNCTION assertion_refers_to_what_is_there();
