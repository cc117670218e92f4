-- A handover may be given to another crew while nobody has taken it, or when
-- the crew that was to take it was called off; the former one stays for the record.
ALTER TABLE handovers ADD COLUMN replaced_at BIGINT NOT NULL DEFAULT 0;
DROP INDEX handovers_by_from;
CREATE UNIQUE INDEX handovers_by_from ON handovers (from_id) WHERE replaced_at = 0;
CREATE INDEX handovers_of ON handovers (from_id, given_at);
