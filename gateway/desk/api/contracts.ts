import { versionIn } from '../../../contracts/language/contract-head.ts'
import type { Backtest } from '../../model/backtest.ts'
import type { Catalogue } from '../../model/interface.ts'
import type { Clock } from '../../model/time.ts'
import type { Store } from '../../store/store.ts'
import type { Caller } from '../access/session.ts'
import { auditRow } from '../audit/row.ts'
import type { ContractJob, ContractJobs } from '../contract-jobs.ts'
import {
  changesBetween,
  driftOf,
  type KnownContract,
  knownContracts,
  lastDays,
  titleOf,
  violationsByDay,
} from '../contracts.ts'
import { backtestAnswer } from './backtest-answer.ts'
import { type Binding, bind } from './bind.ts'
import { routes } from './openapi.ts'
import type { Presenter } from './present.ts'
import { Refusal } from './problems.ts'

interface Parts {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly clock: Clock
  readonly present: Presenter
  readonly jobs: ContractJobs
}

const weekDays = 7
const dayMs = 86_400_000

/** Contracts: their texts, what breaks them, what drifts, proposals and backtests. */
export function contractRoutes(parts: Parts): readonly Binding[] {
  const { store, catalogue, clock, present, jobs } = parts
  const { timezone } = catalogue.hospital
  const all = async () => knownContracts(catalogue, await store.contractVersions())
  const found = async (id: string | undefined): Promise<KnownContract> => {
    const contract = (await all()).find((one) => one.id === id)
    if (contract === undefined) throw new Refusal('NOT_FOUND', 'No interface is held to such a contract.')
    return contract
  }
  const jobOf = (job: ContractJob | null) => {
    if (job === null) throw new Refusal('NOT_FOUND', 'There is no such work; it may have been forgotten.')
    return presentedJob(job, present)
  }
  return [
    bind(routes.contracts, async () => {
      const days = lastDays(clock.now(), weekDays, timezone)
      const alerts = await store.alerts({})
      const items = await Promise.all((await all()).map((contract) => summary({ ...parts, contract, days, alerts })))
      return { at: present.iso(clock.now()), items }
    }),
    bind(routes.contractVersions, async ({ params }) => {
      const { id, texts } = await found(params.id)
      return {
        id,
        items: texts.map(({ contractId: _, format: __, firstUsedAt, ...one }, i) => ({
          ...one,
          firstUsedAt: present.iso(firstUsedAt),
          changes: changesBetween(texts[i + 1]?.text ?? null, one.text),
        })),
      }
    }),
    bind(routes.contractDrift, async ({ params }) => {
      const { id, interfaces } = await found(params.id)
      const items = driftOf(
        await store.alerts({}),
        interfaces.map((iface) => iface.id),
        timezone,
      )
      return {
        id,
        items: items.map((item) => ({ ...item, onsetAt: present.iso(item.onsetAt), lastAt: present.iso(item.lastAt) })),
      }
    }),
    bind(routes.contractViolations, async ({ params, query }) => {
      const { id, interfaces } = await found(params.id)
      const days = lastDays(clock.now(), query.days ?? weekDays, timezone)
      const items = (await Promise.all(interfaces.map((iface) => violationsByDay(store, iface.id, days)))).flat()
      return {
        id,
        days: days.map(({ day }) => day),
        items: items.map((item) => ({ ...item, lastAt: present.iso(item.lastAt) })),
      }
    }),
    bind(routes.contractProposal, async ({ params, body, caller }) => {
      const { id, interfaces, name, texts } = await found(params.id)
      const [{ text }] = texts
      await audit(parts, caller, 'contract proposal', id)
      const interfaceIds = interfaces.map((iface) => iface.id)
      const order = {
        kind: 'proposal',
        interfaceIds,
        contract: { text, name },
        accepts: body.accepts,
        days: body.days ?? weekDays,
      } as const
      return jobOf(jobs.start(id, text, order))
    }),
    bind(routes.contractBacktest, async ({ params, body, caller }) => {
      const { id, interfaces, name, texts } = await found(params.id)
      const iface = interfaces.find((one) => one.id === body.interface)
      if (iface === undefined) throw new Refusal('INVALID_REQUEST', 'body.interface is not held to this contract')
      const text = body.text ?? texts[0].text
      await audit(parts, caller, 'contract backtest', id)
      const order = { kind: 'backtest', interfaceId: iface.id, contract: { text, name }, days: body.days ?? weekDays } as const
      return jobOf(jobs.start(id, texts[0].text, order))
    }),
    bind(routes.contractJob, async ({ params }) => jobOf(jobs.find(params.id ?? ''))),
    bind(routes.stopContractJob, async ({ params }) => jobOf(await jobs.stop(params.id ?? ''))),
  ]
}

