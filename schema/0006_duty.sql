-- A kind of duty, and which groups of problems its crews take while they are there.
CREATE TABLE duty_kinds (
  id      TEXT PRIMARY KEY,
  sort    BIGINT NOT NULL,
  name    TEXT NOT NULL,
  name_en TEXT NOT NULL,
  takes   TEXT NOT NULL  -- groups of kinds of problem, comma between; * for all
);

-- What somebody can do on a duty: leader, licence, driver, language.
CREATE TABLE person_skills (
  person_id TEXT NOT NULL REFERENCES persons (id),
  skill     TEXT NOT NULL,
  PRIMARY KEY (person_id, skill)
);

-- A standing body of people: a squad, a market team, a patrol, volunteers.
CREATE TABLE teams (
  id        TEXT PRIMARY KEY,
  code      TEXT NOT NULL UNIQUE,
  name      TEXT NOT NULL,
  kind      TEXT NOT NULL REFERENCES duty_kinds (id),
  unit_id   TEXT NOT NULL,  -- that keeps it, or empty
  leader_id TEXT NOT NULL,
  ended_on  TEXT NOT NULL
);
CREATE TABLE team_people (
  team_id   TEXT NOT NULL REFERENCES teams (id),
  person_id TEXT NOT NULL REFERENCES persons (id),
  PRIMARY KEY (team_id, person_id)
);
CREATE INDEX team_people_by_person ON team_people (person_id);

-- A crew at a place in a time window.
CREATE TABLE duties (
  id           TEXT PRIMARY KEY,
  kind         TEXT NOT NULL REFERENCES duty_kinds (id),
  name         TEXT NOT NULL,
  team_id      TEXT NOT NULL,
  unit_id      TEXT NOT NULL,  -- that plans it, or empty: the headquarters
  area_id      TEXT NOT NULL,
  place_id     TEXT NOT NULL,
  on_day       TEXT NOT NULL,
  from_at      BIGINT NOT NULL,
  to_at        BIGINT NOT NULL,
  size         BIGINT NOT NULL,
  leader_id    TEXT NOT NULL,
  roster_id    TEXT NOT NULL,  -- the plan it comes from, or empty
  cancelled_at BIGINT NOT NULL,
  confirmed_at BIGINT NOT NULL,
  confirmed_by TEXT NOT NULL,
  note         TEXT NOT NULL,
  version      BIGINT NOT NULL
);
CREATE INDEX duties_by_day ON duties (on_day, from_at, id);
CREATE INDEX duties_by_roster ON duties (roster_id, on_day) WHERE roster_id <> '';
CREATE INDEX duties_by_area ON duties (area_id, on_day);
CREATE INDEX duties_by_leader ON duties (leader_id, on_day);

-- Present is said by the crew's leader, once for all: '' not yet, yes, no.
CREATE TABLE duty_people (
  duty_id   TEXT NOT NULL REFERENCES duties (id),
  person_id TEXT NOT NULL REFERENCES persons (id),
  from_at   BIGINT NOT NULL,
  to_at     BIGINT NOT NULL,
  present   TEXT NOT NULL,
  PRIMARY KEY (duty_id, person_id)
);
CREATE INDEX duty_people_by_person ON duty_people (person_id, to_at);

-- Somebody wants to change a duty with another, or cannot come.
CREATE TABLE duty_asks (
  id         TEXT PRIMARY KEY,
  ask        TEXT NOT NULL,  -- swap or off
  duty_id    TEXT NOT NULL REFERENCES duties (id),
  person_id  TEXT NOT NULL,
  other_duty TEXT NOT NULL,  -- of a swap, or empty: the other simply comes instead
  other_id   TEXT NOT NULL,
  note       TEXT NOT NULL,
  state      TEXT NOT NULL,  -- open, granted, refused, withdrawn
  made_at    BIGINT NOT NULL,
  settled_at BIGINT NOT NULL,
  settled_by TEXT NOT NULL
);
CREATE INDEX duty_asks_open ON duty_asks (state, made_at) WHERE state = 'open';
CREATE INDEX duty_asks_by_person ON duty_asks (person_id, made_at);
CREATE INDEX duty_asks_by_other ON duty_asks (other_id, made_at);

-- One crew passes what is open to the next.
CREATE TABLE handovers (
  id       TEXT PRIMARY KEY,
  from_id  TEXT NOT NULL REFERENCES duties (id),
  to_id    TEXT NOT NULL REFERENCES duties (id),
  things   TEXT NOT NULL,  -- keys and tools
  note     TEXT NOT NULL,
  given_at BIGINT NOT NULL,
  given_by TEXT NOT NULL,
  taken_at BIGINT NOT NULL,
  taken_by TEXT NOT NULL
);
CREATE UNIQUE INDEX handovers_by_from ON handovers (from_id);
CREATE INDEX handovers_waiting ON handovers (to_id) WHERE taken_at = 0;

-- The crew by which a case found its owner.
ALTER TABLE cases ADD COLUMN duty_id TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_by_duty ON cases (duty_id) WHERE duty_id <> '';

INSERT INTO duty_kinds (id, sort, name, name_en, takes) VALUES
  ('squad', 1, '攻坚小分队', 'Squad', 'community,village'),
  ('post', 2, '蹲点值守', 'Fixed post', 'env,traffic'),
  ('market', 3, '市场工作队', 'Market team', 'market'),
  ('patrol', 4, '巡回执法', 'Patrol', ''),
  ('volunteer', 5, '志愿服务', 'Volunteers', ''),
  ('household', 6, '入户宣传', 'Household round', ''),
  ('expert', 7, '专家指导', 'Expert visit', '');

-- A calendar may show the duties of a team or of an area's crews instead of a person's own days.
ALTER TABLE feeds ADD COLUMN team_id TEXT NOT NULL DEFAULT '';
ALTER TABLE feeds ADD COLUMN area_id TEXT NOT NULL DEFAULT '';
