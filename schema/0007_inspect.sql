-- Standards in the county. Every whole text a pack has had is kept; the last
-- one counts, with the county's corrections made since in its lines.
CREATE TABLE packs (
  id     TEXT PRIMARY KEY,
  sort   BIGINT NOT NULL,
  active BOOLEAN NOT NULL
);
CREATE TABLE pack_texts (
  pack_id TEXT NOT NULL REFERENCES packs (id),
  n       BIGINT NOT NULL, -- 1 as shipped, one more with every workbook taken in
  body    TEXT NOT NULL,   -- YAML
  who     TEXT NOT NULL,
  source  TEXT NOT NULL,   -- why, in the words of who did it
  at      BIGINT NOT NULL,
  PRIMARY KEY (pack_id, n)
);
CREATE TABLE pack_edits (
  id      TEXT PRIMARY KEY,
  pack_id TEXT NOT NULL REFERENCES packs (id),
  n       BIGINT NOT NULL, -- the text it corrects
  sheet   TEXT NOT NULL,
  line    TEXT NOT NULL,
  cells   TEXT NOT NULL,   -- JSON: column to what it says now
  was     TEXT NOT NULL,   -- JSON: what those columns said before
  who     TEXT NOT NULL,
  source  TEXT NOT NULL,
  at      BIGINT NOT NULL
);
CREATE INDEX pack_edits_by_pack ON pack_edits (pack_id, n, at, id);
