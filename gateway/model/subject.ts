/** What a reading, an alert, a clock or a measurement is about. */
export interface Subject {
  readonly kind: 'interface' | 'system' | 'gateway'
  readonly id: string
}

export function subjectKey(subject: Subject): string {
  return `${subject.kind}:${subject.id}`
}
