// How things are said: states, flags, ladders, days and due texts, in the county's time zone.
import type { Case, Flag, MoveName, State } from '@/client/api'
import { NotOurs, Offline, Problem } from '@/client/api'
import { say, tongue, type Both } from './i18n'

const ZONE = 'Asia/Shanghai'
export type Tone = 'overdue' | 'today' | 'wait' | 'done' | 'plain' | 'teal'

const states: Record<State, Both> = {
  reported: ['待派遣', 'To dispatch'],
  assigned: ['待接收', 'Assigned'],
  accepted: ['整改中', 'In progress'],
  returned: ['已退回', 'Returned'],
  blocked: ['受阻', 'Blocked'],
  fixed: ['待核查', 'To verify'],
  closed: ['已办结', 'Closed'],
  rejected: ['不受理', 'Not taken'],
  merged: ['已并案', 'Merged'],
}
const stateTones: Record<State, Tone> = {
  reported: 'today', assigned: 'teal', accepted: 'teal', returned: 'today', blocked: 'wait',
  fixed: 'wait', closed: 'done', rejected: 'plain', merged: 'plain',
}
const flags: Record<Flag, Both> = {
  open: ['在办', 'Open'],
  due_today: ['今天到期', 'Due today'],
  overdue: ['超期', 'Overdue'],
  blocked: ['受阻', 'Blocked'],
  asked: ['待审批', 'Asks'],
  reworked: ['返工', 'Reworked'],
  relapsed: ['反弹', 'Relapsed'],
  triage: ['待派遣', 'To dispatch'],
  to_verify: ['待核查', 'To verify'],
  recheck: ['回头看', 'Re-check'],
  merged_hint: ['疑似重复', 'Likely duplicate'],
}
const flagTones: Record<Flag, Tone> = {
  open: 'teal', due_today: 'today', overdue: 'overdue', blocked: 'wait', asked: 'wait', reworked: 'today',
  relapsed: 'today', triage: 'today', to_verify: 'wait', recheck: 'teal', merged_hint: 'wait',
}
const moves: Record<MoveName, Both> = {
  assign: ['派遣', 'Assign'],
  reject: ['不受理', 'Do not take'],
  merge: ['并案', 'Merge'],
  accept: ['接收', 'Accept'],
  return: ['退回', 'Return'],
  block: ['报受阻', 'Report blocked'],
  ask_extension: ['申请延期', 'Ask for more time'],
  fix: ['报整改完成', 'Report fixed'],
  verify: ['核查通过', 'Pass'],
  rework: ['退回重做', 'Send back'],
  agree: ['同意', 'Agree'],
  refuse: ['不同意', 'Refuse'],
  resume: ['恢复办理', 'Resume'],
  note: ['补充说明', 'Add a note'],
  recheck_ok: ['回头看合格', 'Re-check passed'],
  acknowledge: ['签收文书', 'Sign for orders'],
  recheck_bad: ['回头看不合格', 'Re-check failed'],
}
const ladders: Both[] = [
  ['', ''],
  ['提醒', 'Reminder'],
  ['催办', 'Urge'],
  ['督办', 'Supervise'],
  ['挂牌督办', 'Listed supervision'],
]
const channels: Record<string, Both> = {
  resident: ['群众扫码', 'Resident'],
  inspector: ['巡查发现', 'Inspector'],
  inspection: ['检查表发现', 'Inspection'],
  assessment: ['评估失分', 'Assessment'],
  evidence: ['台账催办', 'Evidence'],
  cadre: ['干部随手拍', 'Cadre'],
  chief: ['片长交办', 'Area chief'],
  centre: ['中心登记', 'Centre'],
  import: ['12345等转办', 'Other systems'],
}
const asks: Record<string, Both> = {
  return: ['申请退回', 'Asks to return it'],
  block: ['申请受阻挂起', 'Asks to hold as blocked'],
  extension: ['申请延期', 'Asks for more time'],
}
const blockReasons: Record<string, Both> = {
  money: ['经费不足', 'No money'],
  department: ['需其他部门配合', 'Needs another department'],
  law: ['法律或权属障碍', 'Law or ownership'],
  other: ['其他', 'Other'],
}

