import { MoreOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes, type TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { write } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { Dialog } from '../parts/dialog.tsx'
import { useSending } from '../parts/sending.ts'
import { useLanguage } from '../words/language.tsx'
import { ActionFields } from './action-fields.tsx'
import { type ActionField, actionFields, actionsOf, type TicketActionName } from './action-table.ts'

/** The buttons of a ticket, and the small form that each opens. */
export function Actions({ ticket, onDone }: { readonly ticket: TicketAnswer; readonly onDone: () => void }): ReactNode {
  const { words } = useLanguage()
  const [action, setAction] = useState<TicketActionName | null>(null)
  if (!useMay('tickets.write')) return null
  const { beside, more } = actionsOf(ticket)
  return (
    <div className="actions">
      {beside.map((name, i) => (
        <Button key={name} type={i === 0 ? 'primary' : 'default'} onClick={() => setAction(name)}>
          {words.tickets.actions[name]}
        </Button>
      ))}
      <Dropdown
        trigger={['click']}
        menu={{
          items: more.map((name) => ({
            key: name,
            label: words.tickets.actions[name],
            onClick: () => setAction(name),
          })),
        }}
      >
        <Button icon={<MoreOutlined />} aria-label={words.tickets.moreActions} />
      </Dropdown>
      {action === 'post-mortem' ? (
        <PostMortemForm ticket={ticket} onClose={() => setAction(null)} onDone={onDone} />
      ) : (
        action !== null && (
          <ActionForm key={action} ticket={ticket} action={action} onClose={() => setAction(null)} onDone={onDone} />
        )
      )}
    </div>
  )
}

interface FormProps {
  readonly ticket: TicketAnswer
  readonly onClose: () => void
  readonly onDone: () => void
}

/** A post-mortem begins as the evidence has it. Without a draft it begins empty. */
function PostMortemForm(props: FormProps): ReactNode {
  const { pick } = useLanguage()
  const path = `/tickets/${encodeURIComponent(props.ticket.id)}/post-mortem-draft`
  const { answer, problem } = useAnswer(path, shapes.PostMortemDraft)
  if (answer === null && problem === null) return null
  const draft = answer ?? { rootCause: none, repair: none, prevention: none }
  const initial = { rootCause: pick(draft.rootCause), repair: pick(draft.repair), prevention: pick(draft.prevention) }
  return <ActionForm {...props} action="post-mortem" initial={initial} />
}

const none = { zh: '', en: '' }

function ActionForm({
  ticket,
  action,
  initial = {},
  onClose,
  onDone,
}: FormProps & {
  readonly action: TicketActionName
  readonly initial?: { readonly [name: string]: string }
}): ReactNode {
  const { words } = useLanguage()
  const fields: readonly ActionField[] = actionFields[action]
  const [values, setValues] = useState(initial)
  const { isSending, send } = useSending()
  const filled = fields.flatMap(({ name }) => {
    const value = values[name]?.trim() ?? ''
    return value === '' ? [] : [[name, value] as const]
  })
  const isReady = fields.every(({ name, isNeeded }) => !isNeeded || filled.some(([other]) => other === name))
  const path = `/tickets/${encodeURIComponent(ticket.id)}/${action}`
  return (
    <Dialog
      title={words.tickets.actions[action]}
      action={words.tickets.actions[action]}
      cancel={words.common.cancel}
      isReady={isReady}
      isSending={isSending}
      onSend={() =>
        send(write(path, Object.fromEntries(filled), shapes.Ticket), {
          done: words.tickets.done,
          onDone: () => {
            onClose()
            onDone()
          },
          // Somebody else may have done it first: the ticket is read again.
          onRefused: onDone,
        })
      }
      onClose={onClose}
    >
      {action === 'post-mortem' && <p className="quiet">{words.tickets.draftNote}</p>}
      <ActionFields action={action} values={values} onChange={(change) => setValues((before) => ({ ...before, ...change }))} />
    </Dialog>
  )
}
