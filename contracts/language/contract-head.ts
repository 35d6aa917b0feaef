/** The format that a contract's text names, which says how the rest is to be read; null without one. */
export function formatIn(text: string): string | null {
  return /^format:[ \t]*["']?([\w-]+)/mu.exec(text)?.[1] ?? null
}

/** The version number of a text that was read without a problem before; null without one. */
export function versionIn(text: string): string | null {
  return /^version:[ \t]*["']?(\d+)/mu.exec(text)?.[1] ?? null
}
