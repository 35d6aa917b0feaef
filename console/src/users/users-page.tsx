import { Button } from 'antd'
import { type ReactNode, useContext, useState } from 'react'
import { roleOfPower } from '../../../gateway/desk/access/permissions.ts'
import { shapes } from '../../../gateway/desk/api/shapes.ts'
import type { UserAnswer } from '../../../gateway/desk/api/users-shapes.ts'
import { useAnswer } from '../api/answer.ts'
import { write } from '../api/client.ts'
import { MeContext, useMay } from '../api/me.ts'
import { Loading, ProblemNote } from '../parts/notes.tsx'
import { Panel } from '../parts/panel.tsx'
import { useSending } from '../parts/sending.ts'
import { dayTime } from '../parts/time.ts'
import { useLanguage } from '../words/language.tsx'
import { AddUser, type Invitation, LinkDialog, RoleDialog } from './account-dialogs.tsx'
import { GrantsPanel } from './grants-panel.tsx'

type Asked =
  | { readonly kind: 'add' }
  | { readonly kind: 'role'; readonly user: UserAnswer }
  | { readonly kind: 'link'; readonly invitation: Invitation }

/** Accounts with their roles, and what each role sees of patients. Each reader has the buttons of the one power that they hold. */
export default function UsersPage(): ReactNode {
  const { words } = useLanguage()
  const { answer, problem, reload } = useAnswer('/users', shapes.UserList)
  const [asked, setAsked] = useState<Asked | null>(null)
  const mayWrite = useMay('users.write')
  if (answer === null) return problem === null ? <Loading /> : <ProblemNote problem={problem} onRetry={reload} />
  const close = () => setAsked(null)
  return (
    <>
      <h1 className="unseen">{words.users.title}</h1>
      <Panel
        title={words.users.accounts}
        note={words.users.accountsNote}
        className="panel-table"
        end={
          mayWrite && (
            <Button size="small" type="primary" onClick={() => setAsked({ kind: 'add' })}>
              {words.users.add}
            </Button>
          )
        }
      >
        <table className="table users-table">
          <thead>
            <tr>
              <th scope="col">{words.users.name}</th>
              <th scope="col">{words.users.role}</th>
              <th scope="col">{words.users.state}</th>
              <th scope="col">{words.users.seen}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {answer.items.map((user) => (
              <UserRow key={user.name} user={user} onAsk={setAsked} onDone={reload} />
            ))}
          </tbody>
        </table>
      </Panel>
      <GrantsPanel />
      {asked?.kind === 'add' && (
        <AddUser
          onClose={close}
          onDone={(invitation) => {
            setAsked({ kind: 'link', invitation })
            reload()
          }}
        />
      )}
      {asked?.kind === 'role' && <RoleDialog user={asked.user} onClose={close} onDone={reload} />}
      {asked?.kind === 'link' && <LinkDialog invitation={asked.invitation} onClose={close} />}
    </>
  )
}

function UserRow({
  user,
  onAsk,
  onDone,
}: {
  readonly user: UserAnswer
  readonly onAsk: (asked: Asked) => void
  readonly onDone: () => void
}): ReactNode {
  const { words } = useLanguage()
  const isSelf = useContext(MeContext)?.name === user.name
  return (
    <tr className={user.state === 'disabled' ? 'users-closed' : undefined}>
      <th scope="row">
        {user.title} {isSelf && <span className="badge">{words.users.self}</span>}
        <span className="row-sub">
          {user.name} · {words.users.sources[user.source]}
        </span>
      </th>
      <td>
        {user.role === null ? <span className="warn">{words.users.noRole}</span> : words.roles[user.role]}
        <PowerMark role={user.role} />
      </td>
      <td>
        {words.users.states[user.state]}
        {user.lockedUntil !== null && <span className="badge badge-bad">{words.users.locked}</span>}
        {user.source === 'local' && !user.hasPassword && <span className="row-sub">{words.users.noPassword}</span>}
      </td>
      <td className="figures">{user.seenAt === null ? words.users.never : dayTime(user.seenAt, null, 'min')}</td>
      <td className="users-deeds">{!isSelf && <Deeds user={user} onAsk={onAsk} onDone={onDone} />}</td>
    </tr>
  )
}

function PowerMark({ role }: { readonly role: UserAnswer['role'] }): ReactNode {
  const { words } = useLanguage()
  const power = powerOf(role)
  return power === undefined ? null : <span className="row-sub">{words.users.powers[power]}</span>
}

function powerOf(role: UserAnswer['role']) {
  return (['system', 'security', 'audit'] as const).find((power) => roleOfPower[power] === role)
}

function Deeds({
  user,
  onAsk,
  onDone,
}: {
  readonly user: UserAnswer
  readonly onAsk: (asked: Asked) => void
  readonly onDone: () => void
}): ReactNode {
  const { words } = useLanguage()
  const [mayWrite, mayGrant] = [useMay('users.write'), useMay('grants.write')]
  const { isSending, send } = useSending()
  const path = `/users/${encodeURIComponent(user.name)}`
  const hasPower = powerOf(user.role) !== undefined
  const change = (deed: string, body: object) => send(write(`${path}/${deed}`, body, shapes.User), { onDone })
  return (
    <>
      {mayGrant && user.source === 'local' && (
        <Button size="small" onClick={() => onAsk({ kind: 'role', user })}>
          {words.users.setRole}
        </Button>
      )}
      {mayWrite && user.source === 'local' && !hasPower && user.state === 'active' && (
        <Button
          size="small"
          loading={isSending}
          onClick={() =>
            send(write(`${path}/invite`, {}, shapes.Invitation), {
              onDone: (invitation) => onAsk({ kind: 'link', invitation }),
            })
          }
        >
          {words.users.invite}
        </Button>
      )}
      {mayWrite && user.lockedUntil !== null && (
        <Button size="small" loading={isSending} onClick={() => change('unlock', {})}>
          {words.users.unlock}
        </Button>
      )}
      {mayWrite && (
        <Button
          size="small"
          danger={user.state === 'active'}
          loading={isSending}
          onClick={() => change('state', { state: user.state === 'active' ? 'disabled' : 'active' })}
        >
          {user.state === 'active' ? words.users.close : words.users.open}
        </Button>
      )}
    </>
  )
}
