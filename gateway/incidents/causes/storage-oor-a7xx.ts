import { say, shareSign, unknown, weights } from '../cause.ts'
import { slownessKeys } from '../lines/closer-slowness.ts'
import { codedCause } from '../lines/coded-cause.ts'

/** The archive has no room: C-STORE status A7xx (PS3.4 B.2.3), HTTP 507. */
export const storageOorA7xx = codedCause({
  id: 'storage-oor-a7xx',
  refusal: 'out-of-resources',
  prior: -3,
  severity: 'P1',
  // Before it is full it is slow, and only what writes is.
  explains: [...slownessKeys, 'one-type', 'others-flat', 'step', 'receiver-fast'],
  words: say('因存储资源不足被拒', 'refused: out of resources'),
  more: (e) => {
    const bad = e.since.top('peer-bad').length
    const seen = e.since.top('peer').length
    return [
      {
        key: 'all-devices',
        group: 'peers',
        sign: seen < 2 ? unknown : shareSign(bad, seen, { none: 0.3, full: 1 }),
        present: weights.some,
        absent: -weights.some,
        text: say(`${seen} 台设备中 ${bad} 台失败`, `${bad} of ${seen} devices fail`),
      },
    ]
  },
  title: (place) => say(`${place.to.zh} 存储资源不足`, `${place.to.en} is out of storage`),
  advise: ({ place }) => ({
    owner: say(`存储组与 ${place.to.zh}`, `The storage team and ${place.to.en}`),
    handOver: say(
      `立即电话通知存储组与 ${place.to.zh};设备本地盘满前必须恢复`,
      `Call the storage team and ${place.to.en} at once: devices stop when their own disks are full`,
    ),
    checks: [
      say('归档卷与数据库表空间的剩余空间、配额', 'Free space and quotas of the archive volumes and of its database'),
      say(
        '是否所有设备同时开始失败(只有一台:查该设备的对象)',
        'Did all devices begin to fail at once? Only one: look at its objects',
      ),
      say('失败之前应答是否已变慢', 'Were answers slower before they failed?'),
    ],
    workaround: say('清理缓存或切换归档卷;设备端暂存影像', 'Free the cache or switch the volume; keep images on the devices'),
  }),
  spot: (place, code) => say(`${place.to.zh} 存储资源不足(${code})`, `${place.to.en} is out of resources (${code})`),
})
