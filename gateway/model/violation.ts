/** observe: shown. warn: counted, shown in colour. ticket: may open a ticket when it holds. */
export type ViolationSeverity = 'observe' | 'warn' | 'ticket'

/** The heavier, the higher. */
export const severityWeights: { readonly [severity in ViolationSeverity]: number } = { observe: 0, warn: 1, ticket: 2 }

export function heaviestFirst(a: Pick<Violation, 'severity'>, b: Pick<Violation, 'severity'>): number {
  return severityWeights[b.severity] - severityWeights[a.severity]
}

/** One breach of a contract in one exchange. Says where and which rule, and the value's shape, never the value. */
export interface Violation {
  /** `PID-3`, `OBX[2]-5.1`, or a segment or group: `ORC`. */
  readonly path: string
  /** Without repetition indices, for counting: `OBX-5.1`. */
  readonly element: string
  /** required, forbidden, type, length, range, table, format, cardinality, order, unknown-segment, condition, charset, structure, operation, version, ... */
  readonly rule: string
  readonly severity: ViolationSeverity
  /** For people; free of values: `PID-3 is required and is empty`. */
  readonly message: { readonly zh: string; readonly en: string }
  /** The value's shape: `9{6}`, `A{3}9{5}`, `empty`, `text(12)`. Null where there is none. */
  readonly shape: string | null
  /** Which message of the exchange. */
  readonly side: 'request' | 'answer'
}

/** A contract that is ready to check messages. */
export interface CompiledContract {
  readonly id: string
  readonly version: string
  check(document: import('./document.ts').Document, side: 'request' | 'answer'): readonly Violation[]
  /**
   * The document's facts with what only the agreement tells: which operation a path is, whether a member of an answer says no, which members are keys.
   * Left out: the document's own facts stand.
   */
  facts?(document: import('./document.ts').Document, side: 'request' | 'answer'): import('./document.ts').Facts
}
