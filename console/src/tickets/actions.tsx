import { App, Button, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes, type TicketAnswer } from '../../../gateway/desk/api/shapes.ts'
import { ApiProblem, write } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { Dialog, Field } from '../parts/dialog.tsx'
import { problemText } from '../parts/notes.tsx'
import { useLanguage } from '../words/language.tsx'

type Action = 'assign' | 'transfer' | 'comment' | 'resolve' | 'close' | 'reopen'

/** What may be done to a ticket in each state; the first is the one that usually comes next. */
const actionsOf: { readonly [state in TicketAnswer['state']]: readonly Action[] } = {
  open: ['assign', 'comment', 'resolve'],
  assigned: ['resolve', 'comment', 'transfer', 'assign'],
  resolved: ['close', 'comment', 'reopen'],
  closed: ['reopen', 'comment'],
}

/** The buttons of a ticket, and the small form that each opens. */
export function Actions({ ticket, onDone }: { readonly ticket: TicketAnswer; readonly onDone: () => void }): ReactNode {
  const { words } = useLanguage()
  const [action, setAction] = useState<Action | null>(null)
  if (!useMay('tickets.write')) return null
  return (
    <div className="actions">
      {actionsOf[ticket.state].map((name, i) => (
        <Button key={name} type={i === 0 ? 'primary' : 'default'} onClick={() => setAction(name)}>
          {words.tickets.actions[name]}
        </Button>
      ))}
      {action !== null && (
        <ActionForm key={action} ticket={ticket} action={action} onClose={() => setAction(null)} onDone={onDone} />
      )}
    </div>
  )
}

function ActionForm({
  ticket,
  action,
  onClose,
  onDone,
}: {
  readonly ticket: TicketAnswer
  readonly action: Action
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { words } = useLanguage()
  const { message } = App.useApp()
  const [owner, setOwner] = useState('')
  const [text, setText] = useState('')
  const [isSending, setSending] = useState(false)
  const needsOwner = action === 'assign' || action === 'transfer'
  const needsText = action === 'comment' || action === 'transfer'
  const isReady = (!needsOwner || owner.trim() !== '') && (!needsText || text.trim() !== '')
  const label =
    action === 'comment'
      ? words.tickets.fields.comment
      : action === 'transfer'
        ? words.tickets.fields.reason
        : words.tickets.fields.text
  const send = () => {
    setSending(true)
    write(`/tickets/${encodeURIComponent(ticket.id)}/${action}`, bodyOf(action, owner.trim(), text.trim()), shapes.Ticket).then(
      () => {
        message.success(words.tickets.done)
        onClose()
        onDone()
      },
      (error: unknown) => {
        if (!(error instanceof ApiProblem)) throw error
        setSending(false)
        message.error(problemText(error, words))
        onDone()
      },
    )
  }
  return (
    <Dialog
      title={words.tickets.actions[action]}
      action={words.tickets.actions[action]}
      cancel={words.common.cancel}
      isReady={isReady}
      isSending={isSending}
      onSend={send}
      onClose={onClose}
    >
      {needsOwner && (
        <Field label={words.tickets.fields.owner} htmlFor="action-owner">
          <Input
            id="action-owner"
            value={owner}
            maxLength={100}
            autoFocus
            autoComplete="off"
            onChange={(event) => setOwner(event.target.value)}
          />
        </Field>
      )}
      <Field label={label} htmlFor="action-text">
        <Input.TextArea
          id="action-text"
          value={text}
          rows={4}
          maxLength={4000}
          autoFocus={!needsOwner}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
    </Dialog>
  )
}

function bodyOf(action: Action, owner: string, text: string): object {
  switch (action) {
    case 'assign':
      return text === '' ? { owner } : { owner, text }
    case 'transfer':
      return { owner, reason: text }
    case 'comment':
    case 'resolve':
    case 'close':
    case 'reopen':
      return text === '' ? {} : { text }
    default:
      return action satisfies never
  }
}
