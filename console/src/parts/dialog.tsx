import { Button } from 'antd'
import { type FormEvent, type ReactNode, useEffect, useId, useRef } from 'react'

/**
 * A form that stands over the page until it is sent or left. The browser's own dialog: it holds the focus, closes with Escape, and
 * needs no style element, which Ant Design's modal makes without the nonce that the content security policy asks for.
 */
export function Dialog({
  title,
  action,
  cancel,
  isReady,
  isSending = false,
  onSend,
  onClose,
  children,
}: {
  readonly title: string
  /** What the sending button says. */
  readonly action: string
  readonly cancel: string
  readonly isReady: boolean
  readonly isSending?: boolean
  readonly onSend: () => void
  readonly onClose: () => void
  readonly children: ReactNode
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isReady && !isSending) onSend()
  }
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={titleId} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id={titleId}>{title}</h2>
        {children}
        <div className="dialog-end">
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="primary" htmlType="submit" disabled={!isReady} loading={isSending}>
            {action}
          </Button>
        </div>
      </form>
    </dialog>
  )
}

/** A label over its input. */
export function Field({
  label,
  htmlFor,
  children,
}: {
  readonly label: string
  readonly htmlFor: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <div className="field">
      <label htmlFor={htmlFor}>{label}</label>
      {children}
    </div>
  )
}
