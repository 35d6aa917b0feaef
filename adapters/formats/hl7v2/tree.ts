import type { TreeNode } from '../../../gateway/model/document.ts'
import type { Message } from './message.ts'
import { segmentPath } from './segments.ts'

export function treeOf(message: Message): readonly TreeNode[] {
  return message.segments.map((_, i) => ({
    path: segmentPath(message.text, message.segments, i),
    name: null,
    dataType: null,
    value: null,
    meaning: null,
    children: [],
  }))
}
