-- What was wrong with a file that is gone is no longer wrong.
delete from input_issue
where source = $source and file not in (select label from file_listed)