async function audit({ store, clock }: Parts, caller: Caller, action: string, subject: string): Promise<void> {
  await store.appendAudit(auditRow(caller, clock.now(), { action, subject }))
}

interface Summing extends Parts {
  readonly contract: KnownContract
  readonly days: ReturnType<typeof lastDays>
  readonly alerts: Awaited<ReturnType<Store['alerts']>>
}

async function summary({ store, catalogue, present, contract, days, alerts }: Summing) {
  const { id, interfaces, texts } = contract
  const from = Math.floor((days[0]?.from ?? 0) / 3_600_000) * 3_600_000
  const to = (days.at(-1)?.from ?? 0) + dayMs
  const series = await Promise.all(
    interfaces.map((iface) =>
      store.series({ interfaceId: iface.id, from, to: Math.ceil(to / 3_600_000) * 3_600_000, stepMs: dayMs }),
    ),
  )
  const sum = (count: (point: (typeof series)[number][number]) => number) =>
    days.map((_, i) => series.reduce((total, points) => total + (points[i] === undefined ? 0 : count(points[i])), 0))
  const violations = sum(({ violations: v }) => v.warn + v.ticket)
  const drifts = driftOf(
    alerts,
    interfaces.map((iface) => iface.id),
    catalogue.hospital.timezone,
  ).filter((one) => one.state === 'now')
  const [{ version, digest, format, firstUsedAt }] = texts
  const exchanges = sum((point) => point.exchanges)
  const hasTraffic = exchanges.some((count) => count > 0)
  const state = stateOf(drifts.length, violations.at(-1) ?? 0, hasTraffic)
  return {
    ...{ id, title: titleOf(contract), format, version, digest, state, violations },
    interfaceIds: interfaces.map((iface) => iface.id),
    since: present.iso(firstUsedAt),
    versions: texts.length,
    days: days.map(({ day }) => day),
    exchanges,
    drifts: drifts.length,
  }
}

function stateOf(drifts: number, violationsToday: number, hasTraffic: boolean): 'unseen' | 'kept' | 'violated' | 'drifting' {
  if (drifts > 0) return 'drifting'
  if (violationsToday > 0) return 'violated'
  return hasTraffic ? 'kept' : 'unseen'
}

function presentedJob(job: ContractJob, present: Presenter) {
  const { id, contractId, kind, state, startedAt, done, failure, result, changes, savedAs } = job
  const proposal = result?.kind === 'proposal' ? result : null
  return {
    ...{ id, contractId, kind, state, done, failure },
    startedAt: present.iso(startedAt),
    backtest: result?.kind === 'backtest' ? backtestOf(result.backtest, present) : null,
    proposal:
      proposal === null
        ? null
        : {
            ...{ text: proposal.text, messages: proposal.messages, left: proposal.left, savedAs },
            version: versionIn(proposal.text) ?? '',
            changes,
          },
  }
}

/** The job says which contract it is about. */
function backtestOf(backtest: Backtest, present: Presenter) {
  const { contract: _, version: __, rules, ...rest } = backtestAnswer(backtest, present.iso)
  return { ...rest, rules: rules.map(({ days: ___, ...rule }) => rule) }
}