export const stateName = (s: State) => say(states[s] ?? [s, s])
export const stateTone = (s: State): Tone => stateTones[s] ?? 'plain'
export const flagName = (f: Flag) => say(flags[f] ?? [f, f])
export const flagTone = (f: Flag): Tone => flagTones[f] ?? 'plain'
export const moveName = (m: MoveName) => say(moves[m] ?? [m, m])
export const ladderName = (n: number | undefined) => say(ladders[n ?? 0] ?? ladders[0])
export const channelName = (c: string | undefined) => (c ? say(channels[c] ?? [c, c]) : '')
export const askName = (a: string | undefined) => (a ? say(asks[a] ?? [a, a]) : '')
export const blockReasonName = (r: string | undefined) => (r ? say(blockReasons[r] ?? [r, r]) : '')
export const allStates = Object.keys(states) as State[]
export const allFlags = Object.keys(flags) as Flag[]

// A kind of place by its code; a county's own kind is shown as it is written.
const kindsOfPlace: Record<string, Both> = {
  'market': ['农贸市场', 'Market'],
  'toilet': ['公厕', 'Toilet'],
  'transfer-station': ['垃圾中转站', 'Transfer station'],
  'collection-point': ['垃圾收集点', 'Collection point'],
  'school': ['学校', 'School'],
  'kindergarten': ['幼儿园', 'Kindergarten'],
  'hospital': ['医院', 'Hospital'],
  'clinic': ['诊所', 'Clinic'],
  'community': ['小区', 'Housing estate'],
  'site': ['施工工地', 'Building site'],
  'square': ['广场', 'Square'],
  'park': ['公园', 'Park'],
  'bus-station': ['客运站', 'Bus station'],
  'office': ['单位', 'Office'],
  'urban-village': ['城中村', 'Urban village'],
  'water-plant': ['水厂', 'Water plant'],
  'sewage-plant': ['污水处理厂', 'Sewage plant'],
  'river-section': ['河段', 'River section'],
  'bus-stop': ['公交站台', 'Bus stop'],
  'parking': ['停车场', 'Car park'],
  'notice-board': ['宣传栏', 'Notice board'],
  'road': ['路段', 'Road'],
  'building': ['居民楼栋', 'Building'],
  'catering': ['小餐饮店', 'Eating house'],
  'food-shop': ['小食品店', 'Food shop'],
  'hair': ['小美容美发店', 'Hairdresser'],
  'hotel': ['小旅店', 'Guest house'],
  'bath': ['小浴室', 'Bath house'],
  'karaoke': ['小歌舞厅', 'Karaoke'],
  'hardware': ['五金店', 'Hardware'],
  'clothes': ['服装店', 'Clothes'],
  'supermarket': ['超市', 'Supermarket'],
  'fruit': ['水果店', 'Fruit'],
  'pharmacy': ['药店', 'Pharmacy'],
  'repair': ['汽修摩修店', 'Repair shop'],
  'workshop': ['食品小作坊', 'Food workshop'],
  'phone': ['手机店', 'Phone shop'],
  'other-shop': ['其他店铺', 'Other shop'],
}
export const placeKind = (k: string) => say(kindsOfPlace[k] ?? [k, k])

const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' })
const clockFormat = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hour12: false })
const zhWeek = ['星期日', '星期一', '星期二', '星期三', '星期四', '星期五', '星期六']
const enWeek = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const enMonth = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The county's day of an instant, YYYY-MM-DD. */
export const dayOf = (ms: number) => dayFormat.format(ms)
export const clockOf = (ms: number) => clockFormat.format(ms)

let serverDay = ''
/** The server says what day it is; phones and desks may be wrong. */
export function todayIs(on: string): void {
  serverDay = on
}
export const today = () => serverDay || dayOf(Date.now())

const serial = (on: string) => {
  const [y, m, d] = on.split('-').map(Number)
  return Date.UTC(y, m - 1, d) / 86400000
}
export const daysBetween = (from: string, to: string) => serial(to) - serial(from)

