import { Button, Checkbox } from 'antd'
import { type ReactNode, useState } from 'react'
import { allows } from '../../../gateway/desk/access/permissions.ts'
import type { Of } from '../../../gateway/desk/api/schema.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import { grantableIdentities } from '../../../gateway/desk/masking/grants.ts'
import { sensitiveCategories } from '../../../gateway/desk/masking/sensitive.ts'
import { useAnswer } from '../api/answer.ts'
import { write } from '../api/client.ts'
import { useMay } from '../api/me.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Loading, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { isReason, ReasonField } from '../parts/reason.tsx'
import { useSending } from '../parts/sending.ts'
import { useLanguage } from '../words/language.tsx'

type Grant = Of<typeof shapes.Grant>

/** What each role that reads messages sees of patients without a reveal. */
export function GrantsPanel(): ReactNode {
  const { words } = useLanguage()
  const { answer, problem, reload } = useAnswer('/grants', shapes.GrantList)
  const [edited, setEdited] = useState<Grant | null>(null)
  const mayGrant = useMay('grants.write')
  if (answer === null) return problem === null ? <Loading /> : <ProblemNote problem={problem} onRetry={reload} />
  return (
    <Panel title={words.users.grants} note={words.users.grantsNote} className="panel-table">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.users.role}</th>
            <th scope="col">{words.users.identityGroup}</th>
            <th scope="col">{words.users.categoryGroup}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {answer.items
            .filter(({ role }) => allows(role, 'messages.read'))
            .map((grant) => (
              <tr key={grant.role}>
                <th scope="row">{words.roles[grant.role]}</th>
                <td>
                  <Listed items={grant.identities.map((one) => words.users.identities[one])} />
                </td>
                <td>
                  <Listed items={grant.categories.map((one) => words.users.categories[one])} />
                </td>
                <td className="users-deeds">
                  {mayGrant && (
                    <Button size="small" onClick={() => setEdited(grant)}>
                      {words.users.edit}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
      {edited !== null && <GrantDialog key={edited.role} grant={edited} onClose={() => setEdited(null)} onDone={reload} />}
    </Panel>
  )
}

function Listed({ items }: { readonly items: readonly string[] }): ReactNode {
  const { words } = useLanguage()
  return items.length === 0 ? <span className="quiet">{words.users.nothing}</span> : items.join(' · ')
}

function GrantDialog({
  grant,
  onClose,
  onDone,
}: {
  readonly grant: Grant
  readonly onClose: () => void
  readonly onDone: () => void
}): ReactNode {
  const { words } = useLanguage()
  const [identities, setIdentities] = useState(grant.identities)
  const [categories, setCategories] = useState(grant.categories)
  const [reason, setReason] = useState('')
  const { isSending, send } = useSending()
  const body = { identities, categories, reason: reason.trim() }
  return (
    <Dialog
      title={words.users.grantTitle(words.roles[grant.role])}
      action={words.users.edit}
      cancel={words.common.cancel}
      isReady={isReason(reason)}
      isSending={isSending}
      onClose={onClose}
      onSend={() =>
        send(write(`/grants/${grant.role}`, body, shapes.Grant), {
          onDone: () => {
            onClose()
            onDone()
          },
        })
      }
    >
      <fieldset className="grant-group">
        <legend>{words.users.identityGroup}</legend>
        <Checkbox.Group
          value={[...identities]}
          options={grantableIdentities.map((value) => ({ value, label: words.users.identities[value] }))}
          onChange={(chosen) => setIdentities(grantableIdentities.filter((one) => chosen.includes(one)))}
        />
      </fieldset>
      <fieldset className="grant-group">
        <legend>{words.users.categoryGroup}</legend>
        <Checkbox.Group
          value={[...categories]}
          options={sensitiveCategories.map((value) => ({ value, label: words.users.categories[value] }))}
          onChange={(chosen) => setCategories(sensitiveCategories.filter((one) => chosen.includes(one)))}
        />
      </fieldset>
      <ReasonField id="grant-reason" label={words.users.reason} reason={reason} onChange={setReason} />
    </Dialog>
  )
}
