import { Input } from 'antd'
import { type ReactNode, useId } from 'react'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { Field } from '../parts/dialog.tsx'
import { useLanguage } from '../words/language.tsx'
import { type ActionField, actionFields, type TicketActionName } from './action-table.ts'

type Values = { readonly [name: string]: string }

/** The fields of one action. Teams are suggested; any name may be written. */
export function ActionFields({
  action,
  values,
  onChange,
}: {
  readonly action: TicketActionName
  readonly values: Values
  readonly onChange: (change: Values) => void
}): ReactNode {
  const { words, pick } = useLanguage()
  const fieldId = useId()
  const fields: readonly ActionField[] = actionFields[action]
  const hasPeople = fields.some(({ isShort }) => isShort)
  const teams = useAnswer(hasPeople ? '/teams' : null, shapes.TeamList).answer?.items ?? []
  return (
    <>
      {fields.map(({ name, isShort }, i) => (
        <Field key={name} label={labelOf(action, name, words)} htmlFor={`${fieldId}-${name}`}>
          {isShort ? (
            <>
              <Input
                id={`${fieldId}-${name}`}
                list={`${fieldId}-teams`}
                value={values[name] ?? ''}
                maxLength={100}
                autoFocus={i === 0}
                autoComplete="off"
                onChange={(event) => onChange({ [name]: event.target.value })}
              />
              <datalist id={`${fieldId}-teams`}>
                {teams.map((team) => (
                  <option key={team.id} value={team.id} label={pick(team.name)} />
                ))}
              </datalist>
            </>
          ) : (
            <Input.TextArea
              id={`${fieldId}-${name}`}
              value={values[name] ?? ''}
              rows={fields.length > 2 ? 3 : 4}
              maxLength={4000}
              autoFocus={i === 0}
              onChange={(event) => onChange({ [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </>
  )
}

function labelOf(
  action: TicketActionName,
  name: ActionField['name'],
  { tickets }: ReturnType<typeof useLanguage>['words'],
): string {
  if (name !== 'text') return tickets.fields[name]
  if (action === 'comment') return tickets.fields.comment
  return action === 'help' ? tickets.fields.ask : tickets.fields.text
}
