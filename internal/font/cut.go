package font

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// Cut is a face cut to the characters of Vietnamese under an encoding of one byte a character, the form that the painter embeds
// fast: nothing is parsed or cut while a document waits.
type Cut struct {
	Definition []byte // fpdf's font definition, JSON
	Z          []byte // the font, compressed (zlib)

	bytes *[denseEnd]byte // the code of a rune; 0 when it has none
}

// Byte returns the code of a rune in the cut face's encoding.
func (c *Cut) Byte(r rune) (code byte, ok bool) {
	if r < 0 || r >= denseEnd {
		return 0, false
	}
	code = c.bytes[r]
	return code, code != 0
}

// readEncoding reads cut/vietnamese.map, the encoding of a folder's cut faces; nil when the folder has none.
func readEncoding(folder fs.FS) (*[denseEnd]byte, error) {
	text, err := fs.ReadFile(folder, "cut/vietnamese.map")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	bytes, err := parseMap(string(text))
	if err != nil {
		return nil, fmt.Errorf("cut/vietnamese.map: %w", err)
	}
	return bytes, nil
}

// readCut reads cut/<base>.json and cut/<base>.z; nil when the face has not been cut.
func readCut(folder fs.FS, base string, encoding *[denseEnd]byte) (*Cut, error) {
	definition, err := fs.ReadFile(folder, path.Join("cut", base+".json"))
	if encoding == nil || errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	z, err := fs.ReadFile(folder, path.Join("cut", base+".z"))
	if err != nil {
		return nil, err
	}
	return &Cut{Definition: definition, Z: z, bytes: encoding}, nil
}

// parseMap reads an encoding map: a line "!XX U+XXXX name" for each code.
func parseMap(text string) (*[denseEnd]byte, error) {
	bytes := new([denseEnd]byte)
	scanner := bufio.NewScanner(strings.NewReader(text))
	for scanner.Scan() {
		var code byte
		var r rune
		var name string
		if _, err := fmt.Sscanf(scanner.Text(), "!%X U+%X %s", &code, &r, &name); err != nil {
			return nil, fmt.Errorf("line %q: %w", scanner.Text(), err)
		}
		if r >= denseEnd || code == 0 {
			return nil, fmt.Errorf("line %q is out of range", scanner.Text())
		}
		bytes[r] = code
	}
	return bytes, scanner.Err()
}
