package pack

import "testing"

func TestWhatIsNotWrittenOfASlotFollowsFromHowItIsJudged(t *testing.T) {
	for _, c := range []struct {
		name string
		in   Requirement
		want Proof
	}{
		{"papers for three years", Requirement{Judged: []string{"papers"}}, Proof{What: "每年的文件、方案、记录或总结", By: ByPaper, Years: 3, Count: 1}},
		{"papers beside the site", Requirement{Judged: []string{"site", "papers"}}, Proof{What: "每年的文件、方案、记录或总结", By: ByPaper, Years: 3, Count: 1}},
		{"figures", Requirement{Judged: []string{"data"}}, Proof{What: "每年的数据报表，盖章", By: ByPaper, Years: 3, Count: 1}},
		{"only looked at", Requirement{Judged: []string{"site", "secret"}}, Proof{What: "现场检查记录和整改前后照片", By: ByWork, Years: 1, Count: 4, Fresh: 90}},
		{"what is written stays", Requirement{Judged: []string{"site"}, Proof: Proof{What: "合同", By: ByPaper, Years: 1, Fresh: 365, Checked: Confirmed}},
			Proof{What: "合同", By: ByPaper, Years: 1, Count: 1, Fresh: 365, Checked: Confirmed}},
	} {
		got, what, sure := c.in.Proved()
		if got != c.want || what.ZH != c.want.What || what.EN == "" || sure != (c.want.Checked == Confirmed) {
			t.Errorf("%s: %+v %+v %v, want %+v", c.name, got, what, sure, c.want)
		}
	}
}

func TestASlotThatNothingCanFillIsAFault(t *testing.T) {
	p, _ := parsed(t, small)
	r := &p.Items[0].Requirements[0]
	for want, proof := range map[string]Proof{
		"items.0.requirements.0.proof.by": {By: "prayer"}, "items.0.requirements.0.proof.years": {Years: 11}, "items.0.requirements.0.proof.count": {Count: 100},
		"items.0.requirements.0.proof.fresh": {Fresh: 9999}, "items.0.requirements.0.proof.checked": {Checked: "surely"},
	} {
		r.Proof = proof
		if !told(Lint(p, smallWords), want) {
			t.Errorf("%+v passes", proof)
		}
	}
	r.Proof, r.Places, r.Kinds = Proof{By: ByWork}, nil, nil
	if !told(Lint(p, smallWords), "items.0.requirements.0.proof.by") {
		t.Error("work without a place or a kind passes")
	}
}

func told(list []Fault, at string) bool {
	for _, f := range list {
		if f.At == at {
			return true
		}
	}
	return false
}
