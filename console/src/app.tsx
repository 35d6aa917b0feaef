import { type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Me } from '../../gateway/desk/api/shapes.ts'
import { Connection } from './api/answer.ts'
import { ApiProblem, readMe } from './api/client.ts'
import { type Live, openLive } from './api/live.ts'
import { MeContext } from './api/me.ts'
import { keepAskedFor, takeAskedFor } from './parts/asked-for.ts'
import { Loading, ProblemNote } from './parts/notes.tsx'
import { placeOf } from './places.tsx'
import { useRoute } from './route.tsx'
import { Shell } from './shell.tsx'
import { FollowLink, SignIn, tokenFollowed } from './sign-in.tsx'

type Session =
  | { readonly state: 'asking' }
  | { readonly state: 'out' }
  | { readonly state: 'in'; readonly me: Me }
  | { readonly state: 'broken'; readonly problem: ApiProblem }

/** Who is signed in decides what is shown: the console, or how to sign in. */
export function App(): ReactNode {
  const [session, setSession] = useState<Session>({ state: 'asking' })
  const ask = useCallback(() => {
    readMe().then(
      (me) => setSession(me === null ? { state: 'out' } : { state: 'in', me }),
      (error: unknown) => {
        if (!(error instanceof ApiProblem)) throw error
        setSession({ state: 'broken', problem: error })
      },
    )
  }, [])
  useEffect(ask, [ask])
  const link = useLinkFollowed()
  const firstPath = useRef(useRoute().path)
  useEffect(() => {
    // What will be shown comes while it is asked who is there. Where it can't, showing it says so.
    const { place, id } = placeOf(firstPath.current)
    const page = id !== undefined && place.One !== undefined ? place.One : place.All
    page.load().catch(() => {})
  }, [])
  const { go } = useRoute()
  useEffect(() => {
    if (session.state === 'out') keepAskedFor()
    if (session.state !== 'in') return
    const askedFor = takeAskedFor()
    if (askedFor !== null && window.location.pathname === '/') go(askedFor, 'replace')
  }, [session.state, go])
  const onSignedOut = useCallback(() => setSession({ state: 'out' }), [])
  const live = useLive(session.state === 'in')
  const connection = useMemo(() => ({ live, onSignedOut }), [live, onSignedOut])
  if (link.token !== null) {
    const leave = () => {
      link.forget()
      ask()
    }
    return <FollowLink key={link.token} token={link.token} onLeft={leave} />
  }
  switch (session.state) {
    case 'asking':
      return <Loading />
    case 'broken':
      return <ProblemNote problem={session.problem} onRetry={ask} />
    case 'out':
      return <SignIn onSignedIn={ask} />
    case 'in':
      return (
        <Connection value={connection}>
          <MeContext value={session.me}>
            <Shell onSignedOut={onSignedOut}>
              <Suspense fallback={<Loading />}>
                <Page />
              </Suspense>
            </Shell>
          </MeContext>
        </Connection>
      )
    default:
      return session satisfies never
  }
}

/** The token of a link that was followed here, in this tab too: then only what stands behind `#` changes, and the page isn't loaded anew. */
function useLinkFollowed(): { readonly token: string | null; forget(): void } {
  const [token, setToken] = useState(tokenFollowed)
  useEffect(() => {
    const hear = () => setToken(tokenFollowed())
    window.addEventListener('hashchange', hear)
    return () => window.removeEventListener('hashchange', hear)
  }, [])
  return { token, forget: () => setToken(null) }
}

function useLive(isWanted: boolean): Live | null {
  const [live, setLive] = useState<Live | null>(null)
  useEffect(() => {
    if (!isWanted) return
    const opened = openLive()
    setLive(opened)
    return () => {
      opened.close()
      setLive(null)
    }
  }, [isWanted])
  return live
}

function Page(): ReactNode {
  const { place, id } = placeOf(useRoute().path)
  if (id !== undefined && place.One !== undefined) return <place.One key={id} id={id} />
  return <place.All />
}
