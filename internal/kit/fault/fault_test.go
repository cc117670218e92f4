package fault

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestFaultIsFoundThroughWrapping(t *testing.T) {
	err := fmt.Errorf("cases: fix: %w", New(Conflict, "case.closed", "案件 %s 已办结", "Case %s is closed", "2026-1"))
	f, ok := As(err)
	if !ok || f.Text.In("zh-CN") != "案件 2026-1 已办结" || f.Text.In("en-GB") != "Case 2026-1 is closed" {
		t.Fatalf("got %+v %v", f, ok)
	}
	if !Is(err, Conflict) || Is(err, Denied) || Code(err) != "case.closed" {
		t.Fatal("kind or code lost")
	}
	if Is(errors.New("plain"), Invalid) || Code(nil) != "" {
		t.Fatal("a plain error is no fault")
	}
}

func TestCheckNamesEveryField(t *testing.T) {
	var c Check
	c.That(true, "a", "甲", "a")
	if c.Err() != nil {
		t.Fatal("no field was wrong")
	}
	c.That(false, "text", "请写一句话", "write a line")
	c.That(false, "photos", "最多 %d 张", "at most %d", 9)
	f, _ := As(c.Err())
	if len(f.Fields) != 2 || f.Fields[1].Text.ZH != "最多 9 张" || !strings.Contains(f.Text.ZH, "请写一句话；最多 9 张") {
		t.Fatalf("got %+v", f)
	}
}
