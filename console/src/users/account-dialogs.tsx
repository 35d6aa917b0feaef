import { Input, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { type Role, roleNames } from '../../../gateway/desk/access/permissions.ts'
import type { Of } from '../../../gateway/desk/api/schema.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import type { UserAnswer } from '../../../gateway/desk/api/users-shapes.ts'
import { write } from '../api/client.ts'
import { copyText } from '../parts/copy.ts'
import { Dialog, Field } from '../parts/dialog.tsx'
import { isReason, ReasonField } from '../parts/reason.tsx'
import { useSending } from '../parts/sending.ts'
import { dayTime } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'

export type Invitation = Of<typeof shapes.Invitation>

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/

/** A new account, without a role; its link is shown afterwards. */
export function AddUser({
  onClose,
  onDone,
}: {
  readonly onClose: () => void
  readonly onDone: (invitation: Invitation) => void
}): ReactNode {
  const { words } = useLanguage()
  const [name, setName] = useState('')
  const [title, setTitle] = useState('')
  const { isSending, send } = useSending()
  return (
    <Dialog
      title={words.users.add}
      action={words.users.add}
      cancel={words.common.cancel}
      isReady={namePattern.test(name) && title.trim() !== ''}
      isSending={isSending}
      onClose={onClose}
      onSend={() => send(write('/users', { name, title: title.trim() }, shapes.Invitation), { onDone })}
    >
      <Field label={words.users.addName} htmlFor="user-name">
        <Input
          id="user-name"
          value={name}
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          onChange={(event) => setName(event.target.value.trim())}
        />
      </Field>
      <p className="quiet">{words.users.addRule}</p>
      <Field label={words.users.addTitle} htmlFor="user-title">
        <Input
          id="user-title"
          value={title}
          autoComplete="off"
          maxLength={100}
          onChange={(event) => setTitle(event.target.value)}
        />
      </Field>
    </Dialog>
  )
}

/** What an account may do, with the reason. */
export function RoleDialog({
  user,
  onClose,
  onDone,
}: {
  readonly user: UserAnswer
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { words } = useLanguage()
  const [role, setRole] = useState<Role | null>(user.role)
  const [reason, setReason] = useState('')
  const { isSending, send } = useSending()
  const options = [
    ...roleNames.map((name) => ({ value: name, label: words.roles[name] })),
    { value: 'none', label: words.users.noRole },
  ] as const
  return (
    <Dialog
      title={`${words.users.setRole}: ${user.title}`}
      action={words.users.setRole}
      cancel={words.common.cancel}
      isReady={role !== user.role && isReason(reason)}
      isSending={isSending}
      onClose={onClose}
      onSend={() =>
        send(write(`/users/${encodeURIComponent(user.name)}/role`, { role, reason: reason.trim() }, shapes.User), {
          onDone: () => {
            onClose()
            onDone()
          },
        })
      }
    >
      <Field label={words.users.role} htmlFor="user-role">
        <Select
          id="user-role"
          className="dialog-select"
          listHeight={130}
          value={role ?? 'none'}
          options={[...options]}
          getPopupContainer={(node) => node.parentElement ?? node}
          onChange={(value: Role | 'none') => setRole(value === 'none' ? null : value)}
        />
      </Field>
      <ReasonField id="user-reason" label={words.users.reason} reason={reason} onChange={setReason} />
    </Dialog>
  )
}

/** The one-time link, to be handed on: it is shown once. */
export function LinkDialog({
  invitation,
  onClose,
}: {
  readonly invitation: Invitation
  readonly onClose: () => void
}): ReactNode {
  const { words } = useLanguage()
  const link = `${window.location.origin}${invitation.path}`
  // Where the browser doesn't, it stands there to be copied by hand.
  const copy = () => void copyText(link).then(onClose, () => {})
  return (
    <Dialog
      title={`${words.users.linkTitle}: ${invitation.user.title}`}
      action={words.common.copy}
      cancel={words.common.cancel}
      isReady
      onClose={onClose}
      onSend={copy}
    >
      <p>{words.users.linkNote(dayTime(invitation.expiresAt, null, 'min'))}</p>
      <Input.TextArea id="user-link" aria-label={words.users.linkTitle} value={link} readOnly rows={3} />
    </Dialog>
  )
}
