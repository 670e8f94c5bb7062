package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"unicode"
)

// expand replaces patterns like *.docx by the files that match them, as a shell does before it calls a program, and those of Windows do
// not. What is there under that very name is no pattern. Files that Word keeps beside an open one (~$…) do not match.
func expand(args []string) (paths []string, err error) {
	for _, arg := range args {
		if _, err := os.Lstat(arg); err == nil || !strings.ContainsAny(arg, "*?[") {
			paths = append(paths, arg)
			continue
		}
		pattern := arg
		if runtime.GOOS == "windows" {
			pattern = caseless(arg)
		}
		matches, err := filepath.Glob(pattern)
		if err != nil {
			return nil, usageError(fmt.Sprintf("Không hiểu “%s”: dấu [ phải có dấu ] đi cùng.", arg))
		}
		before := len(paths)
		for _, match := range matches {
			if !strings.HasPrefix(filepath.Base(match), "~$") {
				paths = append(paths, match)
			}
		}
		if len(paths) == before {
			return nil, usageError(fmt.Sprintf("Không có tệp nào khớp với “%s”.", arg))
		}
	}
	return paths, nil
}

// caseless returns a pattern that matches names in capitals and in small letters alike, as Windows does.
func caseless(pattern string) string {
	var b strings.Builder
	inClass := false
	for _, r := range pattern {
		switch {
		case r == '[':
			inClass = true
		case r == ']':
			inClass = false
		case !inClass && unicode.ToUpper(r) != unicode.ToLower(r):
			fmt.Fprintf(&b, "[%c%c]", unicode.ToLower(r), unicode.ToUpper(r))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
