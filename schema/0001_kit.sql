-- The county's counters. The row 'event' is also the writer lock on PostgreSQL.
CREATE TABLE numbers (
  name  TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
INSERT INTO numbers (name, value) VALUES ('event', 0);

-- What the county is called and its switches, with who changed them last.
CREATE TABLE settings (
  name       TEXT PRIMARY KEY,
  value      TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);

-- Everything that happened, gapless, in commit order.
CREATE TABLE events (
  seq     BIGINT PRIMARY KEY,
  at      BIGINT NOT NULL,
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,
  who     TEXT NOT NULL,
  body    TEXT NOT NULL
);
CREATE INDEX events_by_subject ON events (subject, seq);

-- How far each follower has read.
CREATE TABLE followers (
  name TEXT PRIMARY KEY,
  seq  BIGINT NOT NULL
);

-- A follower's event that failed for good, kept for a person to look at.
CREATE TABLE stuck_events (
  follower TEXT NOT NULL,
  seq      BIGINT NOT NULL,
  error    TEXT NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (follower, seq)
);

-- The Merkle tree over events: stored hashes by tlog's index, and signed heads.
CREATE TABLE proof_hashes (
  idx  BIGINT PRIMARY KEY,
  hash TEXT NOT NULL
);
CREATE TABLE checkpoints (
  size BIGINT PRIMARY KEY,
  note TEXT NOT NULL,
  at   BIGINT NOT NULL
);

-- Commands already carried out, with their first answer.
CREATE TABLE commands (
  id     TEXT PRIMARY KEY,
  who    TEXT NOT NULL,
  digest TEXT NOT NULL,
  status BIGINT NOT NULL,
  answer TEXT NOT NULL,
  at     BIGINT NOT NULL
);
CREATE INDEX commands_by_age ON commands (at);

-- Background work. A job is due when run_at has come, and free when its lease has run out.
CREATE TABLE jobs (
  id       TEXT PRIMARY KEY,
  kind     TEXT NOT NULL,
  body     TEXT NOT NULL,
  run_at   BIGINT NOT NULL,
  lease_at BIGINT NOT NULL,
  tries    BIGINT NOT NULL,
  error    TEXT NOT NULL,
  done_at  BIGINT NOT NULL
);
CREATE INDEX jobs_due ON jobs (done_at, run_at);

-- Photos by their SHA-256 and what was read from them.
CREATE TABLE photos (
  sum        TEXT PRIMARY KEY,
  type       TEXT NOT NULL,
  bytes      BIGINT NOT NULL,
  width      BIGINT NOT NULL,
  height     BIGINT NOT NULL,
  taken_at   BIGINT NOT NULL,
  lat        DOUBLE PRECISION,
  lon        DOUBLE PRECISION,
  accuracy   DOUBLE PRECISION,
  source     TEXT NOT NULL,
  who        TEXT NOT NULL,
  arrived_at BIGINT NOT NULL,
  looked_at  BIGINT NOT NULL,
  dhash      TEXT NOT NULL,
  sign       TEXT NOT NULL
);
CREATE INDEX photos_unlooked ON photos (looked_at, arrived_at);

-- Pieces of dhash, so that look-alikes are found without comparing with every photo.
CREATE TABLE photo_bands (
  band  BIGINT NOT NULL,
  value BIGINT NOT NULL,
  sum   TEXT NOT NULL,
  PRIMARY KEY (band, value, sum)
);
