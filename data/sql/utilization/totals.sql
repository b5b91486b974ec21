-- What was read, in rows.
select (select coalesce(sum(rows), 0)::bigint from counted) as rows_read,
    (select coalesce(sum(rows), 0)::bigint from counted where reason is not null) as rows_rejected,
    (select coalesce(sum(repeats), 0)::bigint from repeated) as rows_duplicate
