// The one way screens talk to the server: typed by the contract, strict about who answered.
import type { components, operations } from './contract'

export type Schemas = components['schemas']
export type Me = Schemas['Me']
export type Today = Schemas['Today']
export type Ref = Schemas['Ref']
export type Kind = Schemas['Kind']
export type Unit = Schemas['Unit']
export type Person = Schemas['Person']
export type Area = Schemas['Area']
export type Place = Schemas['Place']
export type Case = Schemas['Case']
export type CaseFull = Schemas['CaseFull']
export type CasePage = Schemas['CasePage']
export type CasePoint = Schemas['CasePoint']
export type State = Schemas['State']
export type Flag = Case['flags'][number]
export type Move = Schemas['Move']
export type MoveName = Schemas['MoveName']
export type Check = Schemas['Check']
export type Duplicate = Schemas['Duplicate']
export type Order = Schemas['Order']
export type Board = Schemas['Board']
export type BoardRow = Schemas['BoardRow']
export type Figure = Schemas['Figure']
export type PhotoRef = Schemas['PhotoRef']
export type CaseQuery = NonNullable<operations['listCases']['parameters']['query']>
export type Intake = Schemas['Intake']
export type Book = Schemas['Book']
export type Hook = Schemas['Hook']
export type Delivery = operations['hookDeliveries']['responses'][200]['content']['application/json']['items'][number]
export type Doors = operations['ownDoors']['responses'][200]['content']['application/json']
export type Seams = Schemas['Seams']
export type Seam = Seams['items'][number]
export type Outlines = { book: Book; seams: Seams }
export type Pack = Schemas['Pack']
export type PackFull = Schemas['PackFull']
export type PackLine = Schemas['PackLine']
export type PackForm = Schemas['PackLineForm']
export type PackChanges = Schemas['PackChanges']
export type PackStep = operations['packHistory']['responses'][200]['content']['application/json']['items'][number]
export type Duty = Schemas['Duty']
export type DutyAsk = Schemas['DutyAsk']
export type Handover = Schemas['Handover']
export type Feeds = operations['listFeeds']['responses'][200]['content']['application/json']
export type Leave = Schemas['Leave']
export type TeamForm = operations['putTeam']['requestBody']['content']['application/json']
export type Coming = Schemas['Coming']
export type DutyKind = Schemas['DutyKind']
export type Team = Schemas['Team']
export type MyDuties = operations['myDuties']['responses'][200]['content']['application/json']
export type DutyFull = operations['getDuty']['responses'][200]['content']['application/json']
export type Partner = operations['dutyPartners']['responses'][200]['content']['application/json']['items'][number]
export type DutyQuery = NonNullable<operations['listDuties']['parameters']['query']>
export type DutyForm = operations['planDuty']['requestBody']['content']['application/json']
export type DutyBook = operations['importDuties']['responses'][200]['content']['application/json']
export type Roster = Schemas['Roster']
export type RosterRules = Schemas['RosterRules']
export type Squad = Schemas['Squad']
export type Share = operations['rosterShare']['responses'][200]['content']['application/json']
export type Member = Schemas['Member']
export type Wish = Schemas['Wish']
export type Checklist = Schemas['Checklist']
export type CheckLine = Checklist['lines'][number]
export type Gauge = Checklist['measures'][number]
export type Inspection = Schemas['Inspection']
export type InspectionFull = Schemas['InspectionFull']
export type InspectionQuery = NonNullable<operations['listInspections']['parameters']['query']>
export type Survey = Schemas['Survey']
export type Coverage = Schemas['Coverage']
export type Plan = Schemas['Plan']
export type PlanBody = operations['addPlan']['requestBody']['content']['application/json']
export type DueList = operations['listDue']['responses'][200]['content']['application/json']
export type Due = DueList['items'][number]
export type Stop = operations['getWalk']['responses'][200]['content']['application/json']['items'][number]
export type Vectors = operations['getVectors']['responses'][200]['content']['application/json']
export type Round = Schemas['Round']
export type RoundBody = Schemas['RoundBody']
export type RoundForm = operations['roundForm']['responses'][200]['content']['application/json']
export type RoundFull = operations['getRound']['responses'][200]['content']['application/json']
export type Spot = Schemas['Spot']
export type Sheet = Schemas['Sheet']
export type SheetLine = Schemas['SheetLine']
export type Breach = Schemas['Breach']
export type Result = Schemas['Result']
export type Loss = Schemas['Loss']
export type Debts = operations['listDebts']['responses'][200]['content']['application/json']
export type Debt = Schemas['Debt']
export type Choice = operations['settleDebts']['requestBody']['content']['application/json']['losses'][number]
export type LossProgress = Schemas['LossProgress']
export type Compared = operations['compareRounds']['responses'][200]['content']['application/json']
export type Indicator = Schemas['Indicator']
export type Estimate = Schemas['Estimate']
export type MarkBody = operations['judgeLines']['requestBody']['content']['application/json']
export type VisitBody = operations['visitSpot']['requestBody']['content']['application/json']
export type Ledger = Schemas['Ledger']
export type Slot = Schemas['Slot']
export type SlotFull = Schemas['SlotFull']
export type Paper = Schemas['Paper']
export type PaperForm = Schemas['FilePaper']
export type PaperQuery = NonNullable<operations['listPapers']['parameters']['query']>
export type Archive = Schemas['Archive']
export type Proposal = operations['proposePaper']['responses'][200]['content']['application/json']
export type Shapes = { type: 'FeatureCollection'; features: unknown[] }

