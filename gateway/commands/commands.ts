/** Runs with the arguments after its name; resolves to the exit code. */
export type Command = (args: readonly string[]) => Promise<number>

/** Every command, loaded only when it is called: the edge must start fast and carry nothing that it doesn't use. */
export const commands: { readonly [name: string]: (() => Promise<Command>) | undefined } = {
  start: async () => (await import('./start.ts')).start,
  demo: async () => (await import('./demo.ts')).demo,
  contract: async () => (await import('./contract.ts')).contract,
  analyze: async () => (await import('./analyze.ts')).analyze,
  bypass: async () => (await import('./bypass.ts')).bypass,
  'check-config': async () => (await import('./check-config.ts')).checkConfig,
  probe: async () => (await import('./probe.ts')).probe,
  bundle: async () => (await import('./bundle.ts')).bundle,
  report: async () => (await import('./report.ts')).report,
  explain: async () => (await import('./explain.ts')).explain,
  'copy-sink': async () => (await import('./copy-sink.ts')).copySink,
  audit: async () => (await import('./audit.ts')).audit,
  keys: async () => (await import('./keys.ts')).keys,
  link: async () => (await import('./link.ts')).link,
  token: async () => (await import('./token.ts')).token,
  help: async () => (await import('./help.ts')).help,
  '--help': async () => (await import('./help.ts')).help,
}
