-- A grant may be taken back on the day on which it was given, and a year's calendar may be replaced
-- by a corrected one.
ALTER TABLE access_grant DROP CONSTRAINT access_grant_check;
ALTER TABLE access_grant ADD CONSTRAINT access_grant_check CHECK (valid_to >= valid_from);

GRANT DELETE ON calendar_day TO songhe_service;
