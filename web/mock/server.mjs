// Development only: answers the contract from a dump of the demo town, in memory.
import http from 'node:http'
import fs from 'node:fs'
import { randomUUID } from 'node:crypto'
const DIR = process.env.DIR ?? '/tmp/cwmock', PORT = +(process.env.PORT ?? 8086)
const T = JSON.parse(fs.readFileSync(DIR + '/town.json', 'utf8'))
const base = fs.readFileSync(DIR + '/basemap.geojson')
const kindsText = fs.readFileSync(new URL('../../standards/kinds.yaml', import.meta.url), 'utf8')
const groups = Object.fromEntries([...kindsText.matchAll(/- \{code: (\w+), zh: ([^,]+), en/g)].map((m) => [m[1], m[2]]))
const UW = { urgent_hour: '紧急工作时', office_hour: '工作时', working_day: '工作日', calendar_day: '天' }
const kinds = kindsText.split('\n  - code: ').slice(1).map((b) => {
  const g = (re) => b.match(re)?.[1]?.trim() ?? ''
  const lim = b.match(/limit: \{n: (\d+), unit: (\w+)/)
  return { id: b.split('\n')[0].trim(), name: g(/\n    zh: (.+)/), name_en: g(/\n    en: (.+)/), group: groups[g(/group: (\w+)/)] ?? '', limit: lim ? lim[1] + UW[lim[2]] : '', after_photo: true, lead: g(/lead: (\w+)/), days: lim ? (lim[2].includes('hour') ? (+lim[1] > 8 ? 2 : 1) : +lim[1]) : 2 }
})
const kindBy = Object.fromEntries(kinds.map((k) => [k.id, k]))
const units = T.units.map((u) => ({ id: u.Code, name: u.Name, short: u.Short, sort: u.Sort === 'community' ? 'team' : 'unit', role: u.Role }))
const unitBy = Object.fromEntries(units.map((u) => [u.id, u]))
const persons = T.people.map((p, i) => ({ id: p.Code, name: p.Name, title: p.Title, unit: { id: p.Unit, name: unitBy[p.Unit].short }, phone: p.Phone, away: i % 17 === 5, deputy: i % 17 === 5 ? T.people[(i + 1) % T.people.length].Name : '' }))
const personBy = Object.fromEntries(persons.map((p) => [p.id, p]))
const areas = T.areas.map((a) => ({ id: a.Code, code: a.Code, name: a.Name, chief: personBy[a.Chief], lead_unit: { id: a.LeadUnit, name: unitBy[a.LeadUnit].short }, lat: a.Centre[1], lon: a.Centre[0] }))
const areaBy = Object.fromEntries(areas.map((a) => [a.id, a]))
const places = T.places.map((p) => ({ id: p.Code, code: p.Code, name: p.Name, kind: p.Kind, area: p.AreaCode, address: p.Address, lat: p.Lat, lon: p.Lon }))
const placeBy = Object.fromEntries(places.map((p) => [p.id, p]))
const DAY = 864e5, now0 = Date.now()
const dstr = (ms) => new Date(ms + 8 * 36e5).toISOString().slice(0, 10)
const today = T.day0
const ch = { inspector: 'inspector', resident: 'resident', chief: 'chief', grid: 'inspector', 'market-team': 'inspector' }
const shift = now0 - (Date.parse(today + 'T10:00:00+08:00'))
const cases = []
for (const h of T.history) {
  const k = kindBy[h.Kind] ?? kinds[0], pl = placeBy[h.PlaceCode], c0 = h.Course, i = h.No
  const at = Date.parse(h.Day + 'T00:00:00+08:00') + h.Minute * 6e4 + shift
  const H = (x) => at + x * 36e5, past = (x) => x > 0 && H(x) < now0
  const u = units.find((x) => x.role === k.lead) ?? unitBy[areaBy[h.AreaCode].lead_unit.id]
  const ps = persons.filter((p) => p.unit.id === u.id); const ow = ps[i % ps.length] ?? persons[0]
  let state = 'assigned', steps = []
  const step = (t, kind, who, said, note, photos) => steps.push({ seq: steps.length + 1, at: t, kind, who, said, note, photos })
  const finder = personBy[h.Reporter]?.name ?? '群众'
  step(at, 'reported', finder, `${finder}上报：${k.name}`, '', h.BeforeSums)
  if (now0 - at > 6e5 && i % 13 !== 0 || now0 - at > 2 * DAY) step(at + 4e5, 'assigned', '系统', `派给${u.short}${ow.name}，${k.limit}内整改`)
  else state = 'reported'
  if (state === 'assigned' && past(c0.Accept)) { state = 'accepted'; step(H(c0.Accept), 'accepted', ow.name, `${ow.name}已接收`) }
  if (c0.Outcome === 'blocked' && past(c0.Step)) { state = 'blocked'; step(H(c0.Step), 'blocked', ow.name, `${ow.name}报受阻：经费不足`, c0.Reason) }
  let after = []
  if (past(c0.Fix)) { state = 'fixed'; after = h.AfterSums ?? []; step(H(c0.Fix), 'fixed', ow.name, `${ow.name}报整改完成`, '已清理完毕，安排专人值守。', after) }
  let reworks = 0
  if (c0.Outcome === 'reworked' && past(c0.Fix)) { reworks = 1; step(H(c0.Fix) + 36e5, 'rework', '赵巡查', '核查未通过，退回重做', '墙角仍有残留，请再清理。') ; if (i % 2) state = 'accepted' }
  if (past(c0.Verify) && state === 'fixed' && i % 9) { state = 'closed'; step(H(c0.Verify), 'closed', '赵巡查', '核查通过，案件办结') }
  if (state === 'accepted' && !past(c0.Fix) && c0.Fix && false) state = 'accepted'
  if (c0.Outcome === 'rejected') { state = 'rejected'; step(at + 36e5, 'rejected', '派遣员', '不受理', c0.Reason) }
  if (state === 'closed' && now0 - H(c0.Verify) > 5 * DAY && i % 5 === 0) { /* recheck flagged below */ }
  const due_on = dstr(at + (k.days ?? 2) * DAY)
  const relapsed = c0.Relapse ? 1 : 0
  const ask = state === 'accepted' && i % 8 === 0 ? (i % 16 ? 'extension' : 'return') : ''
  cases.push({ hint: c0.Original, reasons0: c0.Reason, before: h.BeforeSums ?? [], after, steps,
    c: { id: `0190a000-0000-7000-8000-${String(i).padStart(12, '0')}`, no: '2026-' + String(i).padStart(5, '0'), state, text: h.Text, kind: k.id, kind_name: k.name, place: pl ? { id: pl.id, name: pl.name } : undefined, place_code: pl?.code, address: h.Address, lat: h.Lat, lon: h.Lon, area: { id: h.AreaCode, name: areaBy[h.AreaCode].name }, unit: state === 'reported' ? undefined : { id: u.id, name: u.short }, owner: state === 'reported' ? undefined : { id: ow.id, name: ow.name }, finder, channel: ch[h.Channel], due_on: state === 'reported' ? '' : due_on, due_at: state === 'reported' ? undefined : Date.parse(due_on + 'T18:00:00+08:00'), reported_at: at, updated_at: steps.at(-1).at, fixed_at: undefined, closed_at: state === 'closed' ? H(c0.Verify) : undefined, flags: [], ladder: 0, reworks, relapses: relapsed, refusals: 0, ask, block_reason: state === 'blocked' ? 'money' : '', thumb: h.BeforeSums?.[0], version: steps.length } })
}
const OPEN = ['reported', 'assigned', 'accepted', 'returned', 'blocked', 'fixed']
function flagit(x) {
  const c = x.c, f = []
  const left = c.due_on ? (Date.parse(c.due_on) - Date.parse(today)) / DAY : 99
  if (OPEN.includes(c.state)) f.push('open')
  if (['assigned', 'accepted', 'returned', 'fixed'].includes(c.state)) {
    if (left === 0) f.push('due_today')
    if (left < 0) f.push('overdue')
    c.ladder = left < -5 ? 4 : left < -2 ? 3 : left < 0 ? 2 : left === 0 ? 1 : 0
  }
  if (c.state === 'blocked') f.push('blocked')
  if (c.ask) f.push('asked')
  if (c.reworks) f.push('reworked')
  if (c.relapses) f.push('relapsed')
  if (c.state === 'reported' || c.state === 'returned') f.push('triage')
  if (c.state === 'fixed') f.push('to_verify')
  if (c.state === 'closed' && +c.no.slice(5) % 7 === 0) f.push('recheck')
  if (x.hint && c.state !== 'closed') f.push('merged_hint')
  c.flags = f
}
cases.forEach(flagit)
function filter(q) {
  const has = (k) => q.get(k)
  return cases.filter(({ c }) => (!has('state') || q.get('state').split(',').includes(c.state)) && (!has('flag') || q.get('flag').split(',').every((f) => c.flags.includes(f))) &&
    ['area', 'unit', 'owner'].every((k) => !has(k) || c[k]?.id === q.get(k)) && (!has('kind') || c.kind === q.get('kind')) && (!has('place') || c.place_code === q.get('place')) &&
    (!has('q') || (c.text + c.address + c.no + c.kind_name).includes(q.get('q'))))
}
function board(q) {
  const set = filter(q), sc = q.get('area') ? '&area=' + q.get('area') : q.get('unit') ? '&unit=' + q.get('unit') : ''
  const n = (f, l = set) => l.filter((x) => x.c.flags.includes(f)).length
  const row = (id, name, l, key) => ({ id, name, open: n('open', l), due_today: n('due_today', l), overdue: n('overdue', l), blocked: n('blocked', l), to_verify: n('to_verify', l), reworked: n('reworked', l), relapsed: n('relapsed', l), query: `flag=open&${key}=${id}` })
  const gr = (key, list) => list.map((a) => row(a.id, a.short ?? a.name, set.filter((x) => x.c[key]?.id === a.id), key)).filter((r) => r.open + r.relapsed + r.reworked).sort((a, b) => b.overdue - a.overdue || b.open - a.open)
  const od = {}
  for (const x of set) if (x.c.flags.includes('open') && x.c.owner) { const o = (od[x.c.owner.id] ??= { owner: x.c.owner.name, unit: x.c.unit.name, open: 0, overdue: 0, oldest_due_on: '9', query: 'flag=overdue&owner=' + x.c.owner.id }); o.open++; if (x.c.flags.includes('overdue')) { o.overdue++; if (x.c.due_on < o.oldest_due_on) o.oldest_due_on = x.c.due_on } }
  const days = []
  for (let i = 20; i >= 0; i--) { const on = dstr(now0 - i * DAY); days.push({ on, reported: set.filter((x) => dstr(x.c.reported_at) === on).length || (i > 8 ? 30 + (i * 17) % 23 : 0), closed: set.filter((x) => x.c.closed_at && dstr(x.c.closed_at) === on).length || (i > 8 ? 28 + (i * 13) % 21 : 0), market_day: i % 5 === 2 }) }
  const F = [['open', '在办'], ['due_today', '今天到期'], ['overdue', '超期'], ['blocked', '受阻'], ['to_verify', '待核查'], ['reworked', '返工'], ['relapsed', '反弹'], ['triage', '待派遣']]
  return { scope: q.get('area') ? areaBy[q.get('area')].name : q.get('unit') ? unitBy[q.get('unit')].name : 'county', at: Date.now(), figures: F.map(([key, name]) => ({ key, name, value: n(key), query: 'flag=' + key + sc })), areas: gr('area', areas), units: gr('unit', units), owed: Object.values(od).filter((o) => o.overdue).sort((a, b) => b.overdue - a.overdue), days, recheck: { done: 42, passed: 39 } }
}
function movesFor(c) {
  const m = ['note']
  if (['reported', 'returned'].includes(c.state)) m.unshift('assign', 'reject', 'merge')
  if (['assigned', 'accepted'].includes(c.state)) m.unshift('assign', 'merge')
  if (c.state === 'assigned') m.unshift('accept', 'return')
  if (c.state === 'accepted') m.unshift('fix', 'block', 'ask_extension')
  if (c.ask) m.unshift('agree', 'refuse')
  if (c.state === 'fixed') m.unshift('verify', 'rework')
  if (c.state === 'blocked') m.unshift('resume')
  if (c.flags.includes('recheck')) m.unshift('recheck_ok', 'recheck_bad')
  return m
}
function full(x) {
  const c = x.c, k = kindBy[c.kind], a = areaBy[c.area.id]
  return { case: c, reasons: [{ about: 'area', said: `坐标落在${c.area.name}内` }, { about: 'kind', said: `上报人选择“${c.kind_name}”` }, ...(c.unit ? [{ about: 'unit', said: `按职责分工，${c.kind_name}归${c.unit.name}牵头；${a.name}属块上由${a.lead_unit.name}包保，此类问题以条为主` }, { about: 'owner', said: `${c.unit.name}在${a.name}的责任人是${c.owner.name}` }, { about: 'due', said: `${c.kind_name}时限为${k.limit}，从派遣起算，遇周末顺延` }] : [])], due_why: `时限${k.limit}，从派遣起算`, chief: a.chief, lead_unit: a.lead_unit, helpers: [{ id: 'U13', name: unitBy.U13.short }], owner: c.owner ? personBy[c.owner.id] : undefined, clauses: [{ id: 'county-2021:10', title: '城市主次干道和街巷路面平整，无垃圾渣土暴露，无乱搭乱建、乱堆乱摆、乱停乱放、乱贴乱画、乱扔乱倒现象', pack: '国家卫生县标准（2021版）', checked: 'second-hand' }], photos: [...x.before.map((s) => ({ sum: s, role: 'before', at: c.reported_at, taken_at: c.reported_at - 6e4, by: c.finder })), ...x.after.map((s) => ({ sum: s, role: 'after', at: c.updated_at, taken_at: c.updated_at - 6e4, by: c.owner?.name }))], steps: x.steps, ask: c.ask ? { kind: c.ask, reason: '', note: c.ask === 'return' ? '该路段已移交公路分局管护，不属我单位职责。' : '需更换破损井盖，厂家三日后到货，申请延期三天。', by: c.owner.name, at: c.updated_at, until_on: c.ask === 'extension' ? dstr(now0 + 3 * DAY) : '' } : undefined, moves: movesFor(c), why_not_verify: c.state === 'fixed' && +c.no.slice(5) % 11 === 0 ? '您是本案整改班组成员，按规定不能核查自己的整改。' : '' }
}
const streams = new Set()
const shapes = JSON.stringify({ type: 'FeatureCollection', features: T.areas.map((a) => ({ type: 'Feature', id: a.Code, properties: { id: a.Code, code: a.Code, name: a.Name }, geometry: { type: 'Polygon', coordinates: [a.Ring] } })) })
let signed = process.env.SIGNED !== '0'
http.createServer(async (req, res) => {
  const u = new URL(req.url, 'http://x'), p = u.pathname, q = u.searchParams
  res.setHeader('Chuangwei', '1')
  const send = (o, s = 200, t = 'application/json') => { res.writeHead(s, { 'Content-Type': t }); res.end(typeof o === 'string' || Buffer.isBuffer(o) ? o : JSON.stringify(o)) }
  const bad = (status, code, title, detail) => send({ type: 'about:blank', status, code, title, detail }, status, 'application/problem+json')
  let body = ''; for await (const b of req) body += b
  if (process.env.SLOW) await new Promise((r) => setTimeout(r, +process.env.SLOW))
  if (p === '/api/session') { if (req.method === 'DELETE') { signed = false; res.writeHead(204); return res.end() } signed = true; return send(me()) }
  if (p === '/api/today') return send({ on: today, working: true, why: '工作日', market_day: true, next_market_on: dstr(now0 + 5 * DAY), county: '青溪县', now: Date.now() })
  if (!signed) return bad(401, 'session.none', '请先登录', '登录已过期，请重新登录。')
  if (p === '/api/me') return send(me())
  if (p === '/api/kinds') return send({ items: kinds })
  if (p === '/api/units') return send({ items: units })
  if (p === '/api/areas') return send({ items: areas })
  if (p === '/api/places') return send({ items: places })
  if (p === '/api/areas.geojson') return send(shapes, 200, 'application/geo+json')
  if (p === '/api/basemap.geojson') return send(base, 200, 'application/geo+json')
  if (p === '/api/persons') return send({ items: persons.filter((x) => (!q.get('unit') || x.unit.id === q.get('unit')) && (!q.get('q') || x.name.includes(q.get('q')))).slice(0, 50) })
  if (p === '/api/board') return send(board(q))
  if (p === '/api/live') { res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' }); res.write(': hi\n\n'); streams.add(res); req.on('close', () => streams.delete(res)); return }
  if (p === '/api/suggestions') { res.writeHead(204); return res.end() }
  if (p === '/api/cases/points') return send({ items: filter(q).map(({ c }) => ({ id: c.id, lat: c.lat, lon: c.lon, no: c.no, state: c.state, kind_name: c.kind_name, flags: c.flags })) })
  if (p === '/api/cases') { const l = filter(q).map((x) => x.c).sort((a, b) => q.get('order') === 'due' ? (a.due_at ?? 9e15) - (b.due_at ?? 9e15) : b.reported_at - a.reported_at); const o = +(q.get('after') ?? 0), n = +(q.get('limit') ?? 50); return send({ items: l.slice(o, o + n), next: o + n < l.length ? String(o + n) : '', total: l.length }) }
  let m
  if ((m = p.match(/^\/api\/cases\/([^/]+)(\/\w+)?$/))) {
    const x = cases.find((y) => y.c.id === m[1]); if (!x) return bad(404, 'case.none', '没有这个案件', '案件不存在，或者您无权查看。')
    if (!m[2]) return send(full(x))
    if (m[2] === '/duplicates') return send({ items: x.c.flags.includes('merged_hint') || x.c.state === 'reported' ? cases.filter((y) => y !== x && y.c.kind === x.c.kind && y.c.area.id === x.c.area.id).slice(0, 3).map((y, i) => ({ case: y.c, metres: 12 + i * 21, why: `相距${12 + i * 21}米，同类问题，照片相似` })) : [] })
    if (m[2] === '/orders') return send({ items: Array.from({ length: x.c.ladder }, (_, i) => ({ level: i + 1, no: `青创督〔2026〕${100 + i}号`, at: now0 - (4 - i) * DAY, title: ['', '整改提醒单', '整改催办单', '督办通知单', '挂牌督办通知书'][i + 1], to: `${x.c.unit.name}（${x.c.owner.name}）`, body: `你单位承办的案件 ${x.c.no}“${x.c.text}”，整改时限为${x.c.due_on}，截至目前尚未完成整改。\n请于接到本单后一个工作日内完成整改，并将整改前后照片上传平台；确有困难的，须书面说明原因。\n逾期仍未整改的，将按照《督办阶梯》提级处理。`, acknowledged_at: i === 0 ? now0 - 3 * DAY : undefined })) })
    if (m[2] === '/checks') return send({ items: x.after.length ? [{ about: 'time', level: 'good', said: '整改照片拍摄于报完成前 4 分钟，时间相符' }, { about: 'place', level: 'good', said: '两张照片相距 6 米，位置相符' }, { about: 'change', level: +x.c.no.slice(5) % 3 ? 'good' : 'warn', said: +x.c.no.slice(5) % 3 ? '前后画面有明显变化' : '前后画面几乎没有变化，请仔细核对' }, { about: 'reused', level: +x.c.no.slice(5) % 4 ? 'good' : 'warn', said: +x.c.no.slice(5) % 4 ? '没有发现重复使用的照片' : '整改照片与另一案件使用的照片相同', other_case: +x.c.no.slice(5) % 4 ? undefined : { id: cases[0].c.id, name: cases[0].c.no } }] : [{ about: 'missing', level: 'warn', said: '没有整改后照片' }] })
    if (m[2] === '/moves') {
      const mv = JSON.parse(body), c = x.c
      if (!req.headers['idempotency-key']) return bad(400, 'key.missing', '缺少幂等键', '')
      if ((mv.move === 'reject' || mv.move === 'rework') && !mv.note) return send({ type: 'about:blank', status: 422, code: 'move.note', title: '请写明原因', detail: '', fields: [{ name: 'note', text: '不受理要写原因' }] }, 422, 'application/problem+json')
      const to = { assign: 'assigned', reject: 'rejected', merge: 'merged', accept: 'accepted', return: 'returned', block: 'blocked', fix: 'fixed', verify: 'closed', rework: 'accepted', resume: 'accepted' }[mv.move]
      if (to) c.state = to
      if (mv.move === 'assign') { c.unit = { id: mv.to_unit, name: unitBy[mv.to_unit].short }; if (mv.kind) { c.kind = mv.kind; c.kind_name = kindBy[mv.kind].name } c.owner = mv.to_person ? { id: mv.to_person, name: personBy[mv.to_person].name } : { id: 'P0010', name: personBy.P0010.name }; c.due_on = dstr(Date.now() + 2 * DAY); c.due_at = Date.parse(c.due_on + 'T18:00:00+08:00') }
      if (mv.move === 'rework') c.reworks++
      if (mv.move === 'agree' || mv.move === 'refuse') c.ask = ''
      x.steps.push({ seq: x.steps.length + 1, at: Date.now(), kind: mv.move, who: '马小兰', said: mv.move, note: mv.note }); c.version++; c.updated_at = Date.now(); x.hint = 0; flagit(x); if (mv.move.startsWith('recheck')) c.flags = c.flags.filter((f) => f !== 'recheck')
      send(c); for (const s of streams) s.write(`event: change\ndata: ${JSON.stringify({ seq: Date.now(), kind: 'case.moved', subject: c.id })}\n\n`); return
    }
  }
  if ((m = p.match(/^\/api\/photos\/([0-9a-f]{64})$/))) { const f = DIR + '/photos/' + m[1]; if (!fs.existsSync(f)) return bad(404, 'photo.none', '没有照片', ''); res.setHeader('Cache-Control', 'max-age=31536000'); return send(fs.readFileSync(f), 200, 'image/jpeg') }
  if ((m = p.match(/^\/api\/places\/(\w+)\/qr.svg$/))) { let s = ''; let h = 7; for (const x of m[1]) h = h * 31 + x.charCodeAt(0) | 0; const on = (x, y) => { h = h * 1103515245 + 12345 | 0; return h >> 16 & 1 }; for (let y = 0; y < 25; y++) for (let x = 0; x < 25; x++) { const c = (ax, ay) => x >= ax && x < ax + 7 && y >= ay && y < ay + 7; let b = on(x, y); for (const [ax, ay] of [[0, 0], [18, 0], [0, 18]]) if (c(ax, ay)) { const dx = Math.abs(x - ax - 3), dy = Math.abs(y - ay - 3), d = Math.max(dx, dy); b = d !== 2 } if (b) s += `M${x} ${y}h1v1h-1z` } return send(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 29 29"><path fill="#fff" d="M-2-2h29v29h-29z"/><path d="${s}"/></svg>`, 200, 'image/svg+xml') }
  bad(404, 'none', '没有这个地址', p)
}).listen(PORT, '127.0.0.1', () => console.log('mock on', PORT, cases.length))
function me() { return { id: 'P0100', name: '马小兰', unit: { id: 'U02', name: '创卫中心' }, title: '调度科科长', lang: 'zh', home: 'desk', can: ['assign', 'verify', 'board', 'recheck'], posts: [{ role: 'dispatcher', name: '派遣员', unit: { id: 'U02', name: '创卫中心' } }, { role: 'verifier', name: '核查人' }] } }
