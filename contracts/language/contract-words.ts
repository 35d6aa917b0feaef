/** Values of a contract as texts, as `Document.get` gives them: `0` of the number 0. */
export function valueTexts(values: unknown): readonly string[] {
  return Array.isArray(values) ? values.map(String) : []
}
