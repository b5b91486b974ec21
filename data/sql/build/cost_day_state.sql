-- A hash of all that cost_day is made from, and of itself: equal means that building it again would change nothing.
select md5(concat_ws(
    '|',
    (select concat_ws(' ', count(*), bit_xor(hash(c)), sum(lines)) from charge_day c anti join removed_source using (source)),
    (select concat_ws(' ', count(*), bit_xor(hash(c)), sum(lines)) from cost_day c),
    (select bit_xor(hash(service, accounts, aliases)) from service where is_catalogued),
    (select concat_ws(' ', count(*), bit_xor(hash(r))) from allocation_rule r),
    (select concat_ws(' ', count(*), bit_xor(hash(t))) from account_tag t),
    (select concat_ws(' ', count(*), bit_xor(hash(e))) from account_environment e),
    $query
)) as fingerprint
