-- Wrong passwords in a row, by sign-in name, so that guessing stops whichever
-- address or process it comes to.
CREATE TABLE signin_tries (
  login    TEXT PRIMARY KEY,
  failed   BIGINT NOT NULL,
  until_at BIGINT NOT NULL -- nobody signs in by this name before
);

-- A second factor by RFC 6238; step is the last time step a code was used for.
CREATE TABLE second_factors (
  person_id    TEXT PRIMARY KEY REFERENCES persons (id),
  secret       TEXT NOT NULL,
  step         BIGINT NOT NULL,
  confirmed_at BIGINT NOT NULL -- 0 while the first code has not been shown
);
