/** Puts text on the clipboard. Rejects where the browser gives none, as over plain HTTP from another machine: show the text then. */
export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text)
}
