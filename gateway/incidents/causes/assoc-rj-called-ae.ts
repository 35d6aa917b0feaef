import { say } from '../cause.ts'
import { codedCause } from '../lines/coded-cause.ts'

/** The called AE title is not known to the acceptor: A-ASSOCIATE-RJ 1/1/7 (PS3.8 9.3.4). Some acceptors use it for an unlisted caller too. */
export const assocRjCalledAe = codedCause({
  id: 'assoc-rj-called-ae',
  refusal: 'called-ae',
  prior: -3.3,
  severity: 'P2',
  words: say('关联因被叫 AE 不识别被拒', 'associations rejected: called AE title not recognised'),
  title: (place) => say(`${place.to.zh} 不识别被叫 AE`, `${place.to.en} does not recognise the called AE title`),
  advise: ({ place }) => ({
    owner: say(`${place.to.zh} 与设备科`, `${place.to.en} and the device team`),
    handOver: say(
      `附主叫、被叫 AE 与 RJ 代码转 ${place.to.zh} 管理员`,
      `Hand to the administrator of ${place.to.en} with both AE titles and the code of the rejection`,
    ),
    checks: [
      say(
        '其他设备以同一被叫 AE 是否成功:全部失败查服务端配置,个别失败查设备端',
        'Do other devices succeed with the same called AE? All fail: the acceptor; one fails: the device',
      ),
      say('被叫 AE 的拼写、大小写与空格', 'Spelling, case and blanks of the called AE title'),
      say(
        '服务端主机表是否登记主叫 IP(部分产品以 1/1/7 拒绝未登记的主叫)',
        'Is the calling address listed? Some products reject an unlisted caller with 1/1/7',
      ),
    ],
    workaround: say('设备端暂存影像,恢复后重发', 'Keep the images on the device and send them again'),
  }),
  spot: (place, code) =>
    say(
      `${place.to.zh} 拒绝关联:被叫 AE 不识别(${code})`,
      `${place.to.en} rejects the association: called AE title not recognised (${code})`,
    ),
})
