import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes, type TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { findCauseEntry } from '../../../gateway/incidents/catalogue.ts'
import { useAnswer } from '../api/answer.ts'
import { useMay } from '../api/me.ts'
import type { Names } from '../parts/catalogue.ts'
import { useWords } from '../words/language.tsx'
import { SilenceForm } from './silence-form.tsx'
import { SilenceMark } from './standing-mark.tsx'

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
  if (asked.answer === null) return null
  if (standing !== undefined) return <SilenceMark silence={standing} now={asked.answer.at} />
  if (!mayWrite) return null
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
