import { Input } from 'antd'
import type { ReactNode } from 'react'
import { Field } from './dialog.tsx'

/** What the API takes as the reason of a deed that the audit keeps, without the white space around it. */
const reasonCharacters = { min: 4, max: 500 } as const

export function isReason(text: string): boolean {
  return text.trim().length >= reasonCharacters.min
}

/** Where a person says why. */
export function ReasonField({
  id,
  label,
  reason,
  autoFocus = false,
  onChange,
}: {
  readonly id: string
  readonly label: string
  readonly reason: string
  readonly autoFocus?: boolean
  readonly onChange: (reason: string) => void
}): ReactNode {
  return (
    <Field label={label} htmlFor={id}>
      <Input.TextArea
        id={id}
        value={reason}
        rows={3}
        maxLength={reasonCharacters.max}
        autoFocus={autoFocus}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
