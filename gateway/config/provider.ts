import { createProvider, type Provider } from '../desk/access/provider.ts'
import { failure } from '../model/failures.ts'
import type { Clock } from '../model/time.ts'
import { secretText } from './secret.ts'
import type { AccessShape } from './shape.ts'

/** The identity provider as configured, its secret read. Throws CONFIG_INVALID when the secret can't be. */
export function openProvider(oidc: NonNullable<AccessShape['oidc']>, folder: string, clock: Clock): Provider {
  const fault = (what: string) =>
    failure('CONFIG_INVALID', `the secret of the identity provider ${what}`, { place: { key: 'access.oidc.clientSecret' } })
  return createProvider(
    {
      title: oidc.title ?? new URL(oidc.issuer).host,
      issuer: oidc.issuer,
      clientId: oidc.clientId,
      clientSecret: oidc.clientSecret === undefined ? null : secretText(oidc.clientSecret, folder, fault),
      address: oidc.address,
      scope: oidc.scope ?? 'openid profile',
      nameClaim: oidc.nameClaim ?? 'preferred_username',
      roleClaim: oidc.roleClaim ?? 'roles',
      roles: oidc.roles,
    },
    clock,
  )
}
