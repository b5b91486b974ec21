-- In Athena's SQL (https://docs.aws.amazon.com/athena/latest/ug/ddl-sql-reference.html): a FOCUS export's lines summed to
-- the day and to the columns that we keep. The names with a dollar are filled in by data/billing/athena.py; a column that
-- the table does not have is null. Costs are rounded to 12 places a line: in most tables they are doubles, which have no more.
-- UNLOAD is documented for a select, so there is no `with`.
select billingperiodstart,
    -- What goes on past midnight keeps its moments, since it is spread over its days.
    case
        when chargeperiodend > date_trunc('day', chargeperiodstart) + interval '1' day then chargeperiodstart
        else date_trunc('day', chargeperiodstart)
    end as chargeperiodstart,
    case when chargeperiodend > date_trunc('day', chargeperiodstart) + interval '1' day then chargeperiodend end
        as chargeperiodend,
    billingcurrency,
    chargecategory,
    chargeclass,
    chargefrequency,
    pricingcategory,
    commitmentdiscountstatus,
    providername,
    billingaccountid,
    subaccountid,
    servicecategory,
    servicename,
    regionid,
    consumedunit,
    invoiceid,
    map_filter(tags, (k, v) -> $is_owner) as tags,
    sum(billedcost) as billedcost,
    sum(effectivecost) as effectivecost,
    -- Use without a list price counts at its contracted one, or what it cost, as in data/billing/read/lines.py.
    sum(
        case
            when listcost is null and effectivecost > 0 and lower(chargecategory) = 'usage'
                and coalesce(lower(commitmentdiscountstatus), '') <> 'unused'
                then coalesce(nullif(contractedcost, 0), effectivecost)
            else listcost
        end
    ) as listcost,
    sum(contractedcost) as contractedcost,
    sum(consumedquantity) as consumedquantity,
    count(*) - count(billedcost) as x_lines_without_cost
from (
    select $columns
    from $table
    where billing_period in ($months)
) as line
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18
