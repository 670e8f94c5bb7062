package main

import (
	"errors"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var getConsoleProcessList = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleProcessList")

// ownConsole reports whether the window was made for this program alone: it was opened by a double click, and the window closes with it.
func ownConsole() bool {
	var processes [2]uint32
	n, _, _ := getConsoleProcessList.Call(uintptr(unsafe.Pointer(&processes[0])), uintptr(len(processes)))
	return n == 1
}

// speakUTF8 has the console take what is written for UTF-8 until restore.
func speakUTF8() (restore func()) {
	const utf8 = 65001
	before, err := windows.GetConsoleOutputCP()
	if err != nil || windows.SetConsoleOutputCP(utf8) != nil {
		return func() {}
	}
	return func() { _ = windows.SetConsoleOutputCP(before) }
}

// openBrowser opens an address as a double click on it does.
func openBrowser(url string) error {
	verb, err := windows.UTF16PtrFromString("open")
	if err != nil {
		return err
	}
	what, err := windows.UTF16PtrFromString(url)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, verb, what, nil, nil, windows.SW_SHOWNORMAL)
}

// isAddressTaken reports whether a port could not be opened because somebody has it.
func isAddressTaken(err error) bool {
	return errors.Is(err, windows.WSAEADDRINUSE) || errors.Is(err, syscall.EADDRINUSE)
}

// isHeld reports whether a file could not be replaced because a program has it open.
func isHeld(err error) bool {
	return errors.Is(err, windows.ERROR_SHARING_VIOLATION) || errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_ACCESS_DENIED)
}
