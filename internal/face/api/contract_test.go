package api_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"chuangwei/internal/face/api"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

// contract is openapi.yaml, made strict: a body with a field the contract does
// not name breaks it.
type contract struct {
	doc    *openapi3.T
	router routers.Router
}

var theContract = sync.OnceValues(func() (*contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(api.Contract)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	closeObjects(doc)
	for _, kind := range []string{"application/geo+json", "application/x-ndjson", "image/svg+xml", "image/jpeg", "image/png", "text/event-stream", "text/calendar", "application/octet-stream", "application/zip"} {
		decoder := openapi3filter.PlainBodyDecoder
		if kind == "application/geo+json" {
			decoder = openapi3filter.JSONBodyDecoder
		}
		openapi3filter.RegisterBodyDecoder(kind, decoder)
	}
	router, err := legacy.NewRouter(doc)
	return &contract{doc, router}, err
})

// closeObjects forbids every field that is not named.
func closeObjects(doc *openapi3.T) {
	seen := map[*openapi3.Schema]bool{}
	var shut func(*openapi3.SchemaRef)
	shut = func(ref *openapi3.SchemaRef) {
		if ref == nil || ref.Value == nil || seen[ref.Value] {
			return
		}
		s := ref.Value
		seen[s] = true
		if len(s.Properties) > 0 {
			no := false
			s.AdditionalProperties.Has = &no
		}
		for _, p := range s.Properties {
			shut(p)
		}
		shut(s.Items)
	}
	for _, s := range doc.Components.Schemas {
		shut(s)
	}
	eachOperation(doc, func(_ string, op *openapi3.Operation) {
		for _, r := range op.Responses.Map() {
			for _, media := range r.Value.Content {
				shut(media.Schema)
			}
		}
	})
}

func eachOperation(doc *openapi3.T, fn func(name string, op *openapi3.Operation)) {
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			fn(method+" "+path, op)
		}
	}
}

func contractOf(t testing.TB) *contract {
	t.Helper()
	k, err := theContract()
	if err != nil {
		t.Fatalf("the contract: %v", err)
	}
	return k
}

// check holds one exchange against the contract: the answer must be one the
// contract declares, and a request that breaks it must not have been accepted.
func (k *contract) check(t testing.TB, r *http.Request, sent []byte, a answer) {
	t.Helper()
	r = again(r, sent)
	route, params, err := k.router.FindRoute(r)
	if err != nil {
		if a.status < 400 && !strings.Contains(r.URL.Path, "/uploads/") && r.URL.Path != "/api/openapi.yaml" {
			t.Errorf("%s %s is not in the contract and answers %d", r.Method, r.URL.Path, a.status)
		}
		return
	}
	in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true}}
	if a.status < 400 {
		if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
			t.Errorf("%s %s breaks the contract and was accepted with %d: %v", r.Method, r.URL, a.status, err)
		}
	}
	k.checkAnswer(t, in, a)
}

func (k *contract) checkAnswer(t testing.TB, in *openapi3filter.RequestValidationInput, a answer) {
	t.Helper()
	r := in.Request
	if a.status == http.StatusNotModified || r.Method == http.MethodHead {
		all := in.Route.Operation.Responses // the validator looks at neither
		if all.Status(a.status) == nil && (a.status < 400 || all.Default() == nil) {
			t.Errorf("%s %s answers %d, which the contract does not declare", r.Method, r.URL.Path, a.status)
		}
		return
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: a.status, Header: a.header,
		Body: io.NopCloser(bytes.NewReader(a.body)), Options: &openapi3filter.Options{IncludeResponseStatus: true}}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		t.Errorf("%s %s answers %d against the contract: %v", r.Method, r.URL.Path, a.status, err)
	}
}

// again is the request as it was before its body was read, without the host:
// the contract's only server is "/".
func again(r *http.Request, sent []byte) *http.Request {
	out := r.Clone(context.Background())
	out.URL.Scheme, out.URL.Host = "", ""
	out.Body, out.ContentLength = http.NoBody, int64(len(sent))
	if len(sent) > 0 {
		out.Body = io.NopCloser(bytes.NewReader(sent))
	}
	return out
}

func TestTheContractAndTheRoutesNameTheSameEndpoints(t *testing.T) {
	var declared, served []string
	eachOperation(contractOf(t).doc, func(name string, _ *openapi3.Operation) {
		if !strings.HasPrefix(name, "HEAD ") { // answered by the route of GET
			declared = append(declared, name)
		}
	})
	for _, pattern := range (&api.Server{}).Patterns() {
		if pattern != "GET /api/openapi.yaml" {
			served = append(served, pattern)
		}
	}
	slices.Sort(declared)
	slices.Sort(served)
	if !slices.Equal(declared, served) {
		t.Errorf("the contract declares\n%s\nthe server serves\n%s", strings.Join(declared, "\n"), strings.Join(served, "\n"))
	}
}

func TestTheContractSaysWhichEndpointsAreOpen(t *testing.T) {
	open := (&api.Server{}).OpenPatterns()
	eachOperation(contractOf(t).doc, func(name string, op *openapi3.Operation) {
		declared := op.Security != nil && len(*op.Security) == 0
		served := slices.Contains(open, strings.Replace(name, "HEAD ", "GET ", 1))
		if name == "GET /api/photos/{sum}" || name == "DELETE /api/session" { // these ask for themselves
			return
		}
		if declared != served {
			t.Errorf("%s: the contract says open=%v, the server %v", name, declared, served)
		}
	})
}

func TestTheContractIsServedAsItIs(t *testing.T) {
	a := newCounty(t).nobody().get("/api/openapi.yaml").want(200)
	if !bytes.Equal(a.body, api.Contract) || a.header.Get("Content-Type") != "application/yaml" {
		t.Errorf("%d bytes of %s", len(a.body), a.header.Get("Content-Type"))
	}
}
