import { createContext, useContext } from 'react'
import type { Me } from '../../../gateway/desk/api/shapes.ts'

/** Who is signed in. Null only outside of the shell. */
export const MeContext = createContext<Me | null>(null)

/** Whether the person's role has the permission. The server decides; this only hides what it would refuse. */
export function useMay(permission: string): boolean {
  return useContext(MeContext)?.permissions.includes(permission) ?? false
}
