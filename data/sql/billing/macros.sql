create or replace temp macro no_text(found) as nullif(nullif(trim(found), ''), 'NULL');

-- The same of the columns that a vendor fills: what writers of files put where there is no value.
create or replace temp macro no_value(found) as case
    when lower(trim(found)) not in ('', 'null', '\n', 'none', 'nan', '<na>', '<null>', '(null)') then trim(found)
end;

-- A text as JSON, or as Python prints what was JSON; null where it is neither. Python's quotes are those beside a bracket,
-- a comma or a colon: what stands within a word is an apostrophe.
create or replace temp macro json_of(found) as coalesce(
    try_cast(found as json),
    try_cast(
        replace(
            regexp_replace(regexp_replace(found, '([{\[,:]\s*)''', '\1"', 'g'), '''(\s*[\]},:])', '"\1', 'g'), 'None', 'null'
        ) as json
    )
);

-- A tag that says nothing names nobody.
create or replace temp macro owner_text(found) as case
    when not list_contains(getvariable('silent_values'), lower(trim(found))) then no_text(found)
end;

-- What the columns that say so make of a charge: a support plan, something of a marketplace's, the unused part of what was
-- split. Support is known by the code of its service, or by the service's whole name where a vendor publishes no code.
create or replace temp macro charge_kind(found, provider, product) as case
    when regexp_matches(
        lower(found), '(^|\|)(support|awssupport[a-z]*|awsdevelopersupport|awsenterprisesupport|ocbpremiumsupport)(\||$)'
    ) then 'support'
    when regexp_matches(lower(found), '(^|\|)(marketplace|vendor)(\||$)') then 'marketplace'
    when lower(found) = 'split_unused' then 'split_unused'
    when lower(provider) in ('aws', 'amazon web services', 'amazon web services, inc.') and lower(product) in (
        'aws support', 'aws support (basic)', 'aws support (developer)', 'aws support (business)',
        'aws support (enterprise)', 'aws premium support', 'aws developer support', 'aws business support',
        'aws enterprise support', 'aws enterprise on-ramp support', 'aws support (enterprise on-ramp)'
    ) then 'support'
    when lower(provider) in ('google cloud', 'gcp') and lower(product) in ('support', 'cloud support') then 'support'
    when lower(provider) = 'microsoft' and lower(product) in ('support', 'azure support') then 'support'
end;

-- A month begins at the vendor's own midnight, which in UTC is up to 14 hours before or 12 after ours.
create or replace temp macro billing_month(found) as date_trunc('month', found + interval 14 hours)::date;

-- A charge of more than ten years is a date that means "for ever", such as 9999-12-31: it stays on its first day.
create or replace temp macro is_spreadable(from_utc, to_utc) as to_utc < from_utc + interval 10 years;

-- Ends are the first moment after; reports that write 23:59:59 mean the same.
create or replace temp macro whole_second(found) as case
    when extract(second from found) = 59 then date_trunc('minute', found) + interval 1 minute else found
end;

-- The part of a cost between two moments of its `whole` time, in units of the last digit: over all parts of it they add
-- up to the cost, since each is the difference of two rounded sums from the beginning. Divided first, so that nothing
-- grows beyond 38 digits.
create or replace temp macro cost_units(cost) as replace(cost::decimal(38, 20)::varchar, '.', '')::hugeint;
create or replace temp macro cost_until(units, moment, whole) as
    units // whole * moment + (units % whole) * moment // whole;
create or replace temp macro spread_cost(cost, before, after, whole) as (
    cost_until(cost_units(cost), after::hugeint, whole::hugeint)
    - cost_until(cost_units(cost), before::hugeint, whole::hugeint)
)::decimal(38, 0) * 0.00000000000000000001::decimal(21, 20);

-- FOCUS allows these words only; csv writers spell them in other cases.
create or replace temp macro focus_word(found) as coalesce(
    map {
        'usage': 'Usage', 'purchase': 'Purchase', 'tax': 'Tax', 'credit': 'Credit', 'adjustment': 'Adjustment',
        'correction': 'Correction',
        'one-time': 'One-Time', 'recurring': 'Recurring', 'usage-based': 'Usage-Based',
        'standard': 'Standard', 'dynamic': 'Dynamic', 'committed': 'Committed', 'other': 'Other',
        'used': 'Used', 'unused': 'Unused'
    }[lower(no_value(found))],
    no_value(found)
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

-- A price times a quantity in the billing currency. Prices have ten digits at most; what is beyond is a double's noise.
create or replace temp macro azure_amount(price, quantity, exchange_rate) as try_cast(
    round(
        try_cast(price as double) * try_cast(quantity as double) * coalesce(try_cast(exchange_rate as double), 1), 10
    ) as decimal(38, 20)
);

-- A report's amount times a ratio, as text as it stands in the report where there is nothing to multiply.
create or replace temp macro times(amount, ratio) as case
    when ratio = 1 then amount
    else (try_cast(amount as decimal(20, 10)) * ratio::decimal(18, 12))::varchar
end;

-- A node by its id at the provider, as nodes say it and as bills do: the last part of it, or the scale set of Azure's machine.
create or replace temp macro kube_node(found) as lower(
    coalesce(
        nullif(regexp_extract(found, 'virtualmachinescalesets/([^/]+)', 1, 'i'), ''),
        nullif(regexp_extract(found, '[^/]+$'), '')
    )
);
