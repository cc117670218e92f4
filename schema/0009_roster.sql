-- A roster: rules, the plan that is kept, and a trial that may take its place.
CREATE TABLE rosters (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  from_on  TEXT NOT NULL,
  to_on    TEXT NOT NULL,
  rules    TEXT NOT NULL,
  plan     TEXT NOT NULL,  -- '' until one is kept
  tried    TEXT NOT NULL,  -- the rules of the trial, '' when there is none
  trial    TEXT NOT NULL,
  run      TEXT NOT NULL,  -- how the last search went
  stop     BIGINT NOT NULL, -- 1 when somebody asked the search to stop
  made_at  BIGINT NOT NULL,
  made_by  TEXT NOT NULL,
  version  BIGINT NOT NULL
);
CREATE INDEX rosters_by_day ON rosters (from_on, id);

-- The area somebody lives or works in.
CREATE TABLE person_homes (
  person_id TEXT PRIMARY KEY REFERENCES persons (id),
  area_id   TEXT NOT NULL
);

-- A day somebody would like to serve (1) or would rather not (-1).
CREATE TABLE wishes (
  person_id TEXT NOT NULL REFERENCES persons (id),
  on_day    TEXT NOT NULL,
  likes     BIGINT NOT NULL,
  PRIMARY KEY (person_id, on_day)
);
CREATE INDEX wishes_by_day ON wishes (on_day);
