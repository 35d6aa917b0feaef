import process from 'node:process'

const text = `Auscult (听诊) listens to the wires between a hospital's systems and says which interface is ill, and why.

auscult start --config FILE [--data DIR] [--role all|edge|analysis|desk]
    the product. SIGTERM drains and exits 0; SIGHUP reloads the configuration without dropping a connection
auscult demo [--data DIR] [--port N] [--keep]
    the whole product on the simulated hospital, with faults that begin within a minute
auscult analyze INPUT... --config FILE [--changes FILE] [--json] [--html FILE] [--exchanges] [--interface ID] [--fail-on ticket|violation]
    offline: INPUT is pcap or pcapng files, a folder of message files, or a log folder. --changes: planned changes and silences
auscult check-config FILE
    says what is wrong with a configuration, all of it at once
auscult bypass --config FILE
    prints nftables rules that lead new connections past Auscult: auscult bypass --config FILE | nft -f -
auscult contract infer INPUT... --config FILE --interface ID [--out FILE] [--sure-after N] [--route "METHOD /path"]
    learns the contract of one interface from captures, a folder of messages, or a log folder
auscult contract diff A B [--json] [--fail-on breaking]
    what B says otherwise than A, in words, and whose program that may break
auscult contract check CONTRACT MESSAGES... [--side request|answer] [--route "METHOD /path"] [--json] [--fail-on violation|warn|ticket]
    holds message files against a contract
auscult contract backtest CONTRACT --config FILE [--interface ID] [--data DIR | INPUT...] [--days N] [--json] [--fail-on ticket|violation]
    what the contract would have ticketed on the stored days
auscult probe INTERFACE|SYSTEM --config FILE [--json]
    one active check now: TCP, TLS, MLLP, C-ECHO, FHIR capability statement, HTTP, NTP, as configured. Exit 1: a check says no
auscult explain EXCHANGE|TICKET|INCIDENT|ALERT --config FILE [--data DIR] [--json]
    the frames, times, facts, violations, alerts and cause of one exchange; or the chain of reasons from a ticket down to its exchanges
auscult bundle TICKET --config FILE [--data DIR] --out FILE.zip
    the evidence of a ticket for a vendor: masked messages, a capture rebuilt of them, timeline, what changed, diagnosis
auscult report weekly|daily|monthly [--week 2026-W47] --out FILE.html|.pdf|.xlsx|.json [--lang zh|en] [--config FILE] [--data DIR]
    the interface health report of a week, a day (--day) or a month (--month)
auscult copy-sink --listen HOST:PORT [--ae TITLE]
    takes copies of DICOM images that an archive's router sends through an interface of the edge, and keeps none
auscult token --role ROLE [--scope NAMES] [--ttl 1h] [--name NAME] [--data DIR]
    prints a bearer token for the API; scopes are the only permissions of the role that it has
auscult link --name NAME [--data DIR]
    prints a one-time sign-in link for an account that is there
auscult keys rotate [--data DIR]
    a new key for programs' tokens, which ends those that were printed before, and for what searches are stored under
auscult audit verify [--data DIR] [--anchor FILE]...
    checks the audit's chain, its signatures and its anchors, offline. Exit 1: names the first record that is wrong

Exit: 0 done, 1 done and something that --fail-on names was found, 2 the input or the arguments can't be used.
`

/** Prints the commands. */
export async function help(): Promise<number> {
  process.stdout.write(text)
  return 0
}
