/** A preference of this browser; never anything about a patient. A browser that keeps nothing is no error. */
export function remember(name: 'language' | 'theme', value: string): void {
  try {
    window.localStorage.setItem(`auscult.${name}`, value)
  } catch {
    // Storage is switched off: the choice holds until the page is left.
  }
}

export function remembered(name: 'language' | 'theme'): string | null {
  try {
    return window.localStorage.getItem(`auscult.${name}`)
  } catch {
    return null
  }
}
