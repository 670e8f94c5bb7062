package job

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"vanthu/internal/vi"
)

// names gives each item a name of its own, which is that of a folder too: that of the unit, or of its data file. It says how often a name
// was wanted.
type names map[string]int

func newNames() names { return names{summaryStem: 1} }

// unique names an item. Items whose names differ keep theirs whatever others there are.
func (n names) unique(file, unit string) string {
	name := slug(unit)
	if unit == "" {
		name = slug(stem(file))
	}
	if n[name]++; n[name] == 1 {
		return name
	}
	return fmt.Sprintf("%s_%d", name, n[name]) // no slug has this sign
}

// slug returns a text as a plain name: small letters without accents, digits and hyphens, 100 bytes at most. The name of a long text ends in
// what tells it from others that begin alike.
func slug(text string) string {
	const most = 100
	name := vi.FileName(vi.Fold(text))
	if strings.HasSuffix(vi.FileName(vi.Fold(text+" z")), "-z") { // there was room for all
		return name
	}
	sum := sha256.Sum256([]byte(vi.NFC(text)))
	mark := "-" + hex.EncodeToString(sum[:4])
	return strings.TrimRight(name[:min(len(name), most-len(mark))], "-") + mark
}
