delete from utilization_file
where source = $source and file in (select l.path from file_listed l join raw_sample_file f using (label))
