delete from input_issue
where source = $source and (list_contains($labels::varchar[], file) or file in (select file from issue))
