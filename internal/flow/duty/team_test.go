package duty_test

import (
	"strings"
	"testing"

	"chuangwei/internal/flow/duty"
	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
)

func TestATeamsCodeIsRefusedForWhatIsWrongWithIt(t *testing.T) {
	c := newCounty(t)
	for code, want := range map[string]string{"": "编号必填", strings.Repeat("长", 41): "编号最多40字，请缩短", strings.Repeat("长", 40): ""} {
		err := c.try("planner", func(tx *db.Tx, w org.Actor) error {
			_, err := duty.PutTeam(tx, w, duty.Team{ID: "t1", Code: code, Name: "市场工作队", Kind: "market", LeaderID: "ann"})
			return err
		})
		f, _ := fault.As(err)
		if (f == nil) != (want == "") || f != nil && (len(f.Fields) != 1 || f.Fields[0].Text.ZH != want) {
			t.Errorf("the code %q: %v, want %q", code, err, want)
		}
	}
}
