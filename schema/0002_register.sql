-- Who.
CREATE TABLE units (
  id    TEXT PRIMARY KEY,
  code  TEXT NOT NULL UNIQUE,
  name  TEXT NOT NULL,
  short TEXT NOT NULL,
  sort  TEXT NOT NULL,
  role  TEXT NOT NULL
);
CREATE INDEX units_by_role ON units (role);

CREATE TABLE persons (
  id       TEXT PRIMARY KEY,
  code     TEXT NOT NULL UNIQUE,
  name     TEXT NOT NULL,
  login    TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL,
  phone    TEXT NOT NULL,
  unit_id  TEXT NOT NULL REFERENCES units (id),
  title    TEXT NOT NULL,
  lang     TEXT NOT NULL,
  left_on  TEXT NOT NULL
);
CREATE INDEX persons_by_unit ON persons (unit_id);

CREATE TABLE posts (
  id      TEXT PRIMARY KEY,
  role    TEXT NOT NULL,
  name    TEXT NOT NULL,
  unit_id TEXT NOT NULL
);
CREATE INDEX posts_by_unit ON posts (unit_id, role);

-- The areas a post is for; none means the whole county.
CREATE TABLE post_areas (
  post_id TEXT NOT NULL REFERENCES posts (id),
  area_id TEXT NOT NULL,
  PRIMARY KEY (post_id, area_id)
);
CREATE INDEX post_areas_by_area ON post_areas (area_id, post_id);

CREATE TABLE terms (
  id        TEXT PRIMARY KEY,
  post_id   TEXT NOT NULL REFERENCES posts (id),
  person_id TEXT NOT NULL REFERENCES persons (id),
  from_on   TEXT NOT NULL,
  to_on     TEXT NOT NULL
);
CREATE INDEX terms_by_post ON terms (post_id, from_on);
CREATE INDEX terms_by_person ON terms (person_id, from_on);

CREATE TABLE leaves (
  id        TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES persons (id),
  from_on   TEXT NOT NULL,
  to_on     TEXT NOT NULL,
  reason    TEXT NOT NULL
);
CREATE INDEX leaves_by_person ON leaves (person_id, to_on);

CREATE TABLE deputies (
  id        TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES persons (id),
  deputy_id TEXT NOT NULL REFERENCES persons (id),
  from_on   TEXT NOT NULL,
  to_on     TEXT NOT NULL
);
CREATE INDEX deputies_by_person ON deputies (person_id, to_on);
CREATE INDEX deputies_by_deputy ON deputies (deputy_id, to_on);

CREATE TABLE sessions (
  token     TEXT PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES persons (id),
  made_at   BIGINT NOT NULL,
  ends_at   BIGINT NOT NULL,
  agent     TEXT NOT NULL
);
CREATE INDEX sessions_by_person ON sessions (person_id);

CREATE TABLE suggestions (
  id      TEXT PRIMARY KEY,
  who     TEXT NOT NULL,
  page    TEXT NOT NULL,
  text    TEXT NOT NULL,
  made_at BIGINT NOT NULL
);

-- Where. Shapes are RFC 7946 geometries in WGS-84.
CREATE TABLE areas (
  id           TEXT PRIMARY KEY,
  code         TEXT NOT NULL UNIQUE,
  name         TEXT NOT NULL,
  lead_unit_id TEXT NOT NULL,
  parent_id    TEXT NOT NULL, -- of a grid: the area it is a piece of
  shape        TEXT NOT NULL,
  lat          DOUBLE PRECISION NOT NULL,
  lon          DOUBLE PRECISION NOT NULL
);

CREATE TABLE places (
  id      TEXT PRIMARY KEY,
  code    TEXT NOT NULL UNIQUE,
  name    TEXT NOT NULL,
  kind    TEXT NOT NULL,
  area_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  address TEXT NOT NULL,
  lat     DOUBLE PRECISION NOT NULL,
  lon     DOUBLE PRECISION NOT NULL
);
CREATE INDEX places_by_area ON places (area_id);

-- What. One row per kind of problem; body keeps the rest of its line as JSON.
CREATE TABLE kinds (
  id           TEXT PRIMARY KEY,
  sort         BIGINT NOT NULL,
  grp          TEXT NOT NULL,
  name         TEXT NOT NULL,
  name_en      TEXT NOT NULL,
  lead         TEXT NOT NULL,
  limit_n      BIGINT NOT NULL,
  limit_unit   TEXT NOT NULL,
  after_photo  BOOLEAN NOT NULL,
  relapse_days BIGINT NOT NULL,
  body         TEXT NOT NULL
);

CREATE TABLE clauses (
  id      TEXT PRIMARY KEY,
  pack    TEXT NOT NULL,
  sort    BIGINT NOT NULL,
  title   TEXT NOT NULL,
  checked TEXT NOT NULL
);

-- When: days the county or the State Council made different.
CREATE TABLE calendar_days (
  on_day  TEXT PRIMARY KEY,
  working BOOLEAN NOT NULL,
  note    TEXT NOT NULL,
  source  TEXT NOT NULL
);
