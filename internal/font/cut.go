package font

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
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
	codes := new([denseEnd]byte)
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 3 || !strings.HasPrefix(fields[0], "!") || !strings.HasPrefix(fields[1], "U+") {
			return nil, fmt.Errorf("line %q is not as !XX U+XXXX name", line)
		}
		code, err := strconv.ParseUint(fields[0][1:], 16, 8)
		r, also := strconv.ParseUint(fields[1][2:], 16, 32)
		if err = errors.Join(err, also); err != nil || r >= denseEnd || code == 0 {
			return nil, fmt.Errorf("line %q is out of range", line)
		}
		codes[r] = byte(code)
	}
	return codes, nil
}
