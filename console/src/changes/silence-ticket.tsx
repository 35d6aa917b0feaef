import './changes.css'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes, type TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { findCauseEntry } from '../../../gateway/incidents/catalogue.ts'
import { useAnswer } from '../api/answer.ts'
import { useMay } from '../api/me.ts'
import type { Names } from '../parts/catalogue.ts'
import { dayTime } from '../parts/time.ts'
import { Link } from '../route.tsx'
import { useWords } from '../words/language.tsx'
import { SilenceForm } from './silence-form.tsx'

/** On a ticket: until when its trouble is silenced, or the button that silences more of it. The ticket itself stays as it is. */
export function SilenceTicket({ ticket, names }: { readonly ticket: TicketAnswer; readonly names: Names }): ReactNode {
  const { changes } = useWords()
  const mayRead = useMay('changes.read')
  const mayWrite = useMay('changes.write')
  const [isOpen, setOpen] = useState(false)
  const asked = useAnswer(mayRead ? '/silences?limit=100' : null, shapes.SilenceList, ['tickets'])
  const lead = ticket.causes[0]?.id ?? 'unknown'
  const ends = names.interfaces.filter(({ id }) => ticket.interfaceIds.includes(id)).flatMap(({ from, to }) => [from, to])
  const standing = asked.answer?.items.find(
    ({ isActive, cause, interfaceIds, systemIds }) =>
      isActive &&
      (cause === null || cause === lead) &&
      (interfaceIds.length + systemIds.length === 0 ||
        interfaceIds.some((id) => ticket.interfaceIds.includes(id)) ||
        systemIds.some((id) => ends.includes(id))),
  )
  if (standing !== undefined && asked.answer !== null)
    return (
      <Link to="/changes" className="standing standing-silence" title={standing.reason}>
        <i aria-hidden="true" />
        {changes.silenced(dayTime(standing.until, asked.answer.at, 'min'))}
      </Link>
    )
  if (!mayWrite || asked.answer === null) return null
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {changes.silenceThis}
      </Button>
      {isOpen && (
        <SilenceForm
          names={names}
          first={{ interfaceIds: ticket.interfaceIds, systemIds: [], cause: findCauseEntry(lead)?.id ?? '' }}
          title={changes.silenceThisTitle}
          note={changes.silenceThisNote}
          onClose={() => setOpen(false)}
          onDone={asked.reload}
        />
      )}
    </>
  )
}
