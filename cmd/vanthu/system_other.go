//go:build !windows

package main

import (
	"context"
	"errors"
	"os/exec"
	"syscall"
)

// ownConsole reports whether the program was opened by a double click in a window of its own, which desktops here do not do.
func ownConsole() bool { return false }

// speakUTF8 does nothing: terminals here do.
func speakUTF8() (restore func()) { return func() {} }

// openBrowser opens an address as the desktop wishes.
func openBrowser(url string) error {
	return exec.CommandContext(context.Background(), "xdg-open", url).Run()
}

// isAddressTaken reports whether a port could not be opened because somebody has it.
func isAddressTaken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

// isHeld reports whether a file could not be replaced because a program has it open, which is no hindrance here.
func isHeld(error) bool { return false }
