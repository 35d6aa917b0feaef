import { say } from '../cause.ts'
import { contextCause } from '../lines/context-cause.ts'

/** None of the proposed transfer syntaxes is supported: presentation context result 4. */
export const tsRejected = contextCause({
  id: 'ts-rejected',
  result: 4,
  prior: -3.6,
  words: ({ lacking, opened, syntaxes }) =>
    say(
      `${opened} 次关联中 ${lacking} 次传输语法未被接受:${syntaxes}`,
      `${lacking} of ${opened} associations have no transfer syntax accepted: ${syntaxes}`,
    ),
  title: (place) =>
    say(`${place.to.zh} 不支持所提议的传输语法`, `${place.to.en} supports none of the transfer syntaxes proposed`),
  owner: (place) => say(`${place.to.zh} 与设备科`, `${place.to.en} and the device team`),
  checks: [
    say('设备是否只提议压缩语法(JPEG2000、JPEG-LS)', 'Does the device propose compressed syntaxes only (JPEG 2000, JPEG-LS)?'),
    say('接收方的解码许可或配置是否变更', 'Did the acceptor lose a codec, by licence or by configuration?'),
    say('设备能否转为 Explicit VR Little Endian', 'Can the device send Explicit VR Little Endian?'),
  ],
  spot(place, lacking, calling) {
    const syntaxes = lacking.transferSyntaxes.slice(0, 3).join(', ')
    return say(
      `${place.to.zh} 不接受传输语法 ${syntaxes}(主叫 ${calling})`,
      `${place.to.en} accepts none of the transfer syntaxes ${syntaxes} (calling AE ${calling})`,
    )
  },
})
