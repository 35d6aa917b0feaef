import { say } from '../cause.ts'
import { contextCause } from '../lines/context-cause.ts'

/** An abstract syntax (SOP class) is not supported: presentation context result 3. */
export const pcRejected = contextCause({
  id: 'pc-rejected',
  result: 3,
  prior: -3.6,
  words: ({ lacking, opened, syntaxes }) =>
    say(
      `${opened} 次关联中 ${lacking} 次所需抽象语法未被接受:${syntaxes}`,
      `${lacking} of ${opened} associations lack an abstract syntax that was asked for: ${syntaxes}`,
    ),
  title: (place) =>
    say(`${place.to.zh} 不支持所需的 SOP 类`, `${place.to.en} does not support the SOP class that is asked for`),
  owner: (place) => say(`${place.to.zh}`, `${place.to.en}`),
  checks: [
    say('是否新的检查类型或对象类(心电、增强 MR、SR)', 'A new kind of object (ECG, enhanced MR, SR)?'),
    say('接收方的 SOP 类清单最近是否变更', 'Did the list of SOP classes of the acceptor change?'),
    say('其他设备以同一 SOP 类是否成功', 'Do other devices succeed with the same SOP class?'),
  ],
  spot: (place, { abstractSyntax }, calling) =>
    say(
      `${place.to.zh} 不接受抽象语法 ${abstractSyntax}(主叫 ${calling})`,
      `${place.to.en} does not accept the abstract syntax ${abstractSyntax} (calling AE ${calling})`,
    ),
})
