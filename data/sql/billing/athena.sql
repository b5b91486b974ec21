-- In Athena's SQL (https://docs.aws.amazon.com/athena/latest/ug/ddl-sql-reference.html): an export's lines summed to
-- the day and to the columns that we keep. $table, $months and $tags are filled in from checked names.
select billingperiodstart,
    date_trunc('day', chargeperiodstart) as chargeperiodstart,
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
    map_filter($tags, (k, v) -> v is not null) as tags,
    sum(cast(billedcost as decimal(38, 10))) as billedcost,
    sum(cast(effectivecost as decimal(38, 10))) as effectivecost,
    sum(cast(listcost as decimal(38, 10))) as listcost,
    sum(cast(contractedcost as decimal(38, 10))) as contractedcost,
    sum(consumedquantity) as consumedquantity
from $table
where billing_period in ($months)
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
