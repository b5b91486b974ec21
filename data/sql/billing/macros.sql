create or replace temp macro no_text(found) as nullif(nullif(trim(found), ''), 'NULL');

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
