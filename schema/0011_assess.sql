-- A round of assessment by one pack.
CREATE TABLE rounds (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  kind     TEXT NOT NULL, -- self, mock, city, provincial or review
  pack     TEXT NOT NULL,
  from_on  TEXT NOT NULL,
  to_on    TEXT NOT NULL,
  state    TEXT NOT NULL, -- planned, judging or finished
  experts  TEXT NOT NULL, -- JSON
  wants    TEXT NOT NULL, -- JSON: how many of each kind of place
  seed     TEXT NOT NULL, -- of the draw, kept to itself until drawn
  seal     TEXT NOT NULL, -- SHA-256 of the seed, published when planned
  frame    TEXT NOT NULL, -- JSON: what was drawn from; '' until drawn
  estimate TEXT NOT NULL, -- JSON: the standing estimate when judging began
  frozen   TEXT NOT NULL, -- JSON: pack, inputs and result; '' until finished
  sum      TEXT NOT NULL, -- SHA-256 of frozen, also told in the log
  score    BIGINT NOT NULL, -- thousandths; with finished only
  verdict  TEXT NOT NULL,
  made_by  TEXT NOT NULL,
  made_at  BIGINT NOT NULL,
  drawn_at BIGINT NOT NULL,
  finished_at BIGINT NOT NULL,
  version  BIGINT NOT NULL
);
CREATE INDEX rounds_newest ON rounds (from_on, id);

-- The places a round looks at.
CREATE TABLE round_spots (
  round_id   TEXT NOT NULL REFERENCES rounds (id),
  place_id   TEXT NOT NULL,
  n          BIGINT NOT NULL,
  kind       TEXT NOT NULL, -- of place, as packs name it
  area_id    TEXT NOT NULL,
  source     TEXT NOT NULL, -- drawn, or added by hand: official assessors choose themselves
  visited_at BIGINT NOT NULL,
  visited_by TEXT NOT NULL, -- expert
  note       TEXT NOT NULL,
  PRIMARY KEY (round_id, place_id)
);
CREATE INDEX round_spots_by_place ON round_spots (place_id, visited_at);

-- A breach an expert saw at a place of the sample.
CREATE TABLE round_findings (
  id       TEXT PRIMARY KEY,
  round_id TEXT NOT NULL REFERENCES rounds (id),
  expert   TEXT NOT NULL,
  place_id TEXT NOT NULL,
  place_kind TEXT NOT NULL,
  check_id TEXT NOT NULL, -- line of the pack's checklist, or empty
  line     TEXT NOT NULL, -- scoring line, or empty: counts on none
  item     TEXT NOT NULL,
  kind     TEXT NOT NULL, -- of problem, or empty
  text     TEXT NOT NULL,
  note     TEXT NOT NULL,
  times    BIGINT NOT NULL,
  photos   TEXT NOT NULL, -- JSON list of sums
  who      TEXT NOT NULL,
  made_at  BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL,
  withdrawn_by TEXT NOT NULL,
  why      TEXT NOT NULL
);
CREATE INDEX round_findings_by_round ON round_findings (round_id, id);

-- What else was judged: a scoring line, a paper, a veto.
CREATE TABLE round_marks (
  round_id TEXT NOT NULL REFERENCES rounds (id),
  what     TEXT NOT NULL, -- line, paper or veto
  ref      TEXT NOT NULL,
  expert   TEXT NOT NULL,
  value    TEXT NOT NULL,
  points   BIGINT NOT NULL, -- thousandths; -1 unless a band was given points
  note     TEXT NOT NULL,
  photos   TEXT NOT NULL, -- JSON list of sums
  who      TEXT NOT NULL,
  made_at  BIGINT NOT NULL,
  PRIMARY KEY (round_id, what, ref)
);

-- What became of each lost point in the retrospective.
CREATE TABLE round_losses (
  round_id TEXT NOT NULL REFERENCES rounds (id),
  loss_id  TEXT NOT NULL,
  outcome  TEXT NOT NULL, -- case, linked or none
  case_id  TEXT NOT NULL,
  reason   TEXT NOT NULL,
  who      TEXT NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (round_id, loss_id)
);
CREATE INDEX round_losses_by_case ON round_losses (case_id) WHERE case_id <> '';

-- Measured values of a pack's indicators, each with where it is from.
CREATE TABLE indicator_values (
  id        TEXT PRIMARY KEY,
  pack      TEXT NOT NULL,
  indicator TEXT NOT NULL,
  value     BIGINT NOT NULL, -- thousandths
  on_day    TEXT NOT NULL,
  source    TEXT NOT NULL,
  who       TEXT NOT NULL,
  at        BIGINT NOT NULL
);
CREATE INDEX indicator_values_newest ON indicator_values (pack, indicator, on_day, at);

-- Photos that something other than a case refers to, so that they are kept.
CREATE TABLE photo_uses (
  sum    TEXT NOT NULL,
  holder TEXT NOT NULL, -- id of the round
  PRIMARY KEY (sum, holder)
);
