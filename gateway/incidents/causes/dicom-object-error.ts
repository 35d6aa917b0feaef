import { say, shareSign, unknown, weights } from '../cause.ts'
import { codedCause } from '../lines/coded-cause.ts'

/** The archive refuses certain objects: A9xx (does not match its SOP class), Cxxx (cannot understand), 0117 (invalid object instance). */
export const dicomObjectError = codedCause({
  id: 'dicom-object-error',
  refusal: 'object',
  prior: -3.6,
  severity: 'P3',
  words: say('因对象不合规被拒', 'refused for the object itself'),
  more: (e) => {
    const bad = e.since.top('peer-bad').length
    const seen = e.since.top('peer').length
    return [
      {
        key: 'one-device',
        group: 'peers',
        sign: seen < 2 ? unknown : shareSign(seen - bad, seen, { none: 0, full: 0.5 }),
        present: weights.some,
        absent: -weights.some,
        text: say(`${seen} 台设备中 ${bad} 台被拒`, `${bad} of ${seen} devices are refused`),
      },
    ]
  },
  title: (place) => say(`${place.to.zh} 拒收不合规的影像对象`, `${place.to.en} refuses objects that do not conform`),
  advise: () => ({
    owner: say('设备科与设备厂商', 'The device team and the vendor of the device'),
    handOver: say('附状态码、SOP 类与设备转设备厂商', 'Hand to the vendor of the device with status, SOP class and device'),
    checks: [
      say('是否只来自一台设备或一个 SOP 类', 'Only from one device, or of one SOP class?'),
      say('同一对象重发是否总被拒', 'Is the same object refused every time?'),
      say('设备软件是否刚升级', 'Was the device updated?'),
    ],
    workaround: say('影像留在设备端,修正后重发', 'Keep the images on the device and send them once corrected'),
  }),
  spot: (place, code) => say(`${place.to.zh} 拒收对象(${code})`, `${place.to.en} refuses the object (${code})`),
})
