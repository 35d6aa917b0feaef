import { Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { useWords } from '../words/language.tsx'

/** Something that can be chosen. `note` tells alike names apart. */
export interface Choice {
  readonly id: string
  readonly name: string
  readonly note: string
}

/** Several of many by name. A list of its own, because what pops up over the page would lie under the browser's dialog. */
export function Picker({
  label,
  choices,
  chosen,
  onChange,
}: {
  readonly label: string
  readonly choices: readonly Choice[]
  readonly chosen: readonly string[]
  readonly onChange: (ids: readonly string[]) => void
}): ReactNode {
  const { form } = useWords().changes
  const [filter, setFilter] = useState('')
  // What was chosen when the form opened stands first; after that nothing jumps.
  const [first] = useState(chosen)
  const ordered = choices.toSorted((a, b) => Number(first.includes(b.id)) - Number(first.includes(a.id)))
  const wanted = filter.trim().toLowerCase()
  // What is chosen stays in sight whatever the filter says.
  const shown = ordered.filter(({ id, name }) => chosen.includes(id) || `${name} ${id}`.toLowerCase().includes(wanted))
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
  return (
    <fieldset className="picker">
      <legend>
        {label}
        <span>{form.chosen(chosen.length)}</span>
      </legend>
      <Input
        size="small"
        allowClear
        value={filter}
        placeholder={form.filter}
        aria-label={`${label}: ${form.filter}`}
        onChange={(event) => setFilter(event.target.value)}
      />
      <div className="picker-list">
        {shown.map(({ id, name, note }) => (
          <label key={id}>
            <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
            {name}
            <small>{note}</small>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
