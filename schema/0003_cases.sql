-- One row per problem; its history is in events.
CREATE TABLE cases (
  id          TEXT PRIMARY KEY,
  no          TEXT NOT NULL UNIQUE,
  code        TEXT NOT NULL,
  state       TEXT NOT NULL,
  text        TEXT NOT NULL,
  kind_id     TEXT NOT NULL,
  place_id    TEXT NOT NULL,
  address     TEXT NOT NULL,
  lat         DOUBLE PRECISION,
  lon         DOUBLE PRECISION,
  accuracy    DOUBLE PRECISION, -- metres, as the phone said
  area_id     TEXT NOT NULL,
  unit_id     TEXT NOT NULL,
  owner_id    TEXT NOT NULL,
  finder_id   TEXT NOT NULL,
  channel     TEXT NOT NULL,
  contact     TEXT NOT NULL,
  outside     TEXT NOT NULL, -- its number in another system, or empty
  reported_at BIGINT NOT NULL,
  made_at     BIGINT NOT NULL,
  due_at      BIGINT NOT NULL,
  due_why     TEXT NOT NULL,
  reasons     TEXT NOT NULL,
  fixed_at    BIGINT NOT NULL,
  fixed_by    TEXT NOT NULL,
  closed_at   BIGINT NOT NULL,
  stopped_at  BIGINT NOT NULL,
  block       TEXT NOT NULL,
  ask         TEXT NOT NULL,
  ask_body    TEXT NOT NULL,
  ladder      BIGINT NOT NULL,
  acked       BIGINT NOT NULL, -- the highest level whose orders were signed for
  reworks     BIGINT NOT NULL,
  relapses    BIGINT NOT NULL,
  refusals    BIGINT NOT NULL,
  merged_into TEXT NOT NULL,
  hint        TEXT NOT NULL,
  recheck     TEXT NOT NULL,
  thumb       TEXT NOT NULL,
  updated_at  BIGINT NOT NULL,
  version     BIGINT NOT NULL
);
CREATE INDEX cases_newest ON cases (reported_at, id);
CREATE INDEX cases_open ON cases (due_at, id) WHERE state IN ('reported', 'assigned', 'accepted', 'returned', 'blocked', 'fixed');
CREATE INDEX cases_by_area ON cases (area_id, state, due_at);
CREATE INDEX cases_by_unit ON cases (unit_id, state, due_at);
CREATE INDEX cases_by_owner ON cases (owner_id, state, due_at);
CREATE INDEX cases_by_finder ON cases (finder_id, reported_at);
CREATE INDEX cases_by_spot ON cases (kind_id, place_id, closed_at);
CREATE INDEX cases_open_by_kind ON cases (kind_id, reported_at, lat, lon) WHERE state IN ('reported', 'assigned', 'accepted', 'returned', 'blocked', 'fixed');
CREATE INDEX cases_open_by_time ON cases (reported_at, lat, lon) WHERE state IN ('reported', 'assigned', 'accepted', 'returned', 'blocked', 'fixed');
CREATE INDEX cases_by_code ON cases (code) WHERE code <> '';
CREATE UNIQUE INDEX cases_by_outside ON cases (outside) WHERE outside <> '';
CREATE INDEX cases_to_recheck ON cases (recheck) WHERE recheck <> '';
CREATE INDEX cases_closed ON cases (closed_at) WHERE closed_at > 0;

CREATE TABLE case_photos (
  case_id TEXT NOT NULL REFERENCES cases (id),
  sum     TEXT NOT NULL,
  role    TEXT NOT NULL,
  who     TEXT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (case_id, sum, role)
);
CREATE INDEX case_photos_by_sum ON case_photos (sum);

CREATE TABLE case_helpers (
  case_id TEXT NOT NULL REFERENCES cases (id),
  unit_id TEXT NOT NULL,
  PRIMARY KEY (case_id, unit_id)
);

-- Decisions of the dispatch desk kept as rules: this kind in this area goes there.
CREATE TABLE route_rules (
  id        TEXT PRIMARY KEY,
  area_id   TEXT NOT NULL,
  kind_id   TEXT NOT NULL,
  unit_id   TEXT NOT NULL,
  person_id TEXT NOT NULL,
  who       TEXT NOT NULL,
  made_at   BIGINT NOT NULL,
  UNIQUE (area_id, kind_id)
);

-- Documents of the ladder.
CREATE TABLE orders (
  id      TEXT PRIMARY KEY,
  case_id TEXT NOT NULL REFERENCES cases (id),
  level   BIGINT NOT NULL,
  no      TEXT NOT NULL,
  at      BIGINT NOT NULL,
  title   TEXT NOT NULL,
  body    TEXT NOT NULL,
  to_name TEXT NOT NULL,
  acked_at BIGINT NOT NULL,
  acked_by TEXT NOT NULL
);
CREATE INDEX orders_by_case ON orders (case_id, level);

-- Random second looks: a seed is sealed (its hash published as an event) before
-- the cases it will choose from are known, and opened when it is used.
CREATE TABLE draws (
  id        TEXT PRIMARY KEY,
  seed      TEXT NOT NULL,
  sealed_at BIGINT NOT NULL,
  drawn_at  BIGINT NOT NULL,
  from_at   BIGINT NOT NULL
);
CREATE TABLE rechecks (
  id      TEXT PRIMARY KEY,
  draw_id TEXT NOT NULL REFERENCES draws (id),
  case_id TEXT NOT NULL REFERENCES cases (id),
  area_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  result  TEXT NOT NULL,
  who     TEXT NOT NULL,
  done_at BIGINT NOT NULL
);
CREATE INDEX rechecks_done ON rechecks (done_at);