/** An error the server explained. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly number: string
  readonly fields: { name: string; text: string }[]
  readonly photos: string[]
  constructor(p: Schemas['Problem']) {
    super(p.detail || p.title)
    this.name = 'Problem'
    this.status = p.status
    this.code = p.code
    this.title = p.title
    this.detail = p.detail ?? ''
    this.number = p.number ?? ''
    this.fields = p.fields ?? []
    this.photos = p.photos ?? []
  }
}

/** Something answered, but not our server: a hotel login page, a proxy, a wrong address. */
export class NotOurs extends Error {
  readonly status: number
  constructor(status: number) {
    super('not our server')
    this.name = 'NotOurs'
    this.status = status
  }
}

/** Nothing answered at all. */
export class Offline extends Error {
  constructor() {
    super('offline')
    this.name = 'Offline'
  }
}

let language: 'zh' | 'en' = 'zh'
export function speak(lang: 'zh' | 'en'): void {
  language = lang
}

let onSignedOut: (() => void) | null = null
/** What to do when the server says nobody is signed in. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act
}

/** A UUIDv7: time first, so that keys sort by when they were made. */
export function uuidv7(now = Date.now()): string {
  const b = new Uint8Array(16)
  crypto.getRandomValues(b)
  let t = now
  for (let i = 5; i >= 0; i--) {
    b[i] = t % 256
    t = Math.floor(t / 256)
  }
  b[6] = (b[6] & 0x0f) | 0x70
  b[8] = (b[8] & 0x3f) | 0x80
  const h = Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('')
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`
}

export interface Ask {
  method?: 'GET' | 'POST' | 'DELETE' | 'HEAD'
  query?: object
  body?: unknown
  /** A file, sent as it is. */
  file?: Blob
  type?: string
  /** A command's own id; give the same one again when repeating after a failure. */
  key?: string
  signal?: AbortSignal
  /** Do not jump to the sign-in page on 401. */
  quiet?: boolean
}

export function queryText(query: object | undefined): string {
  if (!query) return ''
  const p = new URLSearchParams()
  for (const [k, v] of Object.entries(query)) {
    if (v !== undefined && v !== null && v !== '') p.set(k, String(v))
  }
  const s = p.toString()
  return s ? '?' + s : ''
}

async function send(path: string, ask: Ask): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json, application/geo+json' }
  headers['Accept-Language'] = language === 'en' ? 'en, zh;q=0.5' : 'zh-CN, zh;q=0.9, en;q=0.3'
  if (ask.key) {
    headers['Idempotency-Key'] = ask.key
    headers['Phone-Clock'] = String(Date.now())
  }
  let body: string | Blob | undefined = ask.file
  if (ask.file) headers['Content-Type'] = ask.type ?? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
  if (ask.body !== undefined) {
    headers['Content-Type'] = 'application/json'
    body = JSON.stringify(ask.body)
  }
  try {
    return await fetch(path + queryText(ask.query), {
      method: ask.method ?? 'GET', headers, body, signal: ask.signal, credentials: 'same-origin',
    })
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e
    throw new Offline()
  }
}

/** Ask the server; the answer is the contract's, or a Problem, NotOurs or Offline is thrown. */
export async function call<T>(path: string, ask: Ask = {}): Promise<T> {
  const res = await send(path, ask)
  if (res.headers.get('Chuangwei') !== '1') throw new NotOurs(res.status)
  if (res.status === 204) return undefined as T
  const type = res.headers.get('Content-Type') ?? ''
  if (!res.ok) {
    if (res.status === 401 && !ask.quiet) onSignedOut?.()
    if (type.includes('json')) throw new Problem((await res.json()) as Schemas['Problem'])
    throw new Problem({ type: 'about:blank', title: res.statusText || String(res.status), status: res.status, code: 'http.' + res.status })
  }
  if (type.includes('json')) return (await res.json()) as T
  return (await res.text()) as T
}

type Items<T> = { items: T[] }
const one = (x: string) => encodeURIComponent(x)

/** Every operation of the contract the signed-in screens use, under its own name. */
export const api = {
  signIn: (body: Schemas['SignIn']) => call<Me>('/api/session', { method: 'POST', body, quiet: true }),
  signOut: () => call<void>('/api/session', { method: 'DELETE' }),
  me: (quiet = false) => call<Me>('/api/me', { quiet }),
  sessions: () => call<Items<{ id: string; made_at: number; agent: string; own: boolean }>>('/api/sessions').then((r) => r.items),
  endSessions: (id?: string) => call<void>('/api/sessions/end', { method: 'POST', body: id ? { id } : {} }),
  setPassword: (body: { old: string; new: string }) => call<void>('/api/password', { method: 'POST', body }),
  leaves: () => call<Items<Schemas['Leave']>>('/api/leaves').then((r) => r.items),
  leavesPlanned: (signal?: AbortSignal) => call<Items<Leave>>('/api/leaves', { query: { planned: 'yes' }, signal }).then((r) => r.items),
  goAway: (body: { from_on: string; to_on: string; reason?: string; deputy?: string; person?: string }, key: string) => call<Schemas['Leave']>('/api/leaves', { method: 'POST', body, key }),
  comeBack: (id: string, key: string) => call<void>(`/api/leaves/${one(id)}/cancel`, { method: 'POST', body: {}, key }),
  hasSecond: () => call<{ on: boolean }>('/api/second').then((r) => r.on),
  beginSecond: () => call<{ secret: string; address: string; qr: string }>('/api/second', { method: 'POST', body: {} }),
  confirmSecond: (code: string) => call<void>('/api/second/confirm', { method: 'POST', body: { code } }),
  removeSecond: (password: string) => call<void>('/api/second/remove', { method: 'POST', body: { password } }),
  doorsHere: () => call<{ provider: string }>('/api/session/doors', { quiet: true }),
  beginEntry: () => call<{ options: unknown }>('/api/session/passkey/begin', { method: 'POST', body: {}, quiet: true }).then((r) => r.options),
  enter: (credential: object) => call<Me>('/api/session/passkey', { method: 'POST', body: { credential }, quiet: true }),
  toProvider: (next: string) => call<{ to: string }>('/api/session/provider', { method: 'POST', body: { next }, quiet: true }).then((r) => r.to),
  doors: () => call<Doors>('/api/doors'),
  beginKey: (password: string) => call<{ options: unknown }>('/api/passkeys/begin', { method: 'POST', body: { password } }).then((r) => r.options),
  addKey: (name: string, credential: object) => call<void>('/api/passkeys', { method: 'POST', body: { name, credential } }),
  removeKey: (id: string) => call<void>('/api/passkeys/remove', { method: 'POST', body: { id } }),
  linkProvider: (password: string, next: string) => call<{ to: string }>('/api/identities', { method: 'POST', body: { password, next } }).then((r) => r.to),
  unlink: (issuer: string, subject: string) => call<void>('/api/identities/remove', { method: 'POST', body: { issuer, subject } }),
  feeds: () => call<Feeds>('/api/feeds'),
  makeFeed: (body: { name: string; team?: string; area?: string }, key: string) => call<Schemas['Feed']>('/api/feeds', { method: 'POST', body, key }),
  endFeed: (id: string, key: string) => call<void>(`/api/feeds/${one(id)}/end`, { method: 'POST', body: {}, key }),
  hooks: () => call<Items<Hook>>('/api/hooks').then((r) => r.items),
  addHook: (body: { name: string; url: string; kinds: string[] }, key: string) => call<Hook>('/api/hooks', { method: 'POST', body, key }),
  endHook: (id: string, key: string) => call<void>(`/api/hooks/${one(id)}/end`, { method: 'POST', body: {}, key }),
  replayHook: (id: string, key: string) => call<{ count: number }>(`/api/hooks/${one(id)}/replay`, { method: 'POST', body: {}, key }),
  deliveries: (id: string, state?: 'waiting' | 'sent' | 'dead') => call<Items<Delivery>>(`/api/hooks/${one(id)}/deliveries`, { query: state ? { state } : undefined }).then((r) => r.items),
  today: () => call<Today>('/api/today'),
  kinds: () => call<Items<Kind>>('/api/kinds').then((r) => r.items),
  units: () => call<Items<Unit>>('/api/units').then((r) => r.items),
  persons: (query: { unit?: string; q?: string }) => call<Items<Person>>('/api/persons', { query }).then((r) => r.items),
  areas: () => call<Items<Area>>('/api/areas').then((r) => r.items),
  areaShapes: (grids = false) => call<Shapes>('/api/areas.geojson', { query: grids ? { grids: 'yes' } : undefined }),
  seams: () => call<Seams>('/api/areas/seams'),
  outlines: (file: Blob, apply: boolean) => call<Outlines>('/api/areas.geojson', { method: 'POST', file, type: 'application/geo+json', query: apply ? { apply: 'yes' } : undefined }),
  baseMap: () => call<Shapes>('/api/basemap.geojson'),
  workbook: (file: Blob, apply: boolean) => call<Book>('/api/registers.xlsx', { method: 'POST', file, query: apply ? { apply: 'yes' } : undefined }),
  importCases: (file: Blob, apply: boolean) => call<Intake>('/api/cases/import', { method: 'POST', file, type: 'text/csv', query: apply ? { apply: 'yes' } : undefined }),
  packs: () => call<Items<Pack>>('/api/packs').then((r) => r.items),
  pack: (id: string, signal?: AbortSignal) => call<PackFull>(`/api/packs/${one(id)}`, { signal }),
  packLine: (id: string, sheet: string, line: string) => call<PackForm>(`/api/packs/${one(id)}/line?${new URLSearchParams({ sheet, line })}`),
  correctPack: (id: string, body: { sheet: string; line: string; cells: Record<string, string>; source: string }, key: string) => call<Pack>(`/api/packs/${one(id)}/line`, { method: 'POST', body, key }),
  activatePack: (id: string, active: boolean, key: string) => call<Pack>(`/api/packs/${one(id)}/active`, { method: 'POST', body: { active }, key }),
  packHistory: (id: string) => call<Items<PackStep>>(`/api/packs/${one(id)}/history`).then((r) => r.items),
  packBook: (id: string, file: Blob, apply: boolean) => call<PackChanges>(`/api/packs/${one(id)}/workbook.xlsx`, { method: 'POST', file, query: apply ? { apply: 'yes' } : undefined }),
  duties: (query: DutyQuery, signal?: AbortSignal) => call<Items<Duty>>('/api/duties', { query, signal }).then((r) => r.items),
  myDuties: () => call<MyDuties>('/api/duties/mine'),
  duty: (id: string) => call<DutyFull>(`/api/duties/${one(id)}`),
  planDuty: (body: DutyForm, key: string) => call<Duty>('/api/duties', { method: 'POST', body, key }),
  changeDuty: (id: string, body: DutyForm, key: string) => call<Duty>(`/api/duties/${one(id)}`, { method: 'POST', body, key }),
  cancelDuty: (id: string, note: string, key: string) => call<Duty>(`/api/duties/${one(id)}/cancel`, { method: 'POST', body: { note }, key }),
  confirmDuty: (id: string, absent: string[], key: string) => call<Duty>(`/api/duties/${one(id)}/confirm`, { method: 'POST', body: { absent }, key }),
  partners: (id: string, person = '') => call<Items<Partner>>(`/api/duties/${one(id)}/partners`, { query: { person } }).then((r) => r.items),
  asks: () => call<Items<DutyAsk>>('/api/asks').then((r) => r.items),
  settleAsk: (id: string, body: { grant: boolean; instead?: string }, key: string) => call<DutyAsk>(`/api/asks/${one(id)}/settle`, { method: 'POST', body, key }),
  dutyKinds: () => call<Items<DutyKind>>('/api/duty-kinds').then((r) => r.items),
  setTakes: (id: string, takes: string[], key: string) => call<DutyKind>(`/api/duty-kinds/${one(id)}`, { method: 'POST', body: { takes }, key }),
  teams: () => call<Items<Team>>('/api/teams').then((r) => r.items),
  putTeam: (body: TeamForm, key: string) => call<Team>('/api/teams', { method: 'POST', body, key }),
  dutyBook: (file: Blob, apply: boolean) => call<DutyBook>('/api/duties.xlsx', { method: 'POST', file, query: apply ? { apply: 'yes' } : undefined }),
  rosters: () => call<Items<Roster>>('/api/rosters').then((r) => r.items),
  makeRoster: (body: { name: string; from_on: string; to_on: string }, key: string) => call<Roster>('/api/rosters', { method: 'POST', body, key }),
  roster: (id: string) => call<Roster>(`/api/rosters/${one(id)}`),
  tryRoster: (id: string, body: { version: number; rules: RosterRules; mode: 'new' | 'repair'; from?: string; seconds: number; seed?: number }, key: string) => call<Roster>(`/api/rosters/${one(id)}/try`, { method: 'POST', body, key }),
  renameRoster: (id: string, name: string, key: string) => call<Roster>(`/api/rosters/${one(id)}/rename`, { method: 'POST', body: { name }, key }),
  removeRoster: (id: string, key: string) => call<void>(`/api/rosters/${one(id)}/remove`, { method: 'POST', body: {}, key }),
  keepRoster: (id: string, version: number, key: string) => call<Roster>(`/api/rosters/${one(id)}/keep`, { method: 'POST', body: { version }, key }),
  dropRoster: (id: string, version: number, key: string) => call<Roster>(`/api/rosters/${one(id)}/drop`, { method: 'POST', body: { version }, key }),
  stopRoster: (id: string, key: string) => call<Roster>(`/api/rosters/${one(id)}/stop`, { method: 'POST', body: {}, key }),
  publishRoster: (id: string, body: { from: string; to: string; version: number }, key: string) => call<{ made: number; changed: number; cancelled: number; same: number; version: number }>(`/api/rosters/${one(id)}/publish`, { method: 'POST', body, key }),
  squads: (id: string, query: { from: string; to: string; plan: 'kept' | 'trial' }) => call<Items<Squad>>(`/api/rosters/${one(id)}/squads`, { query }).then((r) => r.items),
  why: (id: string, query: { person: string; squad: string; plan: 'kept' | 'trial' }) => call<{ seated: boolean; said: string[] }>(`/api/rosters/${one(id)}/why`, { query }),
  share: (id: string, plan: 'kept' | 'trial') => call<Share>(`/api/rosters/${one(id)}/share`, { query: { plan } }),
  members: (unit: string) => call<Items<Member>>('/api/roster-people', { query: { unit } }).then((r) => r.items),
  setMember: (id: string, body: { skills: string[]; home?: string }, key: string) => call<void>(`/api/roster-people/${one(id)}`, { method: 'POST', body, key }),
  wishes: () => call<Items<Wish>>('/api/wishes').then((r) => r.items),
  checklists: () => call<Items<Checklist>>('/api/checklists').then((r) => r.items),
  inspections: (query: InspectionQuery, signal?: AbortSignal) => call<{ items: Inspection[]; next: string; total: number }>('/api/inspections', { query, signal }),
  inspection: (id: string, signal?: AbortSignal) => call<InspectionFull>(`/api/inspections/${one(id)}`, { signal }),
  due: () => call<DueList>('/api/inspections/due'),
  coverage: (query: { days?: number; area?: string }, signal?: AbortSignal) => call<Coverage>('/api/inspections/coverage', { query, signal }),
  plans: () => call<Items<Plan>>('/api/inspection-plans').then((r) => r.items),
  addPlan: (body: PlanBody, key: string) => call<Plan>('/api/inspection-plans', { method: 'POST', body, key }),
  endPlan: (id: string, key: string) => call<Plan>(`/api/inspection-plans/${one(id)}/end`, { method: 'POST', body: {}, key }),
  vectors: (query: { days?: number; area?: string }, signal?: AbortSignal) => call<Vectors>('/api/vectors', { query, signal }),
  walk: (query: { area?: string; lat?: number; lon?: number; n?: number }) => call<Items<Stop>>('/api/walk', { query }).then((r) => r.items),
  rounds: (signal?: AbortSignal) => call<Items<Round>>('/api/rounds', { signal }).then((r) => r.items),
  roundForm: (pack?: string) => call<RoundForm>('/api/rounds/form', { query: { pack } }),
  makeRound: (body: RoundBody, key: string) => call<Round>('/api/rounds', { method: 'POST', body, key }),
  changeRound: (id: string, body: RoundBody, key: string) => call<Round>(`/api/rounds/${one(id)}`, { method: 'POST', body, key }),
  round: (id: string, signal?: AbortSignal) => call<RoundFull>(`/api/rounds/${one(id)}`, { signal }),
  beginRound: (id: string, draw: boolean, key: string) => call<Round>(`/api/rounds/${one(id)}/begin`, { method: 'POST', body: { draw }, key }),
  setSpots: (id: string, body: { add?: string[]; drop?: string[] }, key: string) => call<Round>(`/api/rounds/${one(id)}/places`, { method: 'POST', body, key }),
  sheet: (id: string, expert: string, signal?: AbortSignal) => call<Sheet>(`/api/rounds/${one(id)}/sheets/${one(expert)}`, { signal }),
  mySheets: () => call<Items<Sheet>>('/api/sheets/mine').then((r) => r.items),
  judge: (id: string, body: MarkBody, key: string) => call<Round>(`/api/rounds/${one(id)}/marks`, { method: 'POST', body, key }),
  visit: (id: string, body: VisitBody, key: string) => call<Round>(`/api/rounds/${one(id)}/visits`, { method: 'POST', body, key }),
  withdraw: (id: string, finding: string, why: string, key: string) => call<Round>(`/api/rounds/${one(id)}/findings/${one(finding)}/withdraw`, { method: 'POST', body: { why }, key }),
  finishRound: (id: string, leaveOpen: boolean, key: string) => call<Round>(`/api/rounds/${one(id)}/finish`, { method: 'POST', body: { leave_open: leaveOpen }, key }),
  result: (id: string, signal?: AbortSignal) => call<Result>(`/api/rounds/${one(id)}/result`, { signal }),
  recount: (id: string) => call<{ sum: string; kept: boolean; same: boolean; score: string; was: string }>(`/api/rounds/${one(id)}/recount`),
  debts: (id: string, signal?: AbortSignal) => call<Debts>(`/api/rounds/${one(id)}/losses`, { signal }),
  settle: (id: string, losses: Choice[], key: string) => call<LossProgress>(`/api/rounds/${one(id)}/losses`, { method: 'POST', body: { losses }, key }),
  compare: (id: string, earlier: string, signal?: AbortSignal) => call<Compared>(`/api/rounds/${one(id)}/compare`, { query: { with: earlier }, signal }),
  estimate: (pack: string, signal?: AbortSignal) => call<Estimate>('/api/estimate', { query: { pack }, signal }),
  indicators: (pack: string, signal?: AbortSignal) => call<Items<Indicator>>('/api/indicators', { query: { pack }, signal }).then((r) => r.items),
  recordFigure: (body: { pack: string; indicator: string; value: string; on: string; source: string }, key: string) => call<Schemas['Measured']>('/api/indicators', { method: 'POST', body, key }),
  ledger: (query: { pack?: string; unit?: string }, signal?: AbortSignal) => call<Ledger>('/api/evidence', { query, signal }),
  slot: (id: string, signal?: AbortSignal) => call<SlotFull>(`/api/evidence/slots/${one(id)}`, { signal }),
  askSlot: (id: string, year: number, key: string) => call<Case>(`/api/evidence/slots/${one(id)}/ask`, { method: 'POST', body: { year }, key }),
  proposal: (sum: string) => call<Proposal>('/api/evidence/proposal', { query: { sum } }),
  papers: (query: PaperQuery, signal?: AbortSignal) => call<{ items: Paper[]; next: string; total: number }>('/api/papers', { query, signal }),
  filePaper: (body: PaperForm, key: string) => call<Paper>('/api/papers', { method: 'POST', body, key }),
  paper: (id: string) => call<Paper>(`/api/papers/${one(id)}`),
  hangPaper: (id: string, slots: string[], key: string) => call<Paper>(`/api/papers/${one(id)}/slots`, { method: 'POST', body: { slots }, key }),
  checkPaper: (id: string, ok: boolean, note: string, key: string) => call<Paper>(`/api/papers/${one(id)}/check`, { method: 'POST', body: { ok, note }, key }),
  withdrawPaper: (id: string, note: string, key: string) => call<Paper>(`/api/papers/${one(id)}/withdraw`, { method: 'POST', body: { note }, key }),
  archives: () => call<{ printable: boolean; items: Archive[] }>('/api/archives'),
  makeArchive: (body: { pack: string; from_year: number; to_year: number }, key: string) => call<Archive>('/api/archives', { method: 'POST', body, key }),
  places: () => call<Items<Place>>('/api/places').then((r) => r.items),
  cases: (query: CaseQuery, signal?: AbortSignal) => call<CasePage>('/api/cases', { query, signal }),
  points: (query: CaseQuery, signal?: AbortSignal) => call<Items<CasePoint>>('/api/cases/points', { query, signal }).then((r) => r.items),
  case: (id: string, signal?: AbortSignal) => call<CaseFull>(`/api/cases/${one(id)}`, { signal }),
  move: (id: string, body: Move, key: string) => call<Case>(`/api/cases/${one(id)}/moves`, { method: 'POST', body, key }),
  checks: (id: string) => call<Items<Check>>(`/api/cases/${one(id)}/checks`).then((r) => r.items),
  duplicates: (id: string) => call<Items<Duplicate>>(`/api/cases/${one(id)}/duplicates`).then((r) => r.items),
  orders: (id: string) => call<Items<Order>>(`/api/cases/${one(id)}/orders`).then((r) => r.items),
  board: (query: { area?: string; unit?: string }, signal?: AbortSignal) => call<Board>('/api/board', { query, signal }),
  suggest: (body: { text: string; page?: string; made_at?: number }, key: string) => call<void>('/api/suggestions', { method: 'POST', body, key }),
}

export const photoURL = (sum: string, size: 'thumb' | 'view' | 'original' = 'view') => `/api/photos/${one(sum)}?size=${size}`
export const qrURL = (code: string) => `/api/places/${one(code)}/qr.svg`
