// Package usage tells what the process has used so far, for benchmarks.
package usage

import (
	"bytes"
	"log"
	"os"
	"strconv"
	"syscall"
)

// CPUSeconds is the user and system time of the process.
func CPUSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// PeakMB is the most memory the process has held (VmHWM).
func PeakMB() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		log.Fatal(err)
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kb, err := strconv.Atoi(string(fields[0]))
	if err != nil {
		log.Fatal(err)
	}
	return kb / 1024
}
