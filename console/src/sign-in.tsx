import { Button, Input } from 'antd'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { Mark } from './parts/mark.tsx'
import { useRoute } from './route.tsx'
import { useTheme } from './theme.tsx'
import { useLanguage } from './words/language.tsx'

/** How to sign in: with the one-time link, which is followed or pasted here. */
export function SignIn(): ReactNode {
  const language = useLanguage()
  const theme = useTheme()
  const { query } = useRoute()
  const { words } = language
  const [text, setText] = useState('')
  const [note, setNote] = useState<string | null>(query.get('refused') === null ? null : words.signIn.refused)
  const id = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const token = tokenOf(text)
    if (token === null) setNote(words.signIn.invalid)
    else window.location.assign(`/signin?token=${encodeURIComponent(token)}`)
  }
  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={submit}>
        <h1>
          <Mark /> {words.signIn.title}
        </h1>
        <p>{words.signIn.lead}</p>
        <label htmlFor={id}>{words.signIn.label}</label>
        <div className="sign-in-row">
          <Input
            id={id}
            value={text}
            autoFocus
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
            status={note === null ? '' : 'error'}
          />
          <Button type="primary" htmlType="submit">
            {words.signIn.button}
          </Button>
        </div>
        {note !== null && (
          <p className="sign-in-note" role="alert">
            {note}
          </p>
        )}
        <p className="quiet">
          {words.signIn.how} <code>npx auscult start --config auscult.yaml</code>
          <br />
          {words.signIn.after}
        </p>
        <p className="sign-in-switches">
          <Button type="link" onClick={() => language.choose(language.name === 'zh' ? 'en' : 'zh')} data-testid="language">
            {words.shell.language}
          </Button>
          <Button type="link" onClick={theme.toggle}>
            {words.shell.theme}
          </Button>
        </p>
      </form>
    </main>
  )
}

/** The secret of a pasted link, or of a pasted secret; null when it is neither. */
function tokenOf(text: string): string | null {
  const given = text.trim()
  const inLink = /[?&]token=([\w-]{16,})/.exec(given)?.[1]
  return inLink ?? (/^[\w-]{16,}$/.test(given) ? given : null)
}
