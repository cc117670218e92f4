package hook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"chuangwei/internal/kit/event"
)

const prefix = "whsec_"

// Body is what is posted: the kind, the instant, and the event itself.
type Body struct {
	Type      string      `json:"type"`
	Timestamp string      `json:"timestamp"` // RFC 3339
	Data      event.Event `json:"data"`
}

// sign is the Webhook-Signature of a body (Standard Webhooks 1.0): HMAC-SHA256
// over id, seconds and body, joined by points.
func sign(secret, id string, seconds int64, body []byte) (string, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, prefix))
	if err != nil {
		return "", fmt.Errorf("hook: secret: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.", id, seconds)
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// errInside refuses to be sent to ourselves or to a cloud's metadata.
var errInside = errors.New("the address points at this machine or its link")

// words says what came of a try, for the administrator's list.
func words(err error) string {
	var timeout net.Error
	var answered answer
	switch {
	case errors.Is(err, errInside):
		return "地址指向本机或链路本地网络，不能推送"
	case errors.As(err, &answered):
		return "对方应答 " + string(answered)
	case errors.As(err, &timeout) && timeout.Timeout():
		return "对方没有按时应答"
	}
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err
	}
	return "连不上对方：" + err.Error()
}

// answer is an answer that is no yes.
type answer string

func (a answer) Error() string { return string(a) }

// client posts without following redirects; private networks are where a
// county's other systems are, this machine and its link are not.
func client(local bool) *http.Client {
	guard := func(_, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if ip := a.Addr().Unmap(); !local && (ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast()) {
			return errInside
		}
		return nil
	}
	dial := &net.Dialer{Timeout: 5 * time.Second, Control: guard}
	return &http.Client{
		Timeout:       15 * time.Second,
		Transport:     &http.Transport{DialContext: dial.DialContext, MaxIdleConnsPerHost: parallel, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: 5 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// post makes one try; any answer of 2xx is a yes. 410 says: never again.
func (r *Runner) post(ctx context.Context, h Hook, d Delivery, e event.Event) (status int64, err error) {
	at := r.DB.Now()
	body, err := json.Marshal(Body{Type: e.Kind, Timestamp: time.UnixMilli(e.At).UTC().Format(time.RFC3339Nano), Data: e})
	if err != nil {
		return 0, err
	}
	signature, err := sign(h.Secret, d.ID, at.Unix(), body)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	for name, v := range map[string]string{"Content-Type": "application/json", "User-Agent": "chuangwei-webhook", "Webhook-Id": d.ID,
		"Webhook-Timestamp": strconv.FormatInt(at.Unix(), 10), "Webhook-Signature": signature} {
		req.Header.Set(name, v)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	said, err := io.ReadAll(io.LimitReader(res.Body, 300))
	if res.StatusCode/100 == 2 {
		return int64(res.StatusCode), nil
	}
	return int64(res.StatusCode), errors.Join(answer(strings.TrimSpace(res.Status+" "+strings.ToValidUTF8(string(said), "?"))), err)
}
