import './changes.css'
import type { ReactNode } from 'react'
import type { InterfaceAnswer } from '../../../gateway/desk/api/shapes.ts'
import { dayTime } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useWords } from '../words/language.tsx'

/** The window that an interface is in and the silence that it is under, where there is one. */
export function StandingMark({
  iface: { window, silence },
  now,
}: {
  readonly iface: Pick<InterfaceAnswer, 'window' | 'silence'>
  readonly now: string
}): ReactNode {
  const { changes } = useWords()
  return (
    <>
      {window !== null && (
        <Link to={`/changes/${window.changeId}`} className="standing" title={window.title}>
          <i aria-hidden="true" />
          {changes.mark(window.approval, dayTime(window.until, now, 'min'))}
        </Link>
      )}
      {silence !== null && <SilenceMark silence={silence} now={now} />}
    </>
  )
}

/** Until when something is silenced. */
export function SilenceMark({
  silence: { reason, until },
  now,
}: {
  readonly silence: { readonly reason: string; readonly until: string }
  readonly now: string
}): ReactNode {
  const { changes } = useWords()
  return (
    <Link to="/changes" className="standing standing-silence" title={reason}>
      <i aria-hidden="true" />
      {changes.silenced(dayTime(until, now, 'min'))}
    </Link>
  )
}
