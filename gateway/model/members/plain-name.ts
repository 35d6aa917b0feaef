/** A member's name without what doesn't count: case, `_` and `-`. `request_id` is `requestId`. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}

/** A member that is no object: its name, and what stands there. */
export type Told = readonly [name: string, text: string | null]
