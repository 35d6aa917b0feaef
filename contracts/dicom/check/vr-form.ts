/** What a value of that representation breaks of PS3.5 6.2: its form, or its length. Null: nothing. `isQuery`: wildcards and ranges may stand there (PS3.4 C.2.2.2). */
export function vrBreach(vr: string, text: string, isQuery: boolean): 'type' | 'length' | null {
  const rule = rules.get(vr)
  if (rule === undefined || text === '') return null
  if (isQuery && (/[*?]/.test(text) || (rule.isTime === true && text.includes('-')))) return null
  if (text.length > rule.lengthMax && (vr !== 'PN' || text.split('=').some((part) => part.length > rule.lengthMax)))
    return 'length'
  return rule.form === undefined || rule.form.test(text) ? null : 'type'
}

interface VrRule {
  /** Characters; of a name each component group. */
  readonly lengthMax: number
  readonly form?: RegExp
  readonly isTime?: boolean
}

const rules: ReadonlyMap<string, VrRule> = new Map<string, VrRule>([
  ['AE', { lengthMax: 16 }],
  ['AS', { lengthMax: 4, form: /^\d{3}[DWMY]$/ }],
  ['CS', { lengthMax: 16, form: /^[A-Z0-9 _]*$/ }],
  ['DA', { lengthMax: 8, form: /^(?:1[89]|2\d)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/, isTime: true }],
  ['DS', { lengthMax: 16, form: /^ *[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)? *$/ }],
  [
    'DT',
    {
      lengthMax: 26,
      form: /^\d{4}(?:(?:0[1-9]|1[0-2])(?:(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])?(?:[0-5]\d)?(?:[0-5]\d|60)?)?)?(?:\.\d{1,6})?(?:[+-]\d{4})?$/,
      isTime: true,
    },
  ],
  ['IS', { lengthMax: 12, form: /^ *[+-]?\d+ *$/ }],
  ['LO', { lengthMax: 64 }],
  ['LT', { lengthMax: 10_240 }],
  ['PN', { lengthMax: 64, form: /^[^=]*(?:=[^=]*){0,2}$/ }],
  ['SH', { lengthMax: 16 }],
  ['ST', { lengthMax: 1_024 }],
  ['TM', { lengthMax: 14, form: /^(?:[01]\d|2[0-3])(?:[0-5]\d(?:(?:[0-5]\d|60)(?:\.\d{1,6})?)?)?$/, isTime: true }],
  ['UI', { lengthMax: 64, form: /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*$/ }],
])
