package api

import (
	"errors"
	"net/http"

	"chuangwei/internal/kit/db"
	"chuangwei/internal/kit/fault"
	"chuangwei/internal/kit/proof"
	"chuangwei/internal/register/org"
)

// exportLog streams the whole event log with its proofs.
func (s *Server) exportLog(w http.ResponseWriter, r *http.Request) error {
	if err := callOf(r).who.May(org.ExportLog, org.Target{}); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set("Content-Disposition", `attachment; filename="chuangwei-log.ndjson"`)
	return s.read(r, func(tx *db.Tx) error { return proof.Export(tx, w) })
}

// checkpoint is the newest signed head of the log, for anybody to keep.
func (s *Server) checkpoint(w http.ResponseWriter, r *http.Request) error {
	var head proof.Signed
	err := s.read(r, func(tx *db.Tx) (err error) { head, err = proof.Latest(tx); return err })
	if errors.Is(err, db.ErrNone) {
		return fault.New(fault.NotFound, "proof.none", "还没有签名的检查点，请稍后再看。", "Nothing has been signed yet; look again in a minute.")
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = w.Write([]byte(head.Note))
	return ignoreGone(err)
}
