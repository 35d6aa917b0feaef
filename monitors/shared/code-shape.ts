/** A code's shape, for people: letters and digits by kind and number, never the code. `A{2}9{7}`. */
export function codeShape(value: string): string {
  const kinds = value.slice(0, 40).replace(/[0-9]+|[A-Za-z]+|[\u3400-\u9fff]+/g, (run) => {
    const kind = /[0-9]/.test(run) ? '9' : /[A-Za-z]/.test(run) ? 'A' : '汉'
    return run.length === 1 ? kind : `${kind}{${run.length}}`
  })
  return value.length > 40 ? `${kinds}…` : kinds
}
