import type { ReactNode } from 'react'
import type { Names } from '../parts/catalogue.ts'
import { useLanguage } from '../words/language.tsx'
import { Picker } from './picker.tsx'
import type { Subjects } from './subjects.ts'

export function SubjectFields({
  names,
  subjects,
  onChange,
}: {
  readonly names: Names
  readonly subjects: Subjects
  readonly onChange: (subjects: Subjects) => void
}): ReactNode {
  const { words, pick } = useLanguage()
  const { form } = words.changes
  return (
    <>
      <Picker
        label={form.interfaces}
        choices={names.interfaces.map(({ id, name, from, to }) => ({
          id,
          name: pick(name),
          note: `${names.system(from)} → ${names.system(to)}`,
        }))}
        chosen={subjects.interfaceIds}
        onChange={(interfaceIds) => onChange({ ...subjects, interfaceIds })}
      />
      <Picker
        label={form.systems}
        choices={names.systems.map(({ id, name }) => ({ id, name: pick(name), note: id }))}
        chosen={subjects.systemIds}
        onChange={(systemIds) => onChange({ ...subjects, systemIds })}
      />
    </>
  )
}
