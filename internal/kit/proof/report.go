package proof

import (
	"strings"

	"chuangwei/internal/kit/fault"
)

// Report is what an export was found to be worth. All it says rests on two
// things: SHA-256 holds, and only the county signs with its key.
//
// OK means that every line of the export follows from signed checkpoints.
//
// Otherwise First names the first event that was altered, removed or inserted:
// that is, the first place where the export's events part from those signed.
// Certain tells how well it is known. As long as the intruder left one true
// copy of the hashes on the way from a signed root to the event, First is
// exact. Had he rewritten them all to fit, no method could tell which event he
// touched, since the signed root speaks only for all of them together: then
// Certain is false, First is the earliest it can be, and Until the latest.
// First is 0 when no event is known to be altered: either only other parts of
// the export were (Certain), or no signature speaks about the events at all
// (not Certain).
type Report struct {
	OK          bool
	Size        int64 // events the export claims to hold
	Checkpoints int   // signed checkpoints the events were found to agree with
	First       int64
	Until       int64
	Certain     bool
	LastGood    int64 // every event up to here is proven by a signed checkpoint
	OwnKey      bool  // no other key was given than the export's own, which a forger can exchange
	Said        fault.Text
}

// intact is the verdict on an export without fault.
func (r *Report) intact() {
	r.OK, r.Certain = true, true
	r.say(fault.Say("全部 %d 个事件均由签名的检查点证明：未被改动、删除或插入",
		"All %d events are proven by signed checkpoints: none was altered, removed or inserted", r.LastGood))
}

// altered is the verdict when exactly one number can be named.
func (r *Report) altered(first int64) {
	r.First, r.Until, r.Certain, r.LastGood = first, first, true, first-1
	r.say(fault.Say("第 %d 号事件被改动、删除或插入", "Event %d was altered, removed or inserted", first), r.proven())
}

// missing is the verdict when the export ends before what was signed.
func (r *Report) missing(first, signed int64) {
	r.altered(first)
	r.say(fault.Say("自第 %d 号事件起缺失，而签名的检查点共有 %d 个事件",
		"Events are missing from number %d on, while a signed checkpoint covers %d", first, signed), r.proven())
}

// surplus is the verdict when the export goes on after its newest checkpoint.
func (r *Report) surplus(first int64) {
	r.altered(first)
	r.say(fault.Say("第 %d 号事件是多出来的，不在导出的最新检查点之内",
		"Event %d was added: the export's newest checkpoint does not cover it", first), r.proven())
}

// within is the verdict when only a range can be named.
func (r *Report) within(good, until int64) {
	if until == good+1 {
		r.altered(until)
		return
	}
	r.First, r.Until, r.LastGood = good+1, until, good
	r.say(fault.Say("第 %d 至 %d 号事件中有改动", "Something was altered in events %d to %d", good+1, until),
		fault.Say("相应的哈希也不可用，已无法确切指出是哪一个",
			"the hashes that could tell which event it was are altered too"), r.proven())
}

// forked is the verdict when signed checkpoints contradict each other.
func (r *Report) forked(size int64) {
	r.First, r.Until, r.LastGood = 1, size, 0
	r.say(fault.Say("签名的检查点相互矛盾：同一密钥为前 %d 个事件签过两段不同的历史",
		"Signed checkpoints contradict each other: one key signed two histories of the first %d events", size))
}

// foreign is the verdict when the checkpoint kept separately is not signed by
// the export's own key, or speaks of another log.
func (r *Report) foreign() {
	r.say(fault.Say("另存的检查点不是用导出所带的密钥为这份记录签的，导出可能连同密钥一起被伪造",
		"The checkpoint kept separately was not signed for this log with the key the export carries; the export may be forged together with its key"))
}

// unproven is the verdict when no signature speaks about the events after good.
func (r *Report) unproven(good int64) {
	r.LastGood = good
	r.say(fault.Say("第 %d 号事件之后没有签名有效的检查点，无法证明",
		"No checkpoint with a valid signature covers what follows event %d, so nothing is proven about it", good), r.proven())
}

// damaged is the verdict when every event is proven but something else in the
// export was changed, first in the given line.
func (r *Report) damaged(line int, what fault.Text) {
	r.Certain = true
	r.say(fault.Say("导出第 %d 行被改动过", "Line %d of the export was changed", line), what, r.proven())
}

// proven says how far the events are known to be good.
func (r *Report) proven() fault.Text {
	if r.LastGood == 0 {
		return fault.Text{ZH: "没有任何事件得到证明", EN: "no event is proven"}
	}
	return fault.Say("第 1 至 %d 号事件已证明无误", "events 1 to %d are proven", r.LastGood)
}

// say makes one sentence of its parts, and adds what a key from the export
// itself is worth.
func (r *Report) say(parts ...fault.Text) {
	if r.OwnKey {
		parts = append(parts, fault.Text{
			ZH: "公钥取自导出本身，证明力较弱，请用从别处得到的公钥再核验",
			EN: "the key was taken from the export itself, which proves less: verify again with a key you got another way"})
	}
	var zh, en []string
	for _, p := range parts {
		zh, en = append(zh, p.ZH), append(en, p.EN)
	}
	r.Said = fault.Text{ZH: strings.Join(zh, "；") + "。", EN: strings.Join(en, "; ") + "."}
}
