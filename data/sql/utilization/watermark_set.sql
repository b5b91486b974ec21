-- A night of the past does not take back what a later one knows; a changed question begins anew.
insert into utilization_watermark (source, service, metric, question, asked_until)
select source, service, metric, question, $asked_until from asked_now
on conflict (source, service, metric) do update set
    asked_until = case
        when question = excluded.question then greatest(asked_until, excluded.asked_until) else excluded.asked_until
    end,
    question = excluded.question
