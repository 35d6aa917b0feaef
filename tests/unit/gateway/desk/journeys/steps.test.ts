import { describe, expect, it } from 'vitest'
import { dawn, madeExchange } from '../../../../../fixtures/observed/made.ts'
import plans from '../../../../../gateway/catalogue/journeys.json' with { type: 'json' }
import { planFor, stepsOf } from '../../../../../gateway/desk/journeys/steps.ts'
import type { Catalogue } from '../../../../../gateway/model/interface.ts'
import { createStoredView } from '../../../../../gateway/store/stored-view.ts'
import { testCatalogue, testInterface } from '../../../../support/catalogue.ts'

const view = createStoredView(new Uint8Array(32))
const hourMs = 3_600_000
const observed = (id: string) => testInterface(id, {})
const dark = (id: string) => testInterface(id)
const catalogue: Catalogue = testCatalogue(
  observed('his-lis-lab-order'),
  dark('analyzer-lis-result'),
  observed('lis-emr-lab-result'),
  observed('his-ris-exam-order'),
  observed('ris-pacs-procedure'),
  observed('modality-ris-worklist'),
)

function states(
  seen: readonly (readonly [interfaceId: string, at: number, outcome?: 'answered' | 'unanswered'])[],
  now: number,
): readonly string[] {
  const exchanges = seen.map(([interfaceId, at, outcome = 'answered'], i) =>
    view(madeExchange({ number: i + 1, interfaceId, at: dawn + at, outcome })),
  )
  const plan = planFor(exchanges, plans)
  return plan === null ? [] : [plan.id, ...stepsOf(plan, exchanges, { catalogue, now: dawn + now }).map((step) => step.state)]
}

describe('the steps of a journey', () => {
  it('are done, unobserved, or awaited until they are late', () => {
    expect(states([['his-lis-lab-order', 0]], hourMs)).toEqual(['lab-loop', 'done', 'unobserved', 'awaited'])
    expect(states([['his-lis-lab-order', 0]], 2 * hourMs + 1)).toEqual(['lab-loop', 'done', 'unobserved', 'late'])
    expect(
      states(
        [
          ['his-lis-lab-order', 0],
          ['lis-emr-lab-result', hourMs],
        ],
        2 * hourMs,
      ),
    ).toEqual(['lab-loop', 'done', 'unobserved', 'done'])
  })
  it('are missing when a later one came without them, and failed when nothing of them went well', () => {
    expect(
      states(
        [
          ['his-ris-exam-order', 0, 'unanswered'],
          ['modality-ris-worklist', hourMs],
        ],
        hourMs,
      ),
    ).toEqual(['imaging-loop', 'failed', 'missing', 'done'])
  })
  it('of interfaces that this hospital lacks are left out, and no plan fits what stands in none', () => {
    expect(states([['his-ris-exam-order', 0]], 0)).toHaveLength(4)
    expect(states([['unknown', 0]], 0)).toEqual([])
  })
})

it('the plans name interfaces of the catalogue, each step in both languages', () => {
  expect(plans.length).toBeGreaterThan(3)
  for (const plan of plans) for (const step of plan.steps) expect(step.name.zh).toMatch(/\p{Script=Han}|MPPS/u)
})
