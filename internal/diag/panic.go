package diag

import (
	"fmt"
	"runtime/debug"
)

// Panic is a fault of the program: the same request comes to it again, however often it is tried.
type Panic struct {
	Operation string // "make"
	Value     any    // what was thrown
	Stack     []byte
}

func (p *Panic) Error() string {
	return fmt.Sprintf("%s: panic: %v\n%s", p.Operation, p.Value, p.Stack)
}

// Recover is deferred: it turns a panic into a *Panic, so that one document never takes the others down with it.
func Recover(operation string, err *error) {
	if r := recover(); r != nil {
		*err = &Panic{operation, r, debug.Stack()}
	}
}
