package blob

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestS3 runs against a real S3 server, versitygw; tools/versitygw.sh installs it.
func TestS3(t *testing.T) {
	program := gateway(t)
	dir := t.TempDir()
	address := freePort(t)
	cmd := exec.Command(program, "--port", address, "--quiet", "posix", dir)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY=test", "ROOT_SECRET_KEY=test-secret")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	await(t, address)
	n := 0
	conform(t, func(t *testing.T) Store {
		n++
		s, err := S3(t.Context(), S3Config{Endpoint: address, Bucket: fmt.Sprintf("county-%d", n), Prefix: "jinping/",
			AccessKey: "test", SecretKey: "test-secret"})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestS3SaysWhenTheServerIsGone(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), time.Second)
	defer stop()
	if _, err := S3(ctx, S3Config{Endpoint: freePort(t), Bucket: "county", Region: "us-east-1", AccessKey: "a", SecretKey: "b"}); err == nil {
		t.Fatal("a server that is not there answered")
	}
}

func gateway(t *testing.T) string {
	t.Helper()
	for _, name := range []string{filepath.Join("..", "..", "..", ".tools", "bin", "versitygw"), "versitygw"} {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	t.Skip("versitygw is not installed, so the S3 store was not tested; run tools/versitygw.sh")
	return ""
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// await dials until the server takes connections.
func await(t *testing.T, address string) {
	t.Helper()
	d := net.Dialer{}
	for start := time.Now(); time.Since(start) < 20*time.Second; {
		c, err := d.DialContext(t.Context(), "tcp", address)
		if err == nil {
			c.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("versitygw did not start within 20 s")
}