/** "11月20日" / "20 Nov"; the year only when it is another one. */
export function dayText(on: string | undefined): string {
  if (!on) return ''
  const [y, m, d] = on.split('-').map(Number)
  const other = y !== Number(today().slice(0, 4))
  if (tongue.lang === 'en') return `${d} ${enMonth[m - 1]}${other ? ' ' + y : ''}`
  return `${other ? y + '年' : ''}${m}月${d}日`
}
export function longDay(on: string): string {
  const [y, m, d] = on.split('-').map(Number)
  const w = (((serial(on) + 4) % 7) + 7) % 7
  return tongue.lang === 'en' ? `${enWeek[w]} ${d} ${enMonth[m - 1]} ${y}` : `${y}年${m}月${d}日 ${zhWeek[w]}`
}
/** "今天 09:12", "昨天 16:40", "11月18日 09:12". */
export function timeText(ms: number | undefined): string {
  if (!ms) return ''
  const on = dayOf(ms)
  const gap = daysBetween(on, today())
  const near = gap === 0 ? say(['今天', 'Today']) : gap === 1 ? say(['昨天', 'Yesterday']) : dayText(on)
  return `${near} ${clockOf(ms)}`
}

/** What the due day means now: "今天到期", "超期2天", "剩3天", and how loud to say it. */
export function dueText(c: Pick<Case, 'due_on' | 'due_at' | 'fixed_at' | 'state' | 'flags' | 'closed_at'>): { text: string; tone: Tone } {
  const en = tongue.lang === 'en'
  if (c.state === 'closed') return { text: say(['已办结', 'Closed']), tone: 'done' }
  if (c.state === 'rejected' || c.state === 'merged') return { text: '—', tone: 'plain' }
  const on = c.due_on || (c.due_at ? dayOf(c.due_at) : '')
  if (!on) return { text: say(['未定时限', 'No due day']), tone: 'plain' }
  const left = daysBetween(today(), on)
  if (c.state === 'blocked') return { text: say(['已暂停计时', 'Clock stopped']), tone: 'wait' }
  if (c.state === 'fixed') { // the owner's clock has ended; waiting is the verifier's
    const late = !!c.due_at && !!c.fixed_at && c.fixed_at > c.due_at
    return { text: late ? say(['超期整改', 'Fixed late']) : say(['按时整改', 'Fixed in time']), tone: late ? 'overdue' : 'wait' }
  }
  if (c.flags.includes('overdue') || left < 0) {
    const n = Math.max(-left, 0)
    if (n === 0) return { text: say(['今天已超期', 'Overdue today']), tone: 'overdue' }
    return { text: en ? `${n} d overdue` : `超期${n}天`, tone: 'overdue' }
  }
  if (left === 0) {
    const at = c.due_at ? ' ' + clockOf(c.due_at) : ''
    return { text: (en ? 'Due today' : '今天到期') + at, tone: 'today' }
  }
  return { text: en ? `${left} d left` : `剩${left}天`, tone: 'plain' }
}

/** Lines not yet said in the title, and a number nobody has said. */
function beside(title: string, lines: string[], number: string): string {
  const more = lines.filter((l) => l && !title.includes(l))
  if (number && ![title, ...more].some((l) => l.includes(number))) more.push(say([`请把编号 ${number} 告诉管理员。`, `Please give number ${number} to the administrator.`]))
  return more.join(' ')
}

/** The same where there is room for a list: the faults of several fields, each once, below what leads them in. */
export function troubles(e: unknown): { title: string; detail: string; list: string[] } {
  const texts = e instanceof Problem ? e.fields.map((f) => f.text) : []
  const list = [...new Set(texts)]
  if (!(e instanceof Problem) || list.length < 2) return { ...trouble(e), list: [] }
  const tail = [texts.join('；'), texts.join('; ')].find((t) => e.title.endsWith(t)) ?? ''
  const title = e.title.slice(0, e.title.length - tail.length).replace(/[：:]\s*$/, '')
  return { title, detail: beside(title, [e.detail], e.number), list }
}

/** An error as a person should read it; the detail says nothing that the title has said. */
export function trouble(e: unknown): { title: string; detail: string } {
  if (e instanceof Problem) return { title: e.title, detail: beside(e.title, [e.detail, ...e.fields.map((f) => f.text)], e.number) }
  if (e instanceof NotOurs) {
    return {
      title: say(['连到的不是创卫平台', 'This answer did not come from the platform']),
      detail: say(['可能被上网登录页或代理拦住了，请检查网络后重试。', 'A login page or a proxy may be in the way. Check the network and try again.']),
    }
  }
  if (e instanceof Offline) {
    return { title: say(['网络不通', 'No connection']), detail: say(['没有连上服务器，请检查网络后重试。', 'The server could not be reached. Check the network and try again.']) }
  }
  return { title: say(['出了点问题', 'Something went wrong']), detail: e instanceof Error ? e.message : String(e) }
}
