package standard

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/register/org"
	"chuangwei/internal/register/standard/pack"
	"chuangwei/standards"
)

// Held is a pack as the county has it: its last whole text with the county's
// corrections.
type Held struct {
	*pack.Pack
	Active bool
	N      int          // which whole text, from 1
	Edits  int          // corrections made in it
	Unfit  []fault.Text // corrections that no longer fit and are left out
}

// Correction writes into cells of one line of a pack, in the words of the
// workbook; Source says where the county has it from.
type Correction struct {
	ID, Pack string
	pack.Edit
	Source string
}

// Step is one entry of a pack's history, newest first: a correction, or with
// Sheet "" a whole text taken in.
type Step struct {
	N           int
	Sheet, Line string
	Cells, Was  map[string]string
	Who, Source string
	At          int64
}

// shippedActive are the packs a county begins with: the standard in force, the
// form of unannounced visits, and vector control.
var shippedActive = []string{"county-2021", "secret-visit-1000", "vector-c"}

// packStamp is touched by every change of a pack.
const packStamp = "packs"

// shipped is the source of a text that came with the product.
const shipped = "随产品提供"

// Ship puts packs of dir that the county does not have yet into its registers.
// What it has stays as it is.
func Ship(tx *db.Tx, dir fs.FS) error {
	names, err := fs.Glob(dir, "*/pack.yaml")
	if err != nil {
		return fmt.Errorf("standard: %w", err)
	}
	for i, name := range names {
		if err := shipOne(tx, dir, name, i); err != nil {
			return fmt.Errorf("standard: %s: %w", name, err)
		}
	}
	return nil
}

func shipOne(tx *db.Tx, dir fs.FS, name string, sort int) error {
	id := path.Base(path.Dir(name))
	if there, err := hasPack(tx, id); err != nil || there {
		return err
	}
	body, err := fs.ReadFile(dir, name)
	if err != nil {
		return err
	}
	p, _, err := pack.Parse(name, body)
	if err != nil {
		return err
	}
	if err := insertPack(tx, p.ID, sort, slices.Contains(shippedActive, p.ID)); err != nil {
		return err
	}
	return putText(tx, org.System, p, 1, string(body), shipped)
}

// putText keeps a whole text and brings the clauses of cases up to it.
func putText(tx *db.Tx, who org.Actor, p *pack.Pack, n int, body, source string) error {
	if err := insertText(tx, p.ID, n, body, who.ID, source); err != nil {
		return err
	}
	if err := putClauses(tx, p); err != nil {
		return err
	}
	return changed(tx, who, "pack.loaded", p.ID, map[string]any{"n": n, "source": source})
}

func putClauses(tx *db.Tx, p *pack.Pack) error {
	for i, item := range p.Items {
		c := Clause{ID: p.ID + ":" + item.ID, Pack: p.ID, Title: item.ZH, Checked: item.Checked}
		if err := putClause(tx, i, c); err != nil {
			return err
		}
	}
	return nil
}

func changed(tx *db.Tx, who org.Actor, kind, id string, body any) error {
	if err := db.Touch(tx, packStamp); err != nil {
		return err
	}
	return org.Changed(tx, who, kind, id, body)
}

// Packs lists the county's packs, kept in memory until one changes.
func Packs(tx *db.Tx) ([]*Held, error) {
	stamp, err := db.Stamp(tx, packStamp)
	if err != nil {
		return nil, err
	}
	return db.Keep(tx, "standard.packs", stamp, func() ([]*Held, error) {
		list, err := packTexts(tx)
		if err != nil {
			return nil, fmt.Errorf("standard: packs: %w", err)
		}
		wb, err := Workbook(tx)
		if err != nil {
			return nil, err
		}
		out := make([]*Held, len(list))
		for i, t := range list {
			if out[i], err = hold(tx, wb, t); err != nil {
				return nil, fmt.Errorf("standard: pack %s: %w", t.id, err)
			}
		}
		return out, nil
	})
}

func hold(tx *db.Tx, wb pack.Workbook, t packText) (*Held, error) {
	p, _, err := pack.Parse(t.id, []byte(t.body))
	if err != nil {
		return nil, err
	}
	steps, err := editsOf(tx, t.id, t.n)
	if err != nil {
		return nil, err
	}
	h := &Held{Pack: p, Active: t.active, N: t.n, Edits: len(steps)}
	if len(steps) == 0 {
		return h, nil
	}
	edits := make([]pack.Edit, len(steps))
	for i, s := range steps {
		edits[i] = pack.Edit{Sheet: s.Sheet, Line: s.Line, Cells: s.Cells}
	}
	var bad []fault.Field
	h.Pack, bad = wb.With(p, edits)
	for _, f := range bad {
		h.Unfit = append(h.Unfit, fault.Text{ZH: f.Name + "：" + f.Text.ZH, EN: f.Name + ": " + f.Text.EN})
	}
	return h, nil
}

// Workbook knows the words of the county's packs.
func Workbook(tx *db.Tx) (pack.Workbook, error) {
	w, err := countyWords(tx)
	return pack.NewWorkbook(w), err
}

// countyWords are the words that ship, with the county's own kinds of problem.
func countyWords(tx *db.Tx) (pack.Words, error) {
	w, err := Words(standards.Files)
	if err != nil {
		return w, err
	}
	kinds, err := Kinds(tx)
	w.Kinds = nil
	for _, k := range kinds {
		w.Kinds = append(w.Kinds, k.ID)
	}
	return w, err
}

