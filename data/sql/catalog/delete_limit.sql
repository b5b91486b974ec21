-- What this night has said before, and what an earlier one was told of the future: it is told anew. What was measured
-- stays.
delete from capacity_limit
where source is null and (valid_from = $as_of or is_declared and valid_from > $as_of)
