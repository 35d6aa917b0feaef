import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { SilenceAnswer } from '../../../gateway/desk/api/changes-shapes.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { write } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import type { Names } from '../parts/catalogue.ts'
import { useSending } from '../parts/sending.ts'
import { dayTime, lengthText, msBetween } from '../parts/time.ts'
import { useCauseName } from '../tickets/causes.ts'
import { useWords } from '../words/language.tsx'
import { HeldList } from './held-list.tsx'
import { subjectsText } from './subjects.ts'

interface Props {
  readonly items: readonly SilenceAnswer[]
  readonly names: Names
  readonly now: string
  readonly onDone: () => void
}

/** Silences with what is left of them. */
export function SilenceList({ items, names, now, onDone }: Props): ReactNode {
  return (
    <ul>
      {items.map((silence) => (
        <Row key={silence.id} silence={silence} names={names} now={now} onDone={onDone} />
      ))}
    </ul>
  )
}

function Row({ silence, names, now, onDone }: Omit<Props, 'items'> & { readonly silence: SilenceAnswer }): ReactNode {
  const words = useWords()
  const { changes } = words
  const causeName = useCauseName()
  const { isSending, send } = useSending()
  const mayWrite = useMay('changes.write')
  const leftMs = msBetween(now, silence.until)
  const isActive = silence.isActive && leftMs > 0
  const path = `/silences/${encodeURIComponent(silence.id)}/end`
  return (
    <li className="silence">
      <div>
        <strong>{subjectsText(silence, names) ?? changes.allInterfaces}</strong>
        {silence.cause !== null && <p>{changes.onlyCause(causeName(silence.cause))}</p>}
        <p className="quiet">
          {silence.reason} · {silence.by}
        </p>
        <p className="quiet">
          {silence.withheldCount > 0 ? changes.held(silence.withheldCount) : changes.heldNone}
          {silence.ticketedCount > 0 && ` · ${changes.ticketed(silence.ticketedCount)}`}
        </p>
      </div>
      <div className="silence-left figures">
        {isActive ? changes.left(lengthText(leftMs, words)) : dayTime(silence.until, now, 'min')}
        <span className="row-sub">
          {isActive
            ? changes.until(dayTime(silence.until, now, 'min'))
            : silence.endedBy === null
              ? changes.endedItself
              : changes.endedBy(silence.endedBy)}
        </span>
        {isActive && mayWrite && (
          <Button
            size="small"
            loading={isSending}
            onClick={() => send(write(path, {}, shapes.Silence), { done: changes.done, onDone })}
          >
            {changes.endSilence}
          </Button>
        )}
      </div>
      {silence.incidents.length > 0 && <HeldList items={silence.incidents} names={names} now={now} />}
      {isActive && <Left part={leftMs / msBetween(silence.from, silence.until)} />}
    </li>
  )
}

/** What is left of the whole, as a line that grows short. */
function Left({ part }: { readonly part: number }): ReactNode {
  return (
    <svg className="silence-bar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
      <rect className="silence-bar-ground" width="100" height="3" />
      <rect className="silence-bar-left" width={Math.min(Math.max(part, 0), 1) * 100} height="3" />
    </svg>
  )
}
