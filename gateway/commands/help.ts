import process from 'node:process'

const text = `Auscult (听诊) listens to the wires between a hospital's systems and says which interface is ill, and why.

auscult start --config FILE [--data DIR] [--role all|edge|analysis|desk]
    the product. SIGTERM drains and exits 0; SIGHUP reloads the configuration without dropping a connection
auscult demo [--data DIR] [--port N] [--keep]
    the whole product on the simulated hospital, with faults that begin within a minute
auscult analyze INPUT... --config FILE [--json] [--html FILE] [--exchanges] [--interface ID] [--fail-on ticket|violation]
    offline: INPUT is pcap or pcapng files, a folder of message files, or a log folder
auscult check-config FILE
    says what is wrong with a configuration, all of it at once
auscult probe INTERFACE|SYSTEM --config FILE [--json]
    one active check now: TCP, TLS, MLLP, C-ECHO, FHIR capability statement, HTTP, NTP, as configured. Exit 1: a check says no
auscult explain EXCHANGE --config FILE [--data DIR] [--json]
    the frames, times, facts, violations, alerts and cause of one exchange
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
