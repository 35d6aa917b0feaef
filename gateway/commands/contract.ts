import { failure } from '../model/failures.ts'

/** What `auscult contract` can do; each is loaded when it is asked for. */
const verbs: { readonly [name: string]: (() => Promise<(args: readonly string[]) => Promise<number>>) | undefined } = {
  infer: async () => (await import('./contract-infer.ts')).contractInfer,
  diff: async () => (await import('./contract-diff.ts')).contractDiff,
  check: async () => (await import('./contract-check.ts')).contractCheck,
  backtest: async () => (await import('./contract-backtest.ts')).contractBacktest,
}

/** Learns, compares and checks contracts, and asks what one would have ticketed. */
export async function contract(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  const load = name === undefined ? undefined : verbs[name]
  if (load === undefined)
    throw failure('ARGUMENTS_INVALID', 'say what to do: auscult contract infer|diff|check|backtest; `auscult help` says how')
  return (await load())(rest)
}
