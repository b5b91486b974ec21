-- The last day of each currency that is settled: what pages say beside money.
select currency, settled_until as until
from settled_until($as_of)
where settled_until is not null
order by currency
