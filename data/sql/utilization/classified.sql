-- Samples under the names that the catalog gives their services; `respelt` has those that are not spelt so.
create or replace temp macro named(relation) as table (
    from query_table(relation)
);

-- Every sample of a relation with the reason why it cannot be used; null where it can.
create or replace temp macro classified(relation) as table (
    select *,
        case
            when problem is not null then problem
            when service is null then 'no service'
            when metric is null then 'no metric'
            when stamp is null then 'time cannot be read'
            when stamp < timestamp '1990-01-01' then 'before 1990: a clock that was not set'
            when stamp >= getvariable('window_end') then 'at or after as_of'
            when value is null and (value_text is null or trim(value_text) = '') then 'no value'
            when value is null then 'value is not a number'
            when isnan(value) then 'value is NaN'
            when isinf(value) then 'value is infinite'
            when abs(value) > 1e300 then 'value is too large to be added'
        end as reason
    from named(relation)
)
