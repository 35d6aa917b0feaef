import type { DatabaseSync } from 'node:sqlite'
import { failure } from '../../model/failures.ts'

/**
 * The schema, step by step. A step that has shipped is never changed; a new one is appended, and `user_version` says how many
 * have run. Exempt from the file length: a table.
 *
 * Exchanges: `seq` is 1024 times the whole millisecond at which the exchange counts, plus a running number, so that the rowid is
 * the order of time, a span is a range of rowids, a cursor is a rowid, and pruning removes neighbouring pages.
 * Keys: see key-index.ts.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
  CREATE TABLE checkpoint (only INTEGER PRIMARY KEY CHECK (only = 1), position TEXT NOT NULL, state TEXT NOT NULL);
  CREATE TABLE interfaces (
    num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, change INTEGER NOT NULL, first_at REAL NOT NULL, last_at REAL NOT NULL,
    answered INTEGER NOT NULL, failed INTEGER NOT NULL, unanswered INTEGER NOT NULL, orphan INTEGER NOT NULL, one_way INTEGER NOT NULL,
    v_observe INTEGER NOT NULL, v_warn INTEGER NOT NULL, v_ticket INTEGER NOT NULL
  );
  CREATE TABLE exchanges (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL, iface INTEGER NOT NULL, outcome INTEGER NOT NULL, at REAL NOT NULL,
    type TEXT, control_id TEXT, code TEXT, latency_ms REAL, coverage INTEGER NOT NULL, keys BLOB NOT NULL, detail TEXT NOT NULL,
    day INTEGER, block INTEGER, block_bytes INTEGER, offset INTEGER, request_bytes INTEGER, answer_bytes INTEGER
  );
  CREATE UNIQUE INDEX exchanges_id ON exchanges (id);
  CREATE INDEX exchanges_iface ON exchanges (iface, seq);
  CREATE INDEX exchanges_type ON exchanges (type, seq);
  CREATE INDEX exchanges_rare ON exchanges (outcome, seq) WHERE outcome IN (1, 2, 3);
  CREATE TABLE fresh_keys (num INTEGER PRIMARY KEY, count INTEGER NOT NULL, pairs BLOB NOT NULL);
  CREATE TABLE buckets (bucket INTEGER PRIMARY KEY, seq_min INTEGER NOT NULL, seq_max INTEGER NOT NULL);
  CREATE TABLE key_pages (num INTEGER PRIMARY KEY, bucket INTEGER NOT NULL, page INTEGER NOT NULL, first INTEGER NOT NULL, pairs BLOB NOT NULL);
  CREATE INDEX key_pages_first ON key_pages (bucket, first, page);
  CREATE TABLE minutes (
    iface INTEGER NOT NULL, at INTEGER NOT NULL,
    answered INTEGER NOT NULL, failed INTEGER NOT NULL, unanswered INTEGER NOT NULL, orphan INTEGER NOT NULL, one_way INTEGER NOT NULL,
    v_observe INTEGER NOT NULL, v_warn INTEGER NOT NULL, v_ticket INTEGER NOT NULL,
    request_bytes INTEGER NOT NULL, answer_bytes INTEGER NOT NULL, fully INTEGER NOT NULL, sketch BLOB,
    PRIMARY KEY (iface, at)
  ) WITHOUT ROWID;
  CREATE TABLE hours (
    iface INTEGER NOT NULL, at INTEGER NOT NULL,
    answered INTEGER NOT NULL, failed INTEGER NOT NULL, unanswered INTEGER NOT NULL, orphan INTEGER NOT NULL, one_way INTEGER NOT NULL,
    v_observe INTEGER NOT NULL, v_warn INTEGER NOT NULL, v_ticket INTEGER NOT NULL,
    request_bytes INTEGER NOT NULL, answer_bytes INTEGER NOT NULL, fully INTEGER NOT NULL, sketch BLOB,
    PRIMARY KEY (iface, at)
  ) WITHOUT ROWID;
  CREATE TABLE violation_hours (
    iface INTEGER NOT NULL, at INTEGER NOT NULL, element TEXT NOT NULL, rule TEXT NOT NULL, severity TEXT NOT NULL,
    count INTEGER NOT NULL, last_at REAL NOT NULL, exchange_id TEXT NOT NULL, message TEXT NOT NULL,
    PRIMARY KEY (iface, at, element, rule, severity)
  ) WITHOUT ROWID;
  CREATE TABLE alerts (id TEXT PRIMARY KEY, state TEXT NOT NULL, resolved_at REAL, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX alerts_state ON alerts (state);
  CREATE TABLE incidents (
    id TEXT PRIMARY KEY, ticketed INTEGER NOT NULL, opened_at REAL NOT NULL, resolved_at REAL, version INTEGER NOT NULL, body TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE clocks (system_id TEXT PRIMARY KEY, change INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE edges (edge_id TEXT PRIMARY KEY, at REAL NOT NULL, health TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE dropped (at INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (at, reason)) WITHOUT ROWID;
  CREATE TABLE dropped_ever (reason TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE tickets (
    num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, incident_id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, severity TEXT NOT NULL,
    cause TEXT NOT NULL, opened_at REAL NOT NULL, resolved_at REAL, version INTEGER NOT NULL, incident_version INTEGER NOT NULL,
    change INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX tickets_opened ON tickets (opened_at, num);
  CREATE INDEX tickets_change ON tickets (change);
  CREATE TABLE sessions (hash TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, csrf TEXT NOT NULL, expires_at REAL NOT NULL) WITHOUT ROWID;
  CREATE TABLE signin_links (hash TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, expires_at REAL NOT NULL) WITHOUT ROWID;
  CREATE TABLE audit (
    num INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, by TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL,
    subject TEXT NOT NULL, reason TEXT
  );
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  `,
  // What protocols say around bodies stands behind them in the same record, as JSON.
  'ALTER TABLE exchanges ADD COLUMN envelope_bytes INTEGER NOT NULL DEFAULT 0',
  // Small buckets of keys are merged into large ones: see key-index.ts.
  'ALTER TABLE buckets ADD COLUMN is_large INTEGER NOT NULL DEFAULT 0',
  // Duties of tickets, and the lease of the desk that sweeps them. Tickets from before get what tickets have now, and the one duty
  // of their state that nothing else would end: three days to the end, or a day to be closed.
  `
  CREATE TABLE duties (
    id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL, kind TEXT NOT NULL, started_at REAL NOT NULL, due_at REAL NOT NULL,
    state TEXT NOT NULL, overdue_at REAL, ended_at REAL
  );
  CREATE INDEX duties_ticket ON duties (ticket_id, state);
  CREATE INDEX duties_due ON duties (due_at) WHERE state = 'open' AND overdue_at IS NULL;
  CREATE INDEX duties_order ON duties (due_at);
  CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, expires_at REAL NOT NULL) WITHOUT ROWID;
  UPDATE tickets SET body = json_set(body, '$.firstResponder', NULL, '$.systemClass', NULL, '$.coordinator', NULL,
    '$.parties', json('[]'), '$.isMajor', json('false'), '$.arrivedAt', NULL, '$.difficultAt', NULL, '$.postMortem', NULL);
  INSERT INTO duties (id, ticket_id, kind, started_at, due_at, state)
    SELECT id || '/solve/' || CAST(opened_at AS INTEGER), id, 'solve', opened_at, opened_at + 259200000, 'open'
    FROM tickets WHERE state IN ('open', 'assigned');
  INSERT INTO duties (id, ticket_id, kind, started_at, due_at, state)
    SELECT id || '/close/' || CAST(resolved_at AS INTEGER), id, 'close', resolved_at, resolved_at + 86400000, 'open'
    FROM tickets WHERE state = 'resolved' AND resolved_at IS NOT NULL;
  `,
  // What people are told, and how it fares on each channel.
  `
  CREATE TABLE notices (id TEXT PRIMARY KEY, ticket_id TEXT, at REAL NOT NULL, body TEXT NOT NULL);
  CREATE INDEX notices_ticket ON notices (ticket_id);
  CREATE TABLE deliveries (
    notice_id TEXT NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, next_at REAL NOT NULL, sent_at REAL,
    PRIMARY KEY (notice_id, channel)
  ) WITHOUT ROWID;
  CREATE INDEX deliveries_due ON deliveries (channel, next_at) WHERE state = 'waiting';
  CREATE TABLE failing_channels (name TEXT PRIMARY KEY, since REAL NOT NULL, is_told INTEGER NOT NULL) WITHOUT ROWID;
  `,
  // Planned changes and silences; what of them analysis has yet to take, and at which place of the log it took the rest.
  `
  CREATE TABLE planned_changes (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, from_at REAL NOT NULL, end_at REAL NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX planned_changes_from ON planned_changes (from_at, id);
  CREATE TABLE silences (id TEXT PRIMARY KEY, revision INTEGER NOT NULL, from_at REAL NOT NULL, end_at REAL NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX silences_from ON silences (from_at, id);
  CREATE TABLE snapshots (digest TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE declarations (
    num INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, body TEXT NOT NULL, is_taken INTEGER NOT NULL DEFAULT 0, after TEXT,
    in_checkpoint INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX declarations_due ON declarations (is_taken, num) WHERE in_checkpoint = 0;
  CREATE TABLE withheld (declared_id TEXT NOT NULL, incident_id TEXT NOT NULL, PRIMARY KEY (declared_id, incident_id)) WITHOUT ROWID;
  `,
  // The knowledge base: every version of what people wrote, and how tickets were solved.
  `
  CREATE TABLE articles (
    article_id TEXT NOT NULL, version INTEGER NOT NULL, at REAL NOT NULL, by TEXT NOT NULL, note TEXT, content TEXT NOT NULL,
    PRIMARY KEY (article_id, version)
  ) WITHOUT ROWID;
  CREATE TABLE lessons (
    ticket_id TEXT PRIMARY KEY, cause TEXT NOT NULL, interface_ids TEXT NOT NULL, at REAL NOT NULL, by TEXT NOT NULL,
    resolved TEXT, closed TEXT, root_cause TEXT, repair TEXT
  );
  CREATE INDEX lessons_cause ON lessons (cause, at);
  `,
  // Reports as they were made, the next one of each kind, and what they asked people to do.
  `
  CREATE TABLE reports (
    num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, period TEXT NOT NULL, made_at REAL NOT NULL,
    head TEXT NOT NULL, body TEXT NOT NULL
  );
  CREATE TABLE report_duties (kind TEXT NOT NULL, period TEXT NOT NULL, due_at REAL NOT NULL, PRIMARY KEY (kind, period)) WITHOUT ROWID;
  CREATE TABLE report_actions (id TEXT PRIMARY KEY, state TEXT NOT NULL, changed_at REAL NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
  `,
  // Which text of a contract an interface was held to, and since when.
  `
  CREATE TABLE contract_texts (digest TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE contract_uses (
    num INTEGER PRIMARY KEY, interface_id TEXT NOT NULL, contract_id TEXT NOT NULL, version TEXT NOT NULL, format TEXT NOT NULL,
    digest TEXT NOT NULL, first_at REAL NOT NULL
  );
  CREATE INDEX contract_uses_interface ON contract_uses (interface_id, num);
  CREATE INDEX contract_uses_contract ON contract_uses (contract_id, num);
  `,
  // The audit as a chain, local users, sessions that end by idleness, what roles may see of patients. Records from before stay beside
  // the chain: nobody can seal afterwards what may have been changed before.
  `
  ALTER TABLE audit RENAME TO audit_before_chain;
  CREATE TABLE audit_records (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, by TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL,
    reason TEXT, address TEXT, outcome TEXT NOT NULL, hash TEXT NOT NULL
  );
  CREATE TABLE audit_end (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL, hash TEXT NOT NULL, seal TEXT NOT NULL);
  CREATE TABLE audit_checkpoints (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, at REAL NOT NULL, signature TEXT NOT NULL);
  CREATE TABLE users (
    name TEXT PRIMARY KEY, title TEXT NOT NULL, role TEXT, source TEXT NOT NULL, state TEXT NOT NULL, password TEXT,
    password_at REAL, failures INTEGER NOT NULL, locked_until REAL, created_at REAL NOT NULL, seen_at REAL
  ) WITHOUT ROWID;
  DELETE FROM sessions;
  ALTER TABLE sessions ADD COLUMN seen_at REAL NOT NULL DEFAULT 0;
  CREATE INDEX sessions_name ON sessions (name);
  `,
  // Searches that people saved, each for themselves.
  'CREATE TABLE saved_searches (owner TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL, saved_at REAL NOT NULL, PRIMARY KEY (owner, name)) WITHOUT ROWID',
  // What lists are narrowed by stands in the indexes that they are read by: a filter that fits nothing costs no look at every row.
  `
  DROP INDEX exchanges_iface;
  CREATE INDEX exchanges_iface ON exchanges (iface, seq, outcome, type);
  DROP INDEX exchanges_rare;
  CREATE INDEX exchanges_rare ON exchanges (outcome, seq, type) WHERE outcome IN (1, 2, 3);
  `,
]

/**
 * Brings a database up to this version (or to an earlier one, for tests), each step in a transaction. Fails with
 * STORE_VERSION_NEWER when it is beyond it.
 */
export function migrate(database: DatabaseSync, file: string, to: number = steps.length): void {
  while (true) {
    const version = versionOf(database)
    if (version > steps.length)
      throw failure('STORE_VERSION_NEWER', `The database has version ${version}; this program knows ${steps.length}.`, {
        place: { file },
      })
    if (version === to) return
    database.exec('BEGIN IMMEDIATE')
    try {
      // Another process may have run this step while this one waited for the lock.
      if (versionOf(database) === version) database.exec(`${steps[version]}; PRAGMA user_version = ${version + 1}`)
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }
}

function versionOf(database: DatabaseSync): number {
  const version = database.prepare('PRAGMA user_version').get()?.user_version
  if (typeof version !== 'number') throw new Error('PRAGMA user_version gave no number')
  return version
}
