create or replace temp macro no_text(found) as nullif(nullif(trim(found), ''), 'NULL');

-- A month begins at the vendor's own midnight, which in UTC is up to 14 hours before or 12 after ours.
create or replace temp macro billing_month(found) as date_trunc('month', found + interval 14 hours)::date;

-- FOCUS allows these words only; csv writers spell them in other cases.
create or replace temp macro focus_word(found) as coalesce(
    map {
        'usage': 'Usage', 'purchase': 'Purchase', 'tax': 'Tax', 'credit': 'Credit', 'adjustment': 'Adjustment',
        'correction': 'Correction',
        'one-time': 'One-Time', 'recurring': 'Recurring', 'usage-based': 'Usage-Based',
        'standard': 'Standard', 'dynamic': 'Dynamic', 'committed': 'Committed', 'other': 'Other',
        'used': 'Used', 'unused': 'Unused'
    }[lower(no_text(found))],
    no_text(found)
);

create or replace temp macro azure_time(found) as try_strptime(
    found,
    case
        when getvariable('azure_date_format') is null
            then ['%m/%d/%Y', '%Y-%m-%d', '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%SZ']
        else [getvariable('azure_date_format')]
    end
);

-- With a decimal comma, points, apostrophes and spaces group thousands: 1.234,56 or 1 234,56.
create or replace temp macro azure_number(found) as case
    when getvariable('azure_decimal') is distinct from ',' then found
    when regexp_full_match(found, '[-+]?([1-9]\d?\d?([.''\pZ]\d\d\d)+|\d+)(,\d*)?([eE][-+]?\d+)?')
        then replace(regexp_replace(found, '[.''\pZ]', '', 'g'), ',', '.')
    else found || ' (decimal = ",")'
end;
