/** Hands `content` to the browser as a file of that name to be kept. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to read it by then.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** The same for a text in YAML. */
export function downloadYaml(name: string, text: string): void {
  download(name, new Blob([text], { type: 'application/yaml;charset=utf-8' }))
}
