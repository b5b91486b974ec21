-- The dearest services of the month that is reported.
-- Months differ in length: the change is of a day of the whole month, or of what is known of it.
select m.service, s.team, m.currency, m.usage_cost, b.usage_cost as before_cost,
    (m.usage_cost / date_diff('day', m.month, least((m.month + interval 1 month)::date, $as_of::date)))
        / nullif(b.usage_cost / date_diff('day', b.month, m.month), 0)::double - 1 as change_ratio
from month_cost m
left join service s using (service)
left join month_cost b on b.service = m.service and b.currency = m.currency and b.month = m.month - interval 1 month
where m.month = $period and m.service <> '(total)' and m.usage_cost is not null
qualify row_number() over (partition by m.currency order by m.usage_cost desc, m.service) <= 6
order by sum(abs(m.usage_cost)) over (partition by m.currency) desc, m.currency, m.usage_cost desc, m.service
