import type { ViolationSeverity } from '../../gateway/model/violation.ts'
import type { RuleName } from './contract.ts'

export type Severities = { readonly [rule in RuleName]?: ViolationSeverity }

/** What a breach weighs, by element and rule: `PID-3.1` first, then `PID-3`, then what holds for every element. */
export interface SeverityTable {
  readonly elements: ReadonlyMap<string, Severities>
  readonly fallback: { readonly [rule in RuleName]: ViolationSeverity }
}

export function severityOf(table: SeverityTable, element: string, rule: RuleName): ViolationSeverity {
  let name = element
  for (;;) {
    const severity = table.elements.get(name)?.[rule]
    if (severity !== undefined) return severity
    const dot = name.lastIndexOf('.')
    if (dot < 0) return table.fallback[rule]
    name = name.slice(0, dot)
  }
}
