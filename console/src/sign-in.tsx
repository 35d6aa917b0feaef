import { Button, Input } from 'antd'
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { ApiProblem, readSignInMethods, signInByPassword } from './api/client.ts'
import { Mark } from './parts/mark.tsx'
import { problemText } from './parts/notes.tsx'
import { useRoute } from './route.tsx'
import { useTheme } from './theme.tsx'
import { useLanguage } from './words/language.tsx'

/** How to sign in: with the hospital's account where there is one, with name and password, or with a one-time link that is followed or pasted here. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }): ReactNode {
  const language = useLanguage()
  const theme = useTheme()
  const { words } = language
  const { query, go } = useRoute()
  const refused = query.get('refused')
  const provider = useProvider()
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>
          <Mark /> {words.signIn.title}
        </h1>
        {refused === 'role' && <Note>{words.account.refusedRole}</Note>}
        {refused === 'provider' && <Note>{words.account.refusedProvider}</Note>}
        {provider !== null && (
          <Button type="primary" size="large" href="/signin/oidc">
            {words.account.orProvider} · {provider}
          </Button>
        )}
        <PasswordForm
          onSignedIn={() => {
            // The page that was asked for before stays; the sign-in page itself is no place to be in.
            if (window.location.pathname === '/signin') go('/', 'replace')
            onSignedIn()
          }}
        />
        <LinkForm isRefused={refused === 'link'} />
        <p className="sign-in-switches">
          <Button type="link" onClick={() => language.choose(language.name === 'zh' ? 'en' : 'zh')} data-testid="language">
            {words.shell.language}
          </Button>
          <Button type="link" onClick={theme.toggle}>
            {words.shell.theme}
          </Button>
        </p>
      </div>
    </main>
  )
}

function PasswordForm({ onSignedIn }: { readonly onSignedIn: () => void }): ReactNode {
  const { words } = useLanguage()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [isSending, setSending] = useState(false)
  const [note, setNote] = useState<string | null>(null)
  const id = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setSending(true)
    signInByPassword(name.trim(), password).then(onSignedIn, (error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error
      setSending(false)
      setPassword('')
      setNote(problemText(error, words))
    })
  }
  return (
    <form className="sign-in-form" onSubmit={submit}>
      <label htmlFor={`${id}-name`}>{words.account.name}</label>
      <Input
        id={`${id}-name`}
        value={name}
        autoFocus
        autoComplete="username"
        spellCheck={false}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
      />
      <label htmlFor={`${id}-password`}>{words.account.password}</label>
      <Input
        id={`${id}-password`}
        type="password"
        value={password}
        autoComplete="current-password"
        maxLength={1000}
        onChange={(event) => setPassword(event.target.value)}
      />
      {note !== null && <Note>{note}</Note>}
      <Button type="primary" htmlType="submit" loading={isSending} disabled={name.trim() === '' || password === ''}>
        {words.signIn.button}
      </Button>
    </form>
  )
}

function LinkForm({ isRefused }: { readonly isRefused: boolean }): ReactNode {
  const { words } = useLanguage()
  const [text, setText] = useState('')
  const [note, setNote] = useState<string | null>(isRefused ? words.signIn.refused : null)
  const id = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const token = tokenOf(text)
    if (token === null) setNote(words.signIn.invalid)
    else window.location.assign(`/signin?token=${encodeURIComponent(token)}`)
  }
  return (
    <form className="sign-in-form sign-in-link" onSubmit={submit}>
      <h2>{words.account.orLink}</h2>
      <p className="quiet">{words.signIn.lead}</p>
      <label htmlFor={id}>{words.signIn.label}</label>
      <div className="sign-in-row">
        <Input
          id={id}
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          status={note === null ? '' : 'error'}
        />
        <Button htmlType="submit">{words.account.byLink}</Button>
      </div>
      {note !== null && <Note>{note}</Note>}
      <p className="quiet">
        {words.signIn.how} <code>npx auscult link --name NAME</code>
        <br />
        {words.signIn.after}
      </p>
    </form>
  )
}

function Note({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <p className="sign-in-note" role="alert">
      {children}
    </p>
  )
}

/** The hospital's provider by name; null where there is none, or while nobody knows. */
function useProvider(): string | null {
  const [name, setName] = useState<string | null>(null)
  useEffect(() => {
    readSignInMethods().then(setName, () => setName(null))
  }, [])
  return name
}

/** The secret of a pasted link, or of a pasted secret; null when it is neither. */
function tokenOf(text: string): string | null {
  const given = text.trim()
  const inLink = /[?&]token=([\w-]{16,})/.exec(given)?.[1]
  return inLink ?? (/^[\w-]{16,}$/.test(given) ? given : null)
}
