-- A file that is gone needs no bookmark; what was stored from it stays.
delete from utilization_file
where source = $source and file not in (select path from file_listed)
