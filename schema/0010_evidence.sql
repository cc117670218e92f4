-- Documents by their SHA-256, and the text that was read from them.
CREATE TABLE documents (
  sum        TEXT PRIMARY KEY,
  type       TEXT NOT NULL,
  bytes      BIGINT NOT NULL,
  name       TEXT NOT NULL, -- as the file was called
  who        TEXT NOT NULL,
  arrived_at BIGINT NOT NULL,
  state      TEXT NOT NULL, -- waiting, read or unreadable
  pages      BIGINT NOT NULL, -- 0 unknown
  cut        BOOLEAN NOT NULL, -- only the beginning of its text is kept
  why        TEXT NOT NULL, -- why it could not be read
  body       TEXT NOT NULL
);
CREATE INDEX documents_by_age ON documents (arrived_at);

-- Papers: what somebody filed to prove requirements, once for all that ask.
CREATE TABLE papers (
  id         TEXT PRIMARY KEY,
  sum        TEXT NOT NULL,
  type       TEXT NOT NULL,
  bytes      BIGINT NOT NULL,
  title      TEXT NOT NULL,
  caption    TEXT NOT NULL, -- of a photo: what it shows, when and where
  unit_id    TEXT NOT NULL, -- whose paper it is
  on_day     TEXT NOT NULL, -- its own date
  year       BIGINT NOT NULL, -- the first year it proves
  to_year    BIGINT NOT NULL, -- the last one
  state      TEXT NOT NULL, -- filed, checked, returned or withdrawn
  note       TEXT NOT NULL, -- why it was returned or withdrawn
  case_id    TEXT NOT NULL, -- the case a photo was taken on, or empty
  who        TEXT NOT NULL,
  at         BIGINT NOT NULL,
  checked_by TEXT NOT NULL,
  checked_at BIGINT NOT NULL,
  version    BIGINT NOT NULL
);
CREATE INDEX papers_newest ON papers (at, id);
CREATE INDEX papers_by_sum ON papers (sum);
CREATE INDEX papers_by_unit ON papers (unit_id, at);
CREATE INDEX papers_by_state ON papers (state, at);

CREATE TABLE paper_slots (
  paper_id TEXT NOT NULL REFERENCES papers (id),
  slot     TEXT NOT NULL, -- <pack>:<requirement>
  PRIMARY KEY (paper_id, slot)
);
CREATE INDEX paper_slots_by_slot ON paper_slots (slot, paper_id);

-- What a paper says, folded, and the pieces by which it is found.
CREATE TABLE paper_texts (
  paper_id TEXT PRIMARY KEY REFERENCES papers (id),
  folded   TEXT NOT NULL
);
CREATE TABLE paper_grams (
  gram     TEXT NOT NULL,
  paper_id TEXT NOT NULL,
  PRIMARY KEY (gram, paper_id)
);
CREATE INDEX paper_grams_by_paper ON paper_grams (paper_id);

-- The cases that gaps became; of one slot and year one is open at a time.
CREATE TABLE gap_cases (
  case_id TEXT PRIMARY KEY REFERENCES cases (id),
  slot    TEXT NOT NULL,
  year    BIGINT NOT NULL,
  n       BIGINT NOT NULL, -- which one of the slot and year
  at      BIGINT NOT NULL,
  UNIQUE (slot, year, n)
);

-- Archives that were made: the manifest lies among the bytes under its sum.
CREATE TABLE archives (
  id       TEXT PRIMARY KEY,
  pack     TEXT NOT NULL,
  from_year BIGINT NOT NULL,
  to_year  BIGINT NOT NULL,
  state    TEXT NOT NULL, -- waiting, making, ready or failed
  done     BIGINT NOT NULL, -- of the files, while it is being made
  files    BIGINT NOT NULL,
  bytes    BIGINT NOT NULL, -- of the whole file
  manifest TEXT NOT NULL,
  why      TEXT NOT NULL,
  who      TEXT NOT NULL,
  at       BIGINT NOT NULL,
  ready_at BIGINT NOT NULL
);

-- The printed pages of archives, which only their manifests name.
CREATE TABLE archive_prints (
  archive_id TEXT NOT NULL REFERENCES archives (id),
  sum        TEXT NOT NULL,
  PRIMARY KEY (archive_id, sum)
);

-- What was seen of a line of a checklist, without reading every inspection.
CREATE INDEX inspection_lines_by_line ON inspection_lines (line, result);
