-- High risks of the night: what each is about, and how to say it.
select kind || ' | ' || service || ' | ' || subject as subject,
    kind || ' of ' || service || ' (' || subject || ')'
        || coalesce(', USD ' || format('{:,.0f}', impact_usd), '')
        || coalesce(', act by ' || strftime(act_by, '%Y-%m-%d'), '')
        || coalesce(', ' || owner, ', nobody owns it') || ': ' || evidence as line
from risk
where as_of = $as_of and severity = 'high'
order by impact_usd desc nulls last, kind, service, subject