// PackByID finds one of the county's packs.
func PackByID(tx *db.Tx, id string) (*Held, error) {
	list, err := Packs(tx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(h *Held) bool { return h.ID == id })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "pack.none", "没有标准包 %[1]s。", "There is no pack %[1]s.", id)
	}
	return list[i], nil
}

// Active are the packs by which the county is judged now.
func Active(tx *db.Tx) ([]*Held, error) {
	list, err := Packs(tx)
	return slices.DeleteFunc(slices.Clone(list), func(h *Held) bool { return !h.Active }), err
}

// Activate says whether the county is judged by a pack.
func Activate(tx *db.Tx, who org.Actor, id string, active bool) error {
	if err := org.Change(who); err != nil {
		return err
	}
	if _, err := PackByID(tx, id); err != nil {
		return err
	}
	if err := updateActive(tx, id, active); err != nil {
		return fmt.Errorf("standard: pack %s: %w", id, err)
	}
	return changed(tx, who, "pack.activated", id, map[string]any{"active": active})
}

// Correct writes a county's own words into a line of a pack. What would not
// fit with the rest is refused by column; writing what is there already
// changes nothing.
func Correct(tx *db.Tx, who org.Actor, c Correction) error {
	if err := org.Change(who); err != nil {
		return err
	}
	var check fault.Check
	check.That(strings.TrimSpace(c.Source) != "", "source", "请写明依据（文件、条款或会议）", "say what this is based on")
	check.That(len([]rune(c.Source)) <= 200, "source", "依据最多200字", "at most 200 characters")
	if err := check.Err(); err != nil {
		return err
	}
	h, err := PackByID(tx, c.Pack)
	if err != nil {
		return err
	}
	wb, err := Workbook(tx)
	if err != nil {
		return err
	}
	now, err := wb.Try(h.Pack, c.Edit)
	if err != nil {
		return err
	}
	s := Step{N: h.N, Sheet: c.Sheet, Line: c.Line, Who: who.ID, Source: strings.TrimSpace(c.Source), At: tx.Now()}
	if s.Cells, s.Was = differing(wb, h.Pack, now, c.Edit); len(s.Cells) == 0 {
		return nil
	}
	if err := insertEdit(tx, c.ID, c.Pack, s); err != nil {
		return fmt.Errorf("standard: pack %s: %w", c.Pack, err)
	}
	if err := putClauses(tx, now); err != nil {
		return err
	}
	return changed(tx, who, "pack.corrected", c.Pack, map[string]any{"n": s.N, "sheet": s.Sheet, "line": s.Line, "cells": s.Cells, "was": s.Was, "source": s.Source})
}

// differing are the cells of a line that say something else than before.
func differing(wb pack.Workbook, before, after *pack.Pack, e pack.Edit) (now, was map[string]string) {
	now, was = map[string]string{}, map[string]string{}
	old, _ := wb.Line(before, e.Sheet, e.Line)
	fresh, _ := wb.Line(after, e.Sheet, e.Line)
	for i, cell := range fresh {
		if cell.Value != old[i].Value {
			now[cell.Key], was[cell.Key] = cell.Value, old[i].Value
		}
	}
	return now, was
}

// TakeIn replaces the whole text of the pack that a workbook is of, and tells
// what differs from the county's pack as it stands; without apply it only tells.
func TakeIn(tx *db.Tx, who org.Actor, id string, r io.Reader, apply bool) ([]pack.Change, error) {
	if err := org.Change(who); err != nil {
		return nil, err
	}
	h, err := PackByID(tx, id)
	if err != nil {
		return nil, err
	}
	wb, err := Workbook(tx)
	if err != nil {
		return nil, err
	}
	p, err := wb.Read(r)
	if err != nil {
		return nil, err
	}
	if p.ID != id {
		return nil, fault.New(fault.Invalid, "pack.other", "这张表是“%[1]s”的，不是“%[2]s”的。", "This workbook is of %[1]q, not of %[2]q.", p.ID, id).In("标准!A2", "编号不同", "another id")
	}
	changes := wb.Diff(h.Pack, p)
	if !apply || len(changes) == 0 {
		return changes, nil
	}
	body, err := pack.Encode(p)
	if err != nil {
		return nil, err
	}
	said := make([]string, len(changes))
	for i, c := range changes {
		said[i] = c.Text.ZH
	}
	if err := putText(tx, who, p, h.N+1, string(body), "导入表格：共"+fmt.Sprint(len(changes))+"处不同"); err != nil {
		return nil, fmt.Errorf("standard: pack %s: %w", id, err)
	}
	return changes, changed(tx, who, "pack.replaced", id, map[string]any{"n": h.N + 1, "changes": said})
}

// WriteBook writes a pack, corrections included, as an XLSX file.
func WriteBook(tx *db.Tx, id string) ([]byte, error) {
	h, err := PackByID(tx, id)
	if err != nil {
		return nil, err
	}
	wb, err := Workbook(tx)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := wb.Write(&out, h.Pack); err != nil {
		return nil, fmt.Errorf("standard: pack %s: %w", id, err)
	}
	return out.Bytes(), nil
}

// History tells what the county has done to a pack, newest first, at most 500.
func History(tx *db.Tx, id string) ([]Step, error) {
	if _, err := PackByID(tx, id); err != nil {
		return nil, err
	}
	return packHistory(tx, id)
}

// Edited are the lines of a pack that the county has corrected in its last
// whole text, by sheet and line.
func Edited(tx *db.Tx, h *Held) (map[[2]string]bool, error) {
	steps, err := editsOf(tx, h.ID, h.N)
	out := map[[2]string]bool{}
	for _, s := range steps {
		out[[2]string{s.Sheet, s.Line}] = true
	}
	return out, err
}
