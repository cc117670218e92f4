-- What the county tells other systems: an address, the kinds of event it
-- wants, and how far it has been told. Deliveries of one subject keep their order.
CREATE TABLE hooks (
  id       TEXT PRIMARY KEY,
  name     TEXT NOT NULL,
  url      TEXT NOT NULL,
  secret   TEXT NOT NULL, -- whsec_ and base64, as Standard Webhooks has it
  kinds    TEXT NOT NULL, -- comma list; case. stands for all that begin so
  seq      BIGINT NOT NULL, -- last event looked at
  fails    BIGINT NOT NULL, -- tries in a row that failed
  made_by  TEXT NOT NULL,
  made_at  BIGINT NOT NULL,
  ended_at BIGINT NOT NULL -- 0 while in use
);

CREATE TABLE deliveries (
  id      TEXT PRIMARY KEY, -- the Webhook-Id
  hook_id TEXT NOT NULL REFERENCES hooks (id),
  seq     BIGINT NOT NULL,
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,
  state   TEXT NOT NULL, -- waiting, sent, dead
  tries   BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  status  BIGINT NOT NULL, -- last answer's HTTP status; 0: none
  error   TEXT NOT NULL,
  at      BIGINT NOT NULL -- when last tried
);
CREATE INDEX deliveries_waiting ON deliveries (hook_id, subject, seq) WHERE state = 'waiting';
CREATE INDEX deliveries_by_hook ON deliveries (hook_id, seq);

-- A secret address under which a calendar program reads somebody's days; only
-- the digest of the secret is kept.
CREATE TABLE feeds (
  id        TEXT PRIMARY KEY,
  digest    TEXT NOT NULL UNIQUE,
  person_id TEXT NOT NULL REFERENCES persons (id),
  name      TEXT NOT NULL,
  made_at   BIGINT NOT NULL,
  ended_at  BIGINT NOT NULL
);

-- Who somebody is elsewhere, by issuer and subject; never by e-mail.
CREATE TABLE identities (
  issuer    TEXT NOT NULL,
  subject   TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES persons (id),
  name      TEXT NOT NULL, -- as the other side calls them, for the list
  made_at   BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_person ON identities (person_id);

-- Public keys of passkeys (WebAuthn); body is the credential as JSON.
CREATE TABLE passkeys (
  id        TEXT PRIMARY KEY, -- base64url of the credential id
  person_id TEXT NOT NULL REFERENCES persons (id),
  name      TEXT NOT NULL,
  body      TEXT NOT NULL,
  made_at   BIGINT NOT NULL,
  used_at   BIGINT NOT NULL
);
CREATE INDEX passkeys_by_person ON passkeys (person_id);

-- Half-way signings-in at another provider or with a passkey: used once.
CREATE TABLE ceremonies (
  id      TEXT PRIMARY KEY, -- digest of the cookie's secret
  kind    TEXT NOT NULL,
  body    TEXT NOT NULL,
  ends_at BIGINT NOT NULL
);
