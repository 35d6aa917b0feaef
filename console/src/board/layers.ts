/** A place in the topology: `column` from left, 0..1; `row` from top, 0..1. */
export interface Place {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly column: 'left' | 'hub' | 'right'
}

interface Wire {
  readonly from: string
  readonly to: string
}

/** Systems with at least this many wires stand in the middle, where the lines meet. */
const hubDegreeMin = 3
const rounds = 12

/**
 * Places systems in three columns: what mostly sends on the left, hubs in the middle, what mostly receives on the right. Within a
 * column they stand at the mean height of their neighbours, which keeps lines short and crossings few. Pure and stable.
 */
export function placesOf(ids: readonly string[], wires: readonly Wire[]): readonly Place[] {
  const used = ids.filter((id) => wires.some(({ from, to }) => from === id || to === id))
  const columnOf = new Map(used.map((id) => [id, column(id, wires)]))
  const columns = {
    left: used.filter((id) => columnOf.get(id) === 'left'),
    hub: hubOrder(
      used.filter((id) => columnOf.get(id) === 'hub'),
      wires,
    ),
    right: used.filter((id) => columnOf.get(id) === 'right'),
  }
  const height = new Map<string, number>()
  const settle = (members: readonly string[]) => {
    for (const [i, id] of members.entries()) height.set(id, (i + 0.5) / members.length)
  }
  for (const members of Object.values(columns)) settle(members)
  for (let round = 0; round < rounds; round++) {
    for (const name of ['left', 'right', 'hub'] as const) {
      columns[name] = columns[name].toSorted(
        (a, b) => meanHeight(a, wires, height) - meanHeight(b, wires, height) || a.localeCompare(b),
      )
      settle(columns[name])
    }
  }
  const x = { left: 0, hub: 0.5, right: 1 } as const
  return used.map((id) => {
    const own = columnOf.get(id) ?? 'hub'
    // Hubs that talk to each other stand a little apart, or their lines would hide behind the boxes.
    const shift = own === 'hub' ? (columns.hub.indexOf(id) % 2 === 0 ? -0.07 : 0.07) : 0
    return { id, x: x[own] + shift, y: height.get(id) ?? 0.5, column: own }
  })
}

function column(id: string, wires: readonly Wire[]): Place['column'] {
  const sent = wires.filter(({ from }) => from === id).length
  const received = wires.filter(({ to }) => to === id).length
  if (sent + received >= hubDegreeMin) return 'hub'
  return sent >= received && sent > 0 && received < 2 ? (received === 0 ? 'left' : 'hub') : 'right'
}

/** The busiest in the middle of the column. */
function hubOrder(ids: readonly string[], wires: readonly Wire[]): readonly string[] {
  const degree = (id: string) => wires.filter(({ from, to }) => from === id || to === id).length
  const placed: string[] = []
  ids
    .toSorted((a, b) => degree(b) - degree(a) || a.localeCompare(b))
    .forEach((id, i) => {
      if (i % 2 === 0) placed.push(id)
      else placed.unshift(id)
    })
  return placed
}

function meanHeight(id: string, wires: readonly Wire[], height: ReadonlyMap<string, number>): number {
  const others = wires.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []))
  const heights = others.flatMap((other) => height.get(other) ?? [])
  return heights.length === 0 ? 0.5 : heights.reduce((sum, h) => sum + h, 0) / heights.length
}
