-- What makes today's pages worth less than usual, worst first.
with source as (
    select case state when 'failed' then 1 else 2 end as rank, source as subject, state,
        age_hours, error as detail
    from source_state
    anti join removed_source using (source)
    where as_of = (select max(as_of) from source_state) and state <> 'fresh'
),
check_found as (
    select 3 as rank, name as subject, severity as state, rows::double as age_hours, example as detail
    from check_result
    where as_of = (select max(as_of) from check_result) and rows > 0
)
select 'source' as kind, rank, subject, state, age_hours, null as rows, detail from source
union all
select 'check', rank, subject, state, null, age_hours::bigint, detail from check_found
order by rank, subject
