import {
  type AnchorHTMLAttributes,
  createContext,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
} from 'react'

/** Where the person is: the address bar is the only state of pages that can be sent to a colleague. */
export interface Route {
  /** `/tickets/t1` is ['tickets', 't1']. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  go(to: string, how?: 'push' | 'replace'): void
  /** The same page with these parameters changed; null or '' takes one away. */
  change(query: { readonly [name: string]: string | null }, how?: 'push' | 'replace'): void
}

const RouteContext = createContext<Route | null>(null)

export function RouteProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [address, setAddress] = useState(() => addressNow())
  useEffect(() => {
    const hear = () => setAddress(addressNow())
    window.addEventListener('popstate', hear)
    return () => window.removeEventListener('popstate', hear)
  }, [])
  const go = useCallback((to: string, how: 'push' | 'replace' = 'push') => {
    const before = window.location.pathname
    if (how === 'push') window.history.pushState(null, '', to)
    else window.history.replaceState(null, '', to)
    setAddress(addressNow())
    if (window.location.pathname !== before) window.scrollTo(0, 0)
  }, [])
  const route = useMemo<Route>(() => {
    const [pathname = '/', search = ''] = address.split('?')
    const query = new URLSearchParams(search)
    return {
      path: pathname
        .split('/')
        .filter((part) => part !== '')
        .map(decodeURIComponent),
      query,
      go,
      change: (changes, how = 'replace') => {
        const next = new URLSearchParams(query)
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === '') next.delete(name)
          else next.set(name, value)
        }
        go(next.size === 0 ? pathname : `${pathname}?${next}`, how)
      },
    }
  }, [address, go])
  return <RouteContext value={route}>{children}</RouteContext>
}

export function useRoute(): Route {
  const route = useContext(RouteContext)
  if (route === null) throw new Error('useRoute outside of RouteProvider')
  return route
}

/** A link within the console; with a modifier key it is the browser's own. */
export function Link({ to, onClick, ...rest }: { readonly to: string } & AnchorHTMLAttributes<HTMLAnchorElement>): ReactNode {
  const { go } = useRoute()
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to)
  }
  return <a href={to} onClick={follow} {...rest} />
}

function addressNow(): string {
  return `${window.location.pathname}${window.location.search}`
}
