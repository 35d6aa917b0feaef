import { Button, Input } from 'antd'
import { type FormEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { ApiProblem, readSignInMethods, signIn } from './api/client.ts'
import { Mark } from './parts/mark.tsx'
import { problemText } from './parts/notes.tsx'
import { useRoute } from './route.tsx'
import { useTheme } from './theme.tsx'
import { useLanguage } from './words/language.tsx'

/** How to sign in: with the hospital's account where there is one, with name and password, or with a one-time link that is pasted here. */
export function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }): ReactNode {
  const { words } = useLanguage()
  const { query, go } = useRoute()
  const provider = useProvider()
  // The page that was asked for before stays; the sign-in page itself is no place to be in.
  const leave = () => {
    if (window.location.pathname === '/signin') go('/', 'replace')
    onSignedIn()
  }
  return (
    <Card>
      {query.get('refused') === 'provider' && <Note>{words.account.refusedProvider}</Note>}
      {provider !== null && (
        <Button type="primary" size="large" href="/signin/oidc">
          {words.account.orProvider} · {provider}
        </Button>
      )}
      <PasswordForm onSignedIn={leave} />
      <LinkForm onSignedIn={leave} />
    </Card>
  )
}

/**
 * A one-time link was followed. It is used up by who presses the button, and by nothing that only looks at the page behind it. `onLeft` hears that they
 * are in, or want another way in.
 */
export function FollowLink({ token, onLeft }: { readonly token: string; readonly onLeft: () => void }): ReactNode {
  const { words } = useLanguage()
  const { go } = useRoute()
  const { note, isSending, follow } = useSignInByLink(() => leave('/'))
  const leave = (to: string) => {
    go(to, 'replace')
    onLeft()
  }
  return (
    <Card>
      <p>{words.signIn.follow}</p>
      {note !== null && <Note>{note}</Note>}
      {note === null && (
        <Button type="primary" size="large" autoFocus loading={isSending} onClick={() => follow(token)}>
          {words.signIn.button}
        </Button>
      )}
      <Button type="link" onClick={() => leave('/signin')}>
        {words.signIn.otherWay}
      </Button>
    </Card>
  )
}

function Card({ children }: { readonly children: ReactNode }): ReactNode {
  const language = useLanguage()
  const theme = useTheme()
  const { words } = language
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>
          <Mark /> {words.signIn.title}
        </h1>
        {children}
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
    signIn({ name: name.trim(), password }).then(onSignedIn, (error: unknown) => {
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

function LinkForm({ onSignedIn }: { readonly onSignedIn: () => void }): ReactNode {
  const { words } = useLanguage()
  const [text, setText] = useState('')
  const { note, isSending, follow } = useSignInByLink(onSignedIn)
  const id = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    follow(tokenOf(text))
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
        <Button htmlType="submit" loading={isSending}>
          {words.account.byLink}
        </Button>
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

/** Signs in by a link's token, and says in words why that failed. Null: what was given holds none. */
function useSignInByLink(onSignedIn: () => void): {
  readonly note: string | null
  readonly isSending: boolean
  follow(token: string | null): void
} {
  const { words } = useLanguage()
  const [note, setNote] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const follow = (token: string | null) => {
    if (token === null) {
      setNote(words.signIn.invalid)
      return
    }
    setSending(true)
    signIn({ token }).then(onSignedIn, (error: unknown) => {
      if (!(error instanceof ApiProblem)) throw error
      setSending(false)
      const why = { SIGN_IN_LINK_INVALID: words.signIn.refused, SIGN_IN_REFUSED: words.account.refusedRole }
      setNote(Object.entries(why).find(([code]) => code === error.code)?.[1] ?? problemText(error, words))
    })
  }
  return { note, isSending, follow }
}

/** The token of the link that was followed to this page; null where none was. */
export function tokenFollowed(): string | null {
  return window.location.pathname === '/signin' ? tokenIn(window.location.href) : null
}

/** The token of a pasted link, or a pasted token; null when it is neither. */
function tokenOf(text: string): string | null {
  const given = text.trim()
  return tokenIn(given) ?? (/^[\w-]{16,}$/.test(given) ? given : null)
}

function tokenIn(link: string): string | null {
  return /[?&#]token=([\w-]{16,})/.exec(link)?.[1] ?? null
}
