-- Days off and working weekends of 2026, by the State Council office's notice of November 2025.
-- Written from memory of the published table; check it against the notice before it decides a
-- deadline of a real region. Further years are loaded as files with the same columns.
INSERT INTO calendar_year VALUES (2026, '国务院办公厅关于2026年部分节假日安排的通知', 'from-memory');
INSERT INTO calendar_day (day, year, working, name)
SELECT d::date, 2026, false, '元旦'
    FROM generate_series('2026-01-01', '2026-01-03', interval '1 day') d
UNION ALL SELECT d::date, 2026, false, '春节'
    FROM generate_series('2026-02-15', '2026-02-23', interval '1 day') d
UNION ALL SELECT d::date, 2026, false, '清明节'
    FROM generate_series('2026-04-04', '2026-04-06', interval '1 day') d
UNION ALL SELECT d::date, 2026, false, '劳动节'
    FROM generate_series('2026-05-01', '2026-05-05', interval '1 day') d
UNION ALL SELECT d::date, 2026, false, '端午节'
    FROM generate_series('2026-06-19', '2026-06-21', interval '1 day') d
UNION ALL SELECT d::date, 2026, false, '中秋节'
    FROM generate_series('2026-09-25', '2026-09-27', interval '1 day') d
UNION ALL SELECT d::date, 2026, false, '国庆节'
    FROM generate_series('2026-10-01', '2026-10-07', interval '1 day') d
UNION ALL SELECT d::date, 2026, true, '调休上班'
    FROM unnest(ARRAY['2026-01-04', '2026-02-14', '2026-02-28',
        '2026-05-09', '2026-09-20', '2026-10-10']::date[]) d;
