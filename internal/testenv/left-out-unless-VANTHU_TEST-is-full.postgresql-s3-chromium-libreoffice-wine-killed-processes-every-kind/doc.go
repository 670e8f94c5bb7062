// Package leftout is empty. "go test ./..." prints nothing of a package that passes but its path, so the path of this one says what
// that command leaves out and how to run it; see package testenv.
package leftout
