-- A place looked at against a checklist, or counted for vectors.
CREATE TABLE inspections (
  id       TEXT PRIMARY KEY,
  place_id TEXT NOT NULL,
  kind     TEXT NOT NULL, -- of place, as packs name it
  area_id  TEXT NOT NULL,
  unit_id  TEXT NOT NULL, -- that answered for the place then
  who      TEXT NOT NULL,
  purpose  TEXT NOT NULL, -- round, walk or self
  note     TEXT NOT NULL,
  good     BIGINT NOT NULL,
  bad      BIGINT NOT NULL,
  absent   BIGINT NOT NULL,
  unseen   BIGINT NOT NULL,
  rest     BIGINT NOT NULL, -- of the good ones: called good together by one tap
  counted  BIGINT NOT NULL, -- vector counts
  on_day   TEXT NOT NULL,   -- made_at's day
  made_at  BIGINT NOT NULL,
  at       BIGINT NOT NULL
);
CREATE INDEX inspections_newest ON inspections (made_at, id);
CREATE INDEX inspections_by_place ON inspections (place_id, made_at);
CREATE INDEX inspections_by_area ON inspections (area_id, made_at);
CREATE INDEX inspections_by_unit ON inspections (unit_id, made_at);
CREATE INDEX inspections_by_who ON inspections (who, made_at);
CREATE INDEX inspections_by_day ON inspections (on_day, place_id);
CREATE INDEX inspections_last ON inspections (place_id, on_day);

CREATE TABLE inspection_lines (
  inspection_id TEXT NOT NULL REFERENCES inspections (id),
  n       BIGINT NOT NULL,
  line    TEXT NOT NULL, -- <pack>:<checklist line>
  text    TEXT NOT NULL, -- as it was read then
  clause  TEXT NOT NULL, -- <pack>:<item>
  result  TEXT NOT NULL, -- good, bad, absent or unseen
  how     TEXT NOT NULL, -- tap, or rest for those called good together
  note    TEXT NOT NULL,
  photos  TEXT NOT NULL, -- JSON list of sums; the bytes hang on the case
  case_id TEXT NOT NULL,
  PRIMARY KEY (inspection_id, line)
);
CREATE INDEX inspection_lines_by_case ON inspection_lines (case_id) WHERE case_id <> '';

-- What an instrument or an eye counted: found of so many.
CREATE TABLE inspection_counts (
  inspection_id TEXT NOT NULL REFERENCES inspections (id),
  measure TEXT NOT NULL, -- <pack>:<vector measure>
  found   BIGINT NOT NULL,
  base    BIGINT NOT NULL, -- rooms, facilities, dips …; metres of path
  PRIMARY KEY (inspection_id, measure)
);

-- How often which kind of place is to be looked at, and by whom.
CREATE TABLE inspection_plans (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  kind    TEXT NOT NULL, -- of place
  area_id TEXT NOT NULL, -- or empty: everywhere
  every   TEXT NOT NULL, -- day, working_day, market_day, week or month
  times   BIGINT NOT NULL,
  role    TEXT NOT NULL, -- whose it is; empty: anybody who inspects
  from_on TEXT NOT NULL,
  to_on   TEXT NOT NULL, -- last day, or empty
  made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL
);
