package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a program under load.
type server struct {
	name, dir, binary, url string
	metrics                string   // where the program tells of itself while it is measured
	args                   []string // after the command: where the data is
	cmd                    *exec.Cmd
	env                    []string
	health                 string
	ready                  time.Duration
	postmaster             int // pid of the PostgreSQL in use, or 0
}

// history is how much of the demo county's past the filled one grows from.
const history = "300"

// county builds a small demo county to grow from, unless an earlier run has
// left one in the folder, and returns the address of its database.
func (s *server) county(o options, engine string) (string, error) {
	address := "sqlite:" + filepath.Join(s.dir, "county.db")
	kept := filepath.Join(s.dir, "address")
	had, err := os.ReadFile(kept)
	if err != nil && engine == "postgres" {
		address = fmt.Sprintf("%s&search_path=load%d", o.postgres, time.Now().UnixNano())
	} else if err == nil {
		address = string(had)
	}
	s.args = []string{"--data", s.dir, "--db", address}
	if engine == "postgres" {
		if o.postgres == "" {
			return "", fmt.Errorf("no address of a PostgreSQL given")
		}
		pid, err := postmaster(o.postgres)
		if err != nil {
			return "", err
		}
		s.postmaster = pid
	}
	if had != nil {
		return address, nil
	}
	if err := s.start(append([]string{"demo", "--history", history}, s.args...)...); err != nil {
		return "", err
	}
	if err := s.stop(); err != nil {
		return "", err
	}
	return address, os.WriteFile(kept, []byte(address), 0o600)
}

var port = regexp.MustCompile(`:(\d+)/`)

// postmaster finds the PostgreSQL that listens on the port of an address.
func postmaster(address string) (int, error) {
	m := port.FindStringSubmatch(address)
	if m == nil {
		return 0, fmt.Errorf("no port in %s", address)
	}
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		args := strings.ReplaceAll(string(text), "\x00", " ")
		if err == nil && strings.Contains(args, "postgres") && strings.Contains(args, "-D ") && strings.Contains(args, "-p "+m[1]) {
			return strconv.Atoi(strings.Split(f, "/")[2])
		}
	}
	return 0, fmt.Errorf("no PostgreSQL on this machine listens on port %s", m[1])
}

// start runs the program until it is ready to answer.
func (s *server) start(args ...string) error {
	s.cmd = exec.Command(s.binary, args...)
	s.cmd.Env = append(os.Environ(), s.env...)
	if s.url == "" {
		s.url, s.metrics = "http://"+free(), free()
	}
	if s.health == "" || s.health == "/healthz" {
		s.cmd.Args = append(s.cmd.Args, "--addr", strings.TrimPrefix(s.url, "http://"), "--metrics", s.metrics)
		s.health = "/healthz"
	}
	said, err := os.Create(filepath.Join(os.TempDir(), "chuangwei-load.log"))
	if err != nil {
		return err
	}
	defer said.Close()
	s.cmd.Stdout, s.cmd.Stderr = said, said
	start := time.Now()
	if err := s.cmd.Start(); err != nil {
		return err
	}
	for time.Since(start) < 10*time.Minute {
		res, err := http.Get(s.url + s.health)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				s.ready = time.Since(start)
				return nil
			}
		}
		if s.cmd.ProcessState != nil {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("%s did not get ready; see %s", s.name, said.Name())
}

func (s *server) stop() error {
	if s.cmd == nil || s.cmd.ProcessState != nil {
		return nil
	}
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// cpu is what the program and its database have used so far.
func (s *server) cpu() time.Duration {
	all := used(s.cmd.Process.Pid)
	if s.postmaster != 0 {
		all += used(s.postmaster)
		for _, child := range children(s.postmaster) {
			all += used(child)
		}
	}
	return all
}

// free is an address on this machine that nobody listens at.
func free() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// profile writes a CPU profile of the program.
func (s *server) profile(file string, long time.Duration) {
	res, err := http.Get(fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", s.metrics, max(1, int(long.Seconds())-1)))
	if err != nil {
		log.Print(err)
		return
	}
	defer res.Body.Close()
	f, err := os.Create(file)
	if err == nil {
		_, err = io.Copy(f, res.Body)
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		log.Print(err)
	}
}

// quiet waits until the program has hardly anything to do, and tells what it used meanwhile.
func (s *server) quiet() time.Duration {
	start := s.cpu()
	for before := start; ; {
		time.Sleep(500 * time.Millisecond)
		now := s.cpu()
		if now-before < 30*time.Millisecond {
			return now - start
		}
		before = now
	}
}

// tick is the kernel's unit of /proc/PID/stat, 1/100 s on Linux.
const tick = 10 * time.Millisecond

// used is user and system time of a process with its ended children.
func used(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	var sum int64
	for _, i := range []int{11, 12, 13, 14} {
		n, _ := strconv.ParseInt(f[i], 10, 64) // the kernel writes numbers
		sum += n
	}
	return time.Duration(sum) * tick
}

func children(pid int) (out []int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid)) // none when it has gone
	for _, f := range strings.Fields(string(text)) {
		if n, err := strconv.Atoi(f); err == nil {
			out = append(out, n)
		}
	}
	return out
}

// resident is the program's memory in bytes.
func (s *server) resident() int64 { return s.proc("status", "VmRSS:") << 10 }

// written is how many bytes program and database sent to the disk.
func (s *server) written() int64 {
	n := s.proc("io", "write_bytes:")
	if s.postmaster != 0 {
		for _, pid := range append(children(s.postmaster), s.postmaster) {
			n += number(pid, "io", "write_bytes:")
		}
	}
	return n
}

func (s *server) proc(file, key string) int64 { return number(s.cmd.Process.Pid, file, key) }

func number(pid int, file, key string) int64 {
	f, err := os.Open(fmt.Sprintf("/proc/%d/%s", pid, file))
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), key); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n
		}
	}
	return 0
}

// gone ends a program that has no manners.
func (s *server) gone() {
	_ = s.cmd.Process.Signal(syscall.SIGKILL) // it may have ended by itself
	_ = s.cmd.Wait()
}
