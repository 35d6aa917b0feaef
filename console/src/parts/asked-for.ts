const name = 'auscult.asked-for'

/** Keeps, for this tab, the page that somebody opened before they were signed in: the ways to sign in that leave it end at the board. */
export function keepAskedFor(): void {
  const { pathname, search } = window.location
  if (pathname === '/signin') return
  try {
    window.sessionStorage.setItem(name, `${pathname}${search}`)
  } catch {
    // Storage is switched off: they begin at the board.
  }
}

/** The page that was asked for, once; null when there was none. */
export function takeAskedFor(): string | null {
  try {
    const path = window.sessionStorage.getItem(name)
    window.sessionStorage.removeItem(name)
    return path
  } catch {
    return null
  }
}
