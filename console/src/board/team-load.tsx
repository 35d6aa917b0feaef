import type { ReactNode } from 'react'
import type { Overview } from '../../../gateway/desk/api/shapes.ts'
import { Panel } from '../parts/panel.tsx'
import { useWords } from '../words/language.tsx'

/** Who has how many tickets: taken, waiting, and how many of them are late. Not shown while there are none. */
export function TeamLoad({
  load,
  teamOf,
}: {
  readonly load: Overview['load']
  readonly teamOf: (id: string) => string
}): ReactNode {
  const { board } = useWords()
  const most = Math.max(...load.map(({ open, assigned }) => open + assigned))
  if (load.length === 0) return null
  return (
    <Panel className="team-load" title={board.load} note={board.loadNote}>
      <ul>
        {load.map(({ owner, open, assigned, late }) => (
          <li key={owner ?? ''}>
            <span>{owner === null ? board.nobody : teamOf(owner)}</span>
            <svg viewBox={`0 0 ${most} 1`} preserveAspectRatio="none" aria-hidden="true">
              <path className="load-assigned" d={`M0 0h${assigned}v1h-${assigned}z`} />
              <path className="load-open" d={`M${assigned} 0h${open}v1h-${open}z`} />
            </svg>
            <span className="figures">{open + assigned}</span>
            <span className={late > 0 ? 'bad' : 'quiet'}>{late > 0 ? board.late(late) : ''}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
