import { BulbOutlined, DownOutlined, KeyOutlined, LogoutOutlined, SearchOutlined } from '@ant-design/icons'
import { Button, Dropdown, Tooltip } from 'antd'
import { type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { shapes } from '../../gateway/desk/api/shapes.ts'
import { PasswordDialog } from './account/password-dialog.tsx'
import { Connection, useAnswer } from './api/answer.ts'
import { write } from './api/client.ts'
import type { LiveState } from './api/live.ts'
import { MeContext, useMay } from './api/me.ts'
import { useIsWall } from './board/wall.tsx'
import { Mark } from './parts/mark.tsx'
import { places } from './places.tsx'
import { Link, useRoute } from './route.tsx'
import { useTheme } from './theme.tsx'
import { useLanguage, useWords } from './words/language.tsx'

/** The bar on top and the page below it. `/` goes to the search from everywhere, for those who may search. */
export function Shell({
  children,
  onSignedOut,
}: {
  readonly children: ReactNode
  readonly onSignedOut: () => void
}): ReactNode {
  const words = useWords()
  const { answer } = useAnswer('/overview', shapes.Overview, ['tickets'])
  const isWall = useIsWall()
  useSearchKey()
  if (isWall) return <main className="page page-wall">{children}</main>
  return (
    <>
      <a className="skip" href="#page">
        {words.shell.skip}
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          <Mark />
          <span className="brand-name">{words.product}</span>
          <span className="brand-hospital">{answer?.hospital.name}</span>
        </Link>
        <Navigation openTickets={answer === null ? null : answer.tickets.open + answer.tickets.assigned} />
        <div className="bar-end">
          <LiveMark />
          <SearchButton />
          <Switches />
          <Person onSignedOut={onSignedOut} />
        </div>
      </header>
      <main id="page" className="page" tabIndex={-1}>
        {children}
      </main>
    </>
  )
}

function Navigation({ openTickets }: { readonly openTickets: number | null }): ReactNode {
  const words = useWords()
  const me = useContext(MeContext)
  const { path, go } = useRoute()
  const here = path[0] ?? ''
  const open = places.filter(({ permission }) => me?.permissions.includes(permission) ?? false)
  const others = open.filter(({ isDaily }) => !isDaily)
  const hereAmongOthers = others.find(({ heads }) => heads.includes(here))
  return (
    <nav className="nav" aria-label={words.nav.main}>
      {open
        .filter(({ isDaily }) => isDaily)
        .map(({ to, word, heads }) => (
          <Link key={to} to={to} className="nav-link" aria-current={heads.includes(here) ? 'page' : undefined}>
            {words.nav[word]}
            {word === 'tickets' && openTickets !== null && openTickets > 0 && <span className="nav-count">{openTickets}</span>}
          </Link>
        ))}
      {others.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            selectedKeys: hereAmongOthers === undefined ? [] : [hereAmongOthers.to],
            items: others.map(({ to, word }) => ({ key: to, label: words.nav[word] })),
            onClick: ({ key }) => go(key),
          }}
        >
          <button type="button" className="nav-link nav-more" aria-current={hereAmongOthers === undefined ? undefined : 'page'}>
            {hereAmongOthers === undefined ? words.nav.more : words.nav[hereAmongOthers.word]}
            <DownOutlined />
          </button>
        </Dropdown>
      )}
    </nav>
  )
}

function LiveMark(): ReactNode {
  const { live } = useContext(Connection)
  const words = useWords()
  const state = useSyncExternalStore<LiveState>(live?.watch ?? watchNothing, live?.state ?? connecting)
  return (
    <span className={`live live-${state}`} role="status">
      <i />
      {words.shell[state]}
    </span>
  )
}

const watchNothing = () => () => {}
const connecting = (): LiveState => 'connecting'

function SearchButton(): ReactNode {
  const words = useWords()
  const { path, go } = useRoute()
  const maySearch = useMay('exchanges.read')
  if (!maySearch || (path[0] === 'exchanges' && path.length === 1)) return null
  return (
    <button type="button" className="search-button" onClick={() => go('/exchanges')}>
      <SearchOutlined />
      <span>{words.shell.search}</span>
    </button>
  )
}

function Switches(): ReactNode {
  const language = useLanguage()
  const theme = useTheme()
  const { words } = language
  return (
    <>
      <Button type="text" onClick={() => language.choose(language.name === 'zh' ? 'en' : 'zh')} data-testid="language">
        {words.shell.language}
      </Button>
      <Tooltip title={words.shell.theme}>
        <Button type="text" icon={<BulbOutlined />} aria-label={words.shell.theme} onClick={theme.toggle} />
      </Tooltip>
    </>
  )
}

function Person({ onSignedOut }: { readonly onSignedOut: () => void }): ReactNode {
  const me = useContext(MeContext)
  const words = useWords()
  const [isChanging, setChanging] = useState(false)
  const [hasPassword, setHasPassword] = useState(me?.password === 'chosen')
  if (me === null) return null
  const role = words.roles[me.role]
  const wanted = hasPassword ? words.account.change : words.account.choose
  return (
    <span className="person">
      <Tooltip title={`${me.name} · ${role}`}>
        <span className="person-name">{me.title}</span>
      </Tooltip>
      {me.password !== 'elsewhere' && (
        <Tooltip title={wanted}>
          <Button
            type="text"
            className={hasPassword ? '' : 'person-missing'}
            icon={<KeyOutlined />}
            aria-label={wanted}
            onClick={() => setChanging(true)}
          />
        </Tooltip>
      )}
      {isChanging && (
        <PasswordDialog hasPassword={hasPassword} onClose={() => setChanging(false)} onDone={() => setHasPassword(true)} />
      )}
      <Tooltip title={words.shell.signOut}>
        <Button
          type="text"
          icon={<LogoutOutlined />}
          aria-label={words.shell.signOut}
          onClick={() => {
            // Whatever the server says, the person has left: the page asks again who is signed in at its next answer.
            write('/signout', {}, shapes.Me).then(onSignedOut, onSignedOut)
          }}
        />
      </Tooltip>
    </span>
  )
}

function useSearchKey(): void {
  const { path, go } = useRoute()
  const isThere = path[0] === 'exchanges' && path.length === 1
  const maySearch = useMay('exchanges.read')
  useEffect(() => {
    if (!maySearch) return
    const hear = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]')
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      if (isThere) document.getElementById('search')?.focus()
      else go('/exchanges')
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [isThere, maySearch, go])
}
