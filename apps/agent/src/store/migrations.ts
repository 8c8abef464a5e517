/**
 * Each entry takes the database from its index to the next version. Entries that were released are never edited:
 * state written by them exists.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

  CREATE TABLE workspaces (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    live INTEGER NOT NULL,
    request_key TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX workspaces_live_name ON workspaces (name) WHERE live = 1;
  CREATE INDEX workspaces_request ON workspaces (request_key) WHERE request_key IS NOT NULL;

  CREATE TABLE workspace_log (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace TEXT NOT NULL,
    at INTEGER NOT NULL,
    source TEXT NOT NULL,
    line TEXT NOT NULL
  ) STRICT;
  CREATE INDEX workspace_log_workspace ON workspace_log (workspace, seq);

  CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    workspace TEXT,
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER,
    idle_ms INTEGER
  ) STRICT;

  CREATE TABLE codes (hash BLOB PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT;

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT,
    outcome TEXT NOT NULL,
    details TEXT
  ) STRICT;
  `,
  `
  CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    workspace TEXT NOT NULL,
    execution TEXT,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    content TEXT NOT NULL
  ) STRICT;
  CREATE INDEX grants_workspace ON grants (workspace);
  CREATE INDEX grants_execution ON grants (execution) WHERE execution IS NOT NULL;
  `,
  `
  CREATE TABLE changes (
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (project, name)
  ) STRICT;
  `,
  `
  CREATE TABLE leases (
    project TEXT NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    token INTEGER NOT NULL,
    live INTEGER NOT NULL,
    workspace TEXT,
    record TEXT NOT NULL,
    PRIMARY KEY (project, number)
  ) STRICT;
  `,
  `
  CREATE TABLE repository_policies (repository TEXT PRIMARY KEY, rules TEXT NOT NULL) STRICT;
  `,
  `
  ALTER TABLE tokens ADD COLUMN handler TEXT;
  `,
  `
  CREATE TABLE tasks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    workspace TEXT NOT NULL,
    key TEXT,
    status TEXT NOT NULL,
    live INTEGER NOT NULL,
    completed_at INTEGER,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX tasks_workspace ON tasks (workspace, seq);
  CREATE UNIQUE INDEX tasks_key ON tasks (workspace, key) WHERE key IS NOT NULL;
  CREATE INDEX tasks_live ON tasks (seq) WHERE live = 1;
  CREATE INDEX tasks_completed ON tasks (completed_at) WHERE live = 0;
  `,
  `
  ALTER TABLE tokens ADD COLUMN rules TEXT;
  `,
  `
  CREATE TABLE account_limits (account TEXT PRIMARY KEY, until INTEGER NOT NULL, times INTEGER NOT NULL) STRICT;
  `,
  `
  CREATE TABLE workers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL,
    instance TEXT,
    added_at INTEGER NOT NULL,
    last_seen INTEGER,
    status TEXT
  ) STRICT;
  CREATE UNIQUE INDEX workers_token ON workers (token);
  `,
  `
  CREATE TABLE ended_tokens (hash BLOB PRIMARY KEY, why TEXT NOT NULL, ended_at INTEGER NOT NULL) STRICT;
  `,
  // The last column, so that whoever does not ask for it does not read it.
  `
  UPDATE tasks SET record = json_set(record, '$.changedAt',
    coalesce(json_extract(record, '$.completedAt'), json_extract(record, '$.startedAt'), json_extract(record, '$.createdAt')));
  ALTER TABLE tasks ADD COLUMN given TEXT;
  UPDATE tasks SET
    given = json_remove(
      json_object('spec', json_extract(record, '$.spec'), 'followUp', json_extract(record, '$.followUp')),
      CASE WHEN json_extract(record, '$.followUp') IS NULL THEN '$.followUp' ELSE '$.none' END
    ),
    record = json_replace(json_remove(record, '$.followUp', '$.spec.sealed', '$.spec.about.selection'),
      '$.spec.prompt', substr(json_extract(record, '$.spec.prompt'), 1, 4000),
      '$.spec.code', substr(json_extract(record, '$.spec.code'), 1, 4000))
  WHERE length(record) > 16384;

  CREATE TABLE open_executions (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT,
    details TEXT
  ) STRICT;
  `,
  // The id, where it was revoked by another: nothing that it asked for begins any more.
  `
  ALTER TABLE ended_tokens ADD COLUMN withdrawn TEXT;
  CREATE INDEX ended_tokens_withdrawn ON ended_tokens (withdrawn) WHERE withdrawn IS NOT NULL;
  `,
  // A task that waits for a workspace of its own gets another one, and keeps its key.
  `
  ALTER TABLE tasks ADD COLUMN keyed_in TEXT;
  UPDATE tasks SET keyed_in = workspace;
  DROP INDEX tasks_key;
  CREATE UNIQUE INDEX tasks_key ON tasks (keyed_in, key) WHERE key IS NOT NULL;
  `,
  // What a task that others come after is retried as.
  `
  CREATE INDEX tasks_retries ON tasks (json_extract(record, '$.retryOf')) WHERE json_extract(record, '$.retryOf') IS NOT NULL;
  `,
  // A browser that has signed in is a device from now on; each has a name of its own.
  `
  ALTER TABLE tokens ADD COLUMN device TEXT;
  UPDATE tokens SET device = '{"kind":"browser","platform":""}', name = 'browser ' || substr(id, 5, 4)
    WHERE name = 'browser' AND idle_ms IS NOT NULL;
  `,
  // Machines of the tailnet that were let in without a token.
  `
  CREATE TABLE tailnet_nodes (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    login TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    denied INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  `,
  // Each caller's own: the local socket's user, a token by its id, a hub's caller.
  `
  CREATE TABLE ssh_keys (
    owner TEXT PRIMARY KEY,
    key TEXT NOT NULL
  ) STRICT;
  `,
  // Whoever made a link takes it along where it is revoked.
  `
  ALTER TABLE codes ADD COLUMN maker TEXT;
  `,
  // From where a device came last: who does not know the address has a reason to revoke it.
  `
  ALTER TABLE tokens ADD COLUMN last_used_from TEXT;
  `,
  // What workspaces used: each sample of the last hour, and what each five minutes of the last day came to.
  `
  CREATE TABLE resource_samples (
    workspace TEXT NOT NULL,
    at INTEGER NOT NULL,
    cpu REAL,
    memory INTEGER,
    processes INTEGER,
    disk INTEGER,
    PRIMARY KEY (workspace, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE resource_spans (
    workspace TEXT NOT NULL,
    at INTEGER NOT NULL,
    cpu REAL,
    cpu_peak REAL,
    memory REAL,
    memory_peak INTEGER,
    processes REAL,
    processes_peak INTEGER,
    disk INTEGER,
    PRIMARY KEY (workspace, at)
  ) STRICT, WITHOUT ROWID;
  `,
  // What coding tools used, an answer each, and how far their logs were read. It outlives the workspaces.
  `
  CREATE TABLE usage (
    workspace TEXT NOT NULL,
    tool TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    execution TEXT,
    task TEXT,
    session TEXT,
    model TEXT NOT NULL,
    at INTEGER NOT NULL,
    step INTEGER NOT NULL,
    input INTEGER NOT NULL,
    output INTEGER NOT NULL,
    cache_read INTEGER NOT NULL,
    cache_write INTEGER NOT NULL,
    cache_write_long INTEGER NOT NULL,
    reasoning INTEGER NOT NULL,
    told_cost REAL,
    answers INTEGER NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (workspace, tool, key)
  ) STRICT;
  CREATE INDEX usage_at ON usage (at);
  CREATE INDEX usage_workspace ON usage (workspace, at);
  CREATE INDEX usage_session ON usage (workspace, session) WHERE session IS NOT NULL;

  CREATE TABLE usage_cursors (
    workspace TEXT NOT NULL,
    log TEXT NOT NULL,
    log_offset INTEGER NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (workspace, log)
  ) STRICT, WITHOUT ROWID;
  `,
  // Browsers that are told what waits, each as long as the token it subscribed with is good.
  `
  CREATE TABLE notification_subscriptions (
    endpoint TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    kinds TEXT NOT NULL
  ) STRICT;
  `,
  // What is looked for in a conversation is found however long that is.
  `
  DROP INDEX usage_session;
  CREATE INDEX usage_session ON usage (workspace, session, task) WHERE session IS NOT NULL;
  CREATE INDEX usage_said ON usage (workspace, session) WHERE source = 'said';
  `,
  // What bounds a workspace's share: its answers that are no sums yet, until when they are, the names of models it has used, and which logs were read last.
  `
  CREATE INDEX usage_single ON usage (workspace, at) WHERE source <> 'sum';
  CREATE TABLE usage_summed (workspace TEXT PRIMARY KEY, summed INTEGER NOT NULL) STRICT;
  CREATE TABLE usage_models (
    workspace TEXT NOT NULL,
    tool TEXT NOT NULL,
    model TEXT NOT NULL,
    PRIMARY KEY (workspace, tool, model)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO usage_models SELECT DISTINCT workspace, tool, model FROM usage WHERE model <> '';
  ALTER TABLE usage_cursors ADD COLUMN read_at INTEGER NOT NULL DEFAULT 0;
  `,
  `
  ALTER TABLE notification_subscriptions ADD COLUMN host TEXT NOT NULL DEFAULT '';
  `,
];
