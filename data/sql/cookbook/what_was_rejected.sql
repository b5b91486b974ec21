-- Which rows were not used, and why?
select source, file, severity, reason, rows, example
from input_issue
order by rows desc
limit 20
