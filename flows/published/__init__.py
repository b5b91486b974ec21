"""Questions to what is published: SQL, shells, assistants, risks, scenarios, schedules, reports."""
