-- The step of a grain that a sample lies in, and the step after one. Steps within a day are UTC; days, weeks from Monday
-- and months are those of the zone, without one of UTC.
create or replace temp macro local_time(stamp) as
    case when getvariable('zone') = 'UTC' then stamp
        else stamp at time zone 'UTC' at time zone getvariable('zone') end;
create or replace temp macro step_of(stamp) as
    case getvariable('grain')
        when '5min' then time_bucket(interval 5 minutes, stamp)
        when '15min' then time_bucket(interval 15 minutes, stamp)
        when '30min' then time_bucket(interval 30 minutes, stamp)
        when 'h' then date_trunc('hour', stamp)
        when 'd' then date_trunc('day', local_time(stamp))::timestamp
        when 'w' then date_trunc('week', local_time(stamp))::timestamp
        when 'm' then date_trunc('month', local_time(stamp))::timestamp
    end;
create or replace temp macro step_after(step) as
    step + case getvariable('grain')
        when '5min' then interval 5 minutes
        when '15min' then interval 15 minutes
        when '30min' then interval 30 minutes
        when 'h' then interval 1 hour
        when 'd' then interval 1 day
        when 'w' then interval 7 days
        when 'm' then interval 1 month
    end;
