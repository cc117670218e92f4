-- Duties have one stamp instead of one a day: a unit of work reads all of them.
DELETE FROM numbers WHERE name LIKE 'stamp-duty-%';
