/** Where an element stands: `PID-3.4.2` is `{segment: 'PID', field: 3, component: 4, subcomponent: 2}`; 0 means none. */
export interface ElementPath {
  readonly segment: string
  readonly field: number
  readonly component: number
  readonly subcomponent: number
}

/** `PID-3.4.2` of its parts. */
export function writePath(path: ElementPath): string {
  const field = path.field === 0 ? '' : `-${path.field}`
  const component = path.component === 0 ? '' : `.${path.component}`
  const subcomponent = path.subcomponent === 0 ? '' : `.${path.subcomponent}`
  return `${path.segment}${field}${component}${subcomponent}`
}

/** The parts of `PID-3.4.2` or `PID`, or null when the text is none. */
export function readPath(text: string): ElementPath | null {
  const match = /^([A-Z][A-Z0-9]{2})(?:-([1-9]\d{0,2})(?:\.([1-9]\d{0,2})(?:\.([1-9]\d{0,2}))?)?)?$/u.exec(text)
  if (match === null) return null
  const [, segment = '', field = '0', component = '0', subcomponent = '0'] = match
  return { segment, field: Number(field), component: Number(component), subcomponent: Number(subcomponent) }
}
