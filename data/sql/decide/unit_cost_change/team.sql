-- Which team a service belongs to.
select service, team from service order by service
