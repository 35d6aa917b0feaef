import process from 'node:process'

type Signal = 'stop' | 'reload'

export interface Signals {
  next(): Promise<Signal>
}

/** SIGTERM and SIGINT stop, SIGHUP reloads; each is told once, in order. */
export function catchSignals(): Signals {
  const told: Signal[] = []
  let wake: () => void = () => {}
  const tell = (signal: Signal) => {
    told.push(signal)
    wake()
  }
  process.on('SIGTERM', () => tell('stop'))
  process.on('SIGINT', () => tell('stop'))
  process.on('SIGHUP', () => tell('reload'))
  return {
    async next() {
      for (;;) {
        const signal = told.shift()
        if (signal) return signal
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
