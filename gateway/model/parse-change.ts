import type { Declaration, PlannedChange, Silence } from './change.ts'
import type { Json } from './json.ts'
import { listOf, numberOf, numberOrNullOf, recordOf, textOf, textOrNullOf } from './saved.ts'

/** Reader of declarations in saved state. It throws on anything else: see saved.ts. */
export function parseDeclaration(saved: Json | undefined): Declaration {
  const state = recordOf(saved)
  return state.kind === 'silence'
    ? { kind: 'silence', silence: parseSilence(state.silence) }
    : { kind: 'change', change: parsePlannedChange(state.change) }
}

function parsePlannedChange(saved: Json | undefined): PlannedChange {
  const state = recordOf(saved)
  return {
    id: textOf(state.id),
    revision: numberOf(state.revision),
    title: textOf(state.title),
    interfaceIds: listOf(state.interfaceIds).map(textOf),
    systemIds: listOf(state.systemIds).map(textOf),
    fromAt: numberOf(state.fromAt),
    toAt: numberOf(state.toAt),
    graceMs: numberOf(state.graceMs),
    approval: textOf(state.approval),
    by: textOf(state.by),
    comment: textOf(state.comment),
    state: state.state === 'cancelled' || state.state === 'ended-early' ? state.state : 'planned',
    endedAt: numberOrNullOf(state.endedAt),
    endedBy: textOrNullOf(state.endedBy),
    madeAt: numberOf(state.madeAt),
    origin: state.origin === 'configuration' ? 'configuration' : 'person',
    snapshot: textOrNullOf(state.snapshot),
    snapshotBefore: textOrNullOf(state.snapshotBefore),
  }
}

function parseSilence(saved: Json | undefined): Silence {
  const state = recordOf(saved)
  return {
    id: textOf(state.id),
    revision: numberOf(state.revision),
    interfaceIds: listOf(state.interfaceIds).map(textOf),
    systemIds: listOf(state.systemIds).map(textOf),
    cause: textOrNullOf(state.cause),
    reason: textOf(state.reason),
    by: textOf(state.by),
    fromAt: numberOf(state.fromAt),
    untilAt: numberOf(state.untilAt),
    endedAt: numberOrNullOf(state.endedAt),
    endedBy: textOrNullOf(state.endedBy),
  }
}
