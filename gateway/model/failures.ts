import { Failure, type Place } from './failure.ts'

/**
 * Every expected failure of the product, with what the person should do. One table, so that a code is never used twice
 * and documentation can list them. Exempt from the file length: it is a table.
 */
export const failures = {
  // configuration and command line
  CONFIG_NOT_FOUND: 'Give the path of an existing YAML file with --config.',
  CONFIG_NOT_YAML: 'Correct the YAML at the place named.',
  CONFIG_INVALID: 'Correct the key named; `auscult check-config FILE` lists everything that is wrong at once.',
  CONFIG_CONTRACT_UNKNOWN: 'Name a file of contracts/library, or the path of a contract file.',
  ARGUMENTS_INVALID: 'Run `auscult help` for the commands and their options.',
  INPUT_NOT_FOUND: 'Give the path of an existing capture, message folder or log folder.',
  INPUT_UNREADABLE: 'Give a pcap or pcapng file, a folder of message files, or a log folder.',
  EXCHANGE_NOT_FOUND: 'Check the id; the exchange may have passed its retention.',
  TICKET_NOT_FOUND: 'Check the id; the ticket may have passed its retention.',
  // sockets
  PORT_IN_USE: 'Stop the program that holds the port, or change the address in the configuration.',
  LISTEN_FAILED: 'Check that the address exists on this machine and that the port may be used.',
  TLS_MATERIAL_UNREADABLE: 'Check the key and certificate files named in the configuration.',
  // sources that are read, and probes
  SOURCE_SECRET_UNREADABLE:
    'Check that the file, or the environment variable, that the configuration names for the password is there and may be read.',
  PROBE_NOT_CONFIGURED:
    'Give the interface or the system `probes`, or the interface a proxy source, whose upstream can be asked.',
  PROBE_MESSAGE_UNREADABLE: 'Give a file with one HL7 v2 message in ASCII or UTF-8 that its receiver may get at any time.',
  // captures
  CAPTURE_NOT_A_CAPTURE: 'Save the capture as pcap or pcapng and give that file.',
  CAPTURE_TRUNCATED: 'The file ends inside a packet; what was whole has been read. Capture again if the end matters.',
  CAPTURE_DAMAGED: 'What came before the damage has been read. Copy the file again from where it was taken.',
  CAPTURE_LINK_TYPE: 'Capture on an Ethernet, raw IP, loopback or Linux cooked interface.',
  // log
  LOG_CORRUPT: 'The entries before the damage were read; keep the segment for examination and check the disk.',
  LOG_LOCKED: 'Another process writes this log folder; stop it, or use another --data folder.',
  LOG_KEY_MISSING: 'This log is encrypted: configure the key it was written with.',
  LOG_VERSION_NEWER: 'This log was written by a newer Auscult; use that version or a newer one.',
  LOG_QUEUE_FULL:
    'The disk is too slow for the traffic: use a faster one, or keep less of each body; traffic goes on unobserved meanwhile.',
  LOG_ENTRY_TOO_LARGE: 'Lower the limit of what is kept of each body.',
  LOG_UNWRITABLE: 'Check that the log folder exists, that this user may write it, and that the disk is well.',
  DISK_FULL: 'Free space on the data disk or lower the retention; traffic goes on unobserved meanwhile.',
  // store
  STORE_NOT_FOUND: 'Name the data folder of the installation with --data; it is made when Auscult is first started.',
  STORE_VERSION_NEWER: 'This database was written by a newer Auscult; use that version or a newer one.',
  STORE_CORRUPT: 'Restore the database file from a backup, or move it away: analysis rebuilds results from the log.',
  STORE_UNWRITABLE: 'Check that the data folder exists and that this user may write it.',
  STORE_BUSY: 'Another process held the database for too long; try again, and check the disk when it lasts.',
  SECRET_INVALID: 'Restore the installation key from a backup: without it stored bodies and search tokens are unreadable.',
  AUDIT_DAMAGED:
    'Run `auscult audit verify`: it names the first record that is wrong. Keep a copy of the data folder for examination, then restore the database from a backup.',
  AUDIT_UNREADABLE: 'Give the data folder of an installation with --data; the desk that uses it may run on.',
  ANCHOR_UNREADABLE: 'Give the file that the audit was anchored in: lines as Auscult wrote them, or a collector kept them.',
  ACCOUNT_NOT_FOUND: 'Give the name of an account, as the users page lists it, and the data folder of its installation.',
  // contracts
  CONTRACT_INVALID: 'Correct the contract at the place named.',
  // desk
  RULES_INVALID: 'Correct the file that desk.rules names at the place named; gateway/desk/rules/customer.yaml is a whole one.',
  CHANGES_INVALID: 'Correct the file that --changes names at the place named; docs/changes.md has an example.',
  // system
  ALREADY_RUNNING: 'Stop the running Auscult (SIGTERM to the pid named), or use another --data folder.',
  PROTOCOL_UNKNOWN: 'Use one of the protocols that the message names.',
} as const satisfies Record<string, string>

export type FailureCode = keyof typeof failures

/** Makes a Failure of the table. `message` says what is wrong, without bodies or identifiers. */
export function failure(code: FailureCode, message: string, options: { place?: Place; cause?: unknown } = {}): Failure {
  return new Failure({ code, message, advice: failures[code], ...options })
}
