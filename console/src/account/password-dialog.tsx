import { Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { write } from '../api/client.ts'
import { Dialog, Field } from '../parts/dialog.tsx'
import { useSending } from '../parts/sending.ts'
import { useLanguage } from '../words/language.tsx'

const charactersMin = 12

/** Chooses a first password, or changes the one that is there. */
export function PasswordDialog({
  hasPassword,
  onClose,
  onDone,
}: {
  readonly hasPassword: boolean
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { words } = useLanguage()
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const { isSending, send } = useSending()
  const isReady = next.length >= charactersMin && next === again && (!hasPassword || current !== '')
  return (
    <Dialog
      title={hasPassword ? words.account.change : words.account.choose}
      action={hasPassword ? words.account.change : words.account.choose}
      cancel={words.common.cancel}
      isReady={isReady}
      isSending={isSending}
      onSend={() =>
        send(write('/me/password', hasPassword ? { current, next } : { next }, shapes.Done), {
          done: words.account.done,
          onDone: () => {
            onDone()
            onClose()
          },
        })
      }
      onClose={onClose}
    >
      {!hasPassword && <p>{words.account.chooseNote}</p>}
      {hasPassword && (
        <Secret
          id="password-current"
          label={words.account.current}
          value={current}
          kind="current-password"
          onChange={setCurrent}
        />
      )}
      <Secret id="password-next" label={words.account.next} value={next} kind="new-password" onChange={setNext} />
      <Secret id="password-again" label={words.account.again} value={again} kind="new-password" onChange={setAgain} />
      <p className={again !== '' && again !== next ? 'bad' : 'quiet'}>
        {again !== '' && again !== next ? words.account.differ : words.account.rule}
      </p>
    </Dialog>
  )
}

function Secret({
  id,
  label,
  value,
  kind,
  onChange,
}: {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly kind: 'current-password' | 'new-password'
  readonly onChange: (value: string) => void
}): ReactNode {
  return (
    <Field label={label} htmlFor={id}>
      <Input
        id={id}
        type="password"
        value={value}
        autoComplete={kind}
        maxLength={200}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
