// What each step is called on the phone, what it asks for and what it means.
import type { Case, MoveName } from '@/client/api'
import { L } from '@/part/i18n'
import { moveName, timeText } from '@/part/say'

/** The owner's own words for the ways out, plainer than the register's. */
export function stepName(m: MoveName): string {
  const own: Partial<Record<MoveName, string>> = {
    fix: L('已整改', 'Fixed'), return: L('不是我的', 'Not mine'), block: L('卡住了', 'Blocked'), ask_extension: L('申请延期', 'More time'),
    recheck_ok: L('仍然完好', 'Still fine'), recheck_bad: L('又出现了', 'Came back'),
  }
  return own[m] ?? moveName(m)
}

export interface Asks {
  note: '' | 'may' | 'must'
  photo: '' | 'may' | 'must'
  hint: string
  means: string
}

export function asksOf(m: MoveName, c: Case): Asks {
  const a = (note: Asks['note'], photo: Asks['photo'], hint: string, means = ''): Asks => ({ note, photo, hint, means })
  switch (m) {
    case 'accept': return a('', '', '', c.due_at ? L(`接收后由您负责，请在${timeText(c.due_at)}前整改完。`, `You take it on; it is due ${timeText(c.due_at)}.`) : L('接收后由您负责整改。', 'You take it on.'))
    case 'fix': return a('may', 'must', L('怎么整改的（可不写）', 'What was done (optional)'))
    case 'return': return a('must', '', L('为什么不是您的？', 'Why is it not yours?'), L('改派期间时限照走，不重新计算。', 'The clock runs on meanwhile.'))
    case 'block': return a('must', 'may', L('卡在哪里？需要谁做什么？', 'What is missing, from whom?'), L('中心同意后暂停计时。', 'The clock stops once the centre agrees.'))
    case 'ask_extension': return a('must', '', L('为什么需要更多时间？', 'Why is more time needed?'))
    case 'verify': return a('', '', '', L('确认现场已整改到位，案件办结。', 'You confirm that it is fixed; the case is closed.'))
    case 'rework': return a('must', 'may', L('哪里不合格？怎样才算合格？', 'What is not good enough, and what would be?'))
    case 'recheck_ok': return a('', 'may', '', L('确认现场仍然完好。', 'You confirm that it is still fine.'))
    case 'recheck_bad': return a('must', 'may', L('现在是什么样？', 'What is it like now?'))
    case 'acknowledge': return a('', '', '', L('确认单位已收到督办文书，签收人和时间会留在文书上。', 'Your unit has the orders; your name and the time stay on them.'))
    case 'refuse': return a('must', '', L('为什么不同意？', 'Why not?'))
    case 'note': return a('must', 'may', L('补充什么？', 'What to add?'))
    case 'agree': return a('may', '', L('说明（可不写）', 'Remark (optional)'))
    case 'resume': return a('may', '', L('说明（可不写）', 'Remark (optional)'), L('恢复计时，继续办理。', 'The clock runs again.'))
    default: return a('may', '', L('说明（可不写）', 'Remark (optional)'))
  }
}
