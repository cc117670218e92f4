-- Where a standing team works, if at one place or in one area.
ALTER TABLE teams ADD COLUMN area_id TEXT NOT NULL DEFAULT '';
ALTER TABLE teams ADD COLUMN place_id TEXT NOT NULL DEFAULT '';
