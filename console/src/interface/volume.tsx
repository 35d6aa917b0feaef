import { lazy, type ReactNode, Suspense } from 'react'
import type { Volume as VolumeAnswer } from '../../../gateway/desk/api/interface-shapes.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { Loading, ProblemNote } from '../parts/notes.tsx'
import { countText } from '../parts/number.ts'
import { Panel } from '../parts/panel.tsx'
import { usePolling } from '../parts/polling.ts'
import { dayTime } from '../parts/time.ts'
import { useWords } from '../words/language.tsx'

const VolumeChart = lazy(() => import('./volume-chart.tsx'))
/** What is expected changes with the hour, what came with the minute. */
const everyMs = 60_000

/** Does as much come as on such a day at such an hour? Where nobody knows yet, it says so. */
export function Volume({ path }: { readonly path: string }): ReactNode {
  const { past } = useWords()
  const { answer, problem, reload } = useAnswer(`${path}/volume`, shapes.Volume)
  usePolling(answer !== null, reload, everyMs)
  return (
    <Panel className="volume" title={past.volume} note={past.volumeNote} end={answer !== null && <Summary volume={answer} />}>
      {problem !== null && <ProblemNote problem={problem} onRetry={reload} />}
      {answer === null ? (
        problem === null && <Loading />
      ) : (
        <Suspense fallback={<Loading />}>
          <VolumeChart points={answer.points} />
        </Suspense>
      )}
    </Panel>
  )
}

/** The whole hours of which something was expected, or why nothing is. */
function Summary({ volume: { state, expectedFrom, points } }: { readonly volume: VolumeAnswer }): ReactNode {
  const { past, common } = useWords()
  if (state === 'learning')
    return (
      <span className="quiet">
        {past.states.learning(expectedFrom === null ? common.notKnown : dayTime(expectedFrom, null, 'min'))}
      </span>
    )
  if (state !== 'known') return <span className="quiet">{past.states[state]}</span>
  const whole = points.slice(0, -1).filter(({ expected }) => expected !== null)
  if (whole.length === 0) return null
  const count = whole.reduce((sum, { exchanges }) => sum + exchanges, 0)
  const expected = whole.reduce((sum, point) => sum + (point.expected ?? 0), 0)
  return <span className="figures quiet">{past.since(countText(count), countText(Math.round(expected)))}</span>
}
