select asked_until
from utilization_watermark
where source = $source and service = $service and metric = $metric and question = $question
