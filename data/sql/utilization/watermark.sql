select service, metric, question, asked_until
from utilization_watermark
where source = $source
