-- Whom each squad of a roster had when it was last published: what has changed since was changed by people.
ALTER TABLE rosters ADD COLUMN published TEXT NOT NULL DEFAULT '';
