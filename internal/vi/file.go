package vi

import (
	"path"
	"strings"
)

// FileName returns a name for a file, without an ending, that every system takes: "01/KH-HĐND Kế hoạch" is
// "01-KH-HDND-Ke-hoach". It holds ASCII letters, digits and single hyphens only, is 1 to 100 bytes long and is never one
// of the names that Windows keeps for its devices.
func FileName(text string) string {
	const longest = 100 // leaves room for a folder and an ending within the 260 characters of older Windows
	words := strings.FieldsFunc(bare(text), func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
	name := ""
	for _, word := range words {
		if name != "" {
			word = "-" + word
		}
		if len(name)+len(word) > longest {
			if name == "" {
				name = word[:longest]
			}
			break
		}
		name += word
	}
	switch {
	case name == "":
		return "van-ban"
	case isDevice(strings.ToUpper(name)):
		return name + "-1"
	default:
		return name
	}
}

// isDevice knows the reserved names of Windows: CON, PRN, AUX, NUL, COM0 to COM9, LPT0 to LPT9.
func isDevice(name string) bool {
	switch name {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(name) == 4 && (name[:3] == "COM" || name[:3] == "LPT") && '0' <= name[3] && name[3] <= '9'
}

// BaseName returns the name of a file without the folders that a browser or a command line may put before it.
func BaseName(name string) string { return path.Base(strings.ReplaceAll(name, `\`, "/")) }
