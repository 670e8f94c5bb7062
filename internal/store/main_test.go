package store

import (
	"os"
	"testing"
)

// TestMain runs the tests, or, in a process that a test started, takes numbers until told to stop or until there is no room.
func TestMain(m *testing.M) {
	if place := os.Getenv(pingerPlace); place != "" {
		os.Exit(pinger(place))
	}
	if place := os.Getenv(clerkPlace); place != "" {
		os.Exit(clerk(place))
	}
	os.Exit(m.Run())
}
