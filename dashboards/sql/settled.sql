-- The last day of each currency that is settled: what pages say beside money.
select currency, max(date) as until
from cost_service_day
where is_settled and date < $as_of
group by all
order by currency
