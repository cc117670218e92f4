-- Lists of those who see a part of the county, newest first: each part is read
-- from the end of its own index, however many cases there are.
CREATE INDEX cases_newest_of_area ON cases (area_id, reported_at, id);
CREATE INDEX cases_newest_of_unit ON cases (unit_id, reported_at, id);
CREATE INDEX cases_newest_of_owner ON cases (owner_id, reported_at, id);
CREATE INDEX cases_newest_of_finder ON cases (finder_id, reported_at, id);
DROP INDEX cases_by_finder;
