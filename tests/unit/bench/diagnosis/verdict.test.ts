import { expect, test } from 'vitest'
import type { Played, SeenIncident } from '../../../../bench/diagnosis/play.ts'
import { judge } from '../../../../bench/diagnosis/verdict.ts'
import type { Scenario } from '../../../../fixtures/scenarios/scenario.ts'
import type { RankedCause } from '../../../../gateway/model/incident.ts'

const faultAt = 1_000_000
const onOrders = { kind: 'interface', id: 'orders' } as const

const scenario: Scenario = {
  id: 'test/fault/conn-refused/x/0',
  kind: 'fault',
  split: 'test',
  seed: 1,
  startAt: 0,
  lastsMs: 2_000_000,
  feeds: [{ interfaceId: 'orders', perHour: 60, shape: 'even' }],
  strikes: [],
  labels: [{ cause: 'conn-refused', loci: [onOrders], interfaceIds: ['orders'], from: faultAt }],
}

const named = (id: string, confidence: number): RankedCause => ({ id, confidence, evidence: [], locus: onOrders })

function seen(interfaceId: string, causes: readonly RankedCause[], ticketedAt: number | null): SeenIncident {
  const text = { zh: '', en: '' }
  return {
    incident: {
      id: `${interfaceId}-${ticketedAt}`,
      state: 'open',
      openedAt: ticketedAt ?? faultAt,
      lastSeenAt: faultAt,
      resolvedAt: null,
      onsetAt: faultAt,
      severity: 'P1',
      interfaceIds: [interfaceId],
      systemIds: [],
      alertIds: [],
      causes,
      title: text,
      advice: text,
      exchangeIds: [],
      ticketed: ticketedAt !== null,
    },
    ticketed: ticketedAt === null ? null : { at: ticketedAt, exchanges: new Map([['orders', 4]]) },
  }
}

const played = (...incidents: readonly SeenIncident[]): Played => ({
  incidents,
  findings: [],
  clocks: [],
  clockWords: [],
  exchangeCount: 9,
  cpuMs: 1,
})

test('the lead of the fault’s own ticket is what was said, with its place and its time', () => {
  const { answers, strayTickets } = judge(scenario, played(seen('orders', [named('conn-refused', 0.9)], faultAt + 5000)))
  expect(answers[0]).toMatchObject({
    said: 'conn-refused',
    isInTop3: true,
    isRightPlace: true,
    afterMs: 5000,
    afterMessages: 4,
  })
  expect(strayTickets).toEqual([])
})

test('below `unknown` the guesses count for the top three, and not for the lead', () => {
  const causes = [named('unknown', 0.6), named('silent', 0.3), named('conn-refused', 0.2)]
  const { answers } = judge(scenario, played(seen('orders', causes, faultAt + 1)))
  expect(answers[0]).toMatchObject({ said: 'unknown', isInTop3: true, guess: { cause: 'silent', confidence: 0.3 } })
})

test('a ticket of another interface, and one from before the fault, are nobody’s', () => {
  const { answers, strayTickets } = judge(
    scenario,
    played(seen('results', [named('conn-refused', 0.9)], faultAt + 1), seen('orders', [named('silent', 0.9)], 1000)),
  )
  expect(answers[0]?.said).toBe('nothing')
  expect(strayTickets.toSorted()).toEqual(['conn-refused', 'silent'])
})

test('a warning is told as an aside, and counts as said only where no ticket is asked for', () => {
  const warned = played(seen('orders', [named('conn-refused', 0.9)], null))
  expect(judge(scenario, warned).answers[0]).toMatchObject({ said: 'nothing', asides: ['conn-refused'] })
  const quiet: Scenario = { ...scenario, labels: scenario.labels.map((label) => ({ ...label, isQuiet: true as const })) }
  expect(judge(quiet, warned).answers[0]).toMatchObject({ said: 'conn-refused' })
})
