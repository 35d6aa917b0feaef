/**
 * A stream of server-sent events as a page hears it. `pass` lets a second pass, again and again until a piece comes: the desk may still be asking its store when one
 * has passed, and looks at the clock only afterwards.
 */
export function hearing(answer: Response, pass: () => void) {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    text: () => text,
    /** Reads until these words came. Throws where the stream ends before. */
    until: async (words: string): Promise<void> => {
      while (!text.includes(words)) {
        pass()
        const passing = setInterval(pass, 20)
        const step = await reader?.read().finally(() => clearInterval(passing))
        if (step === undefined || step.done) throw new Error(`the stream ended before ${words}`)
        text += step.value
      }
    },
    cancel: async (): Promise<void> => reader?.cancel(),
  }
}
