package document

import "golang.org/x/sys/unix"

// most is the memory the process aside may have.
const most = 1 << 30

// hold bounds this process's memory. Where the system refuses, time alone
// bounds it.
func hold() {
	_ = unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: most, Max: most}) // the time limit still holds
}
