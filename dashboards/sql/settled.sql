-- The newest day of each currency, and the last that is settled: what pages say beside money.
select currency, settled_until as until, newest_date as newest
from settled_until($as_of)
order by currency
