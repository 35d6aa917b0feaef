/** Whether a name fits a pattern in which `*` stands for any characters. Takes time of pattern times name at most, whatever the pattern. */
export function matchesGlob(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let starAt = -1
  let resumeAt = 0
  while (n < name.length) {
    if (pattern[p] === '*') {
      starAt = p
      resumeAt = n
      p += 1
    } else if (p < pattern.length && pattern[p] === name[n]) {
      p += 1
      n += 1
    } else if (starAt >= 0) {
      // The last star takes one character more.
      resumeAt += 1
      n = resumeAt
      p = starAt + 1
    } else return false
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}
