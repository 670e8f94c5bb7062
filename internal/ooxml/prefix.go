package ooxml

import "strings"

// prefixes are the customary ones of the namespaces that matter here. The strict forms of ISO/IEC 29500 have other addresses.
var prefixes = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":            "w",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                        "w",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":     "r",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                 "r",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing":  "wp",
	"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing":              "wp",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                   "a",
	"http://purl.oclc.org/ooxml/drawingml/main":                               "a",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingShape":       "wps",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingGroup":       "wpg",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas":      "wpc",
	"http://schemas.openxmlformats.org/drawingml/2006/picture":                "pic",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":             "mc",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":              "m",
	"http://schemas.microsoft.com/office/word/2010/wordml":                    "w14",
	"http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
	"http://purl.org/dc/elements/1.1/":                                        "dc",
	"http://purl.org/dc/terms/":                                               "dcterms",
	"urn:schemas-microsoft-com:vml":                                           "v",
	"urn:schemas-microsoft-com:office:office":                                 "o",
	"urn:schemas-microsoft-com:office:word":                                   "w10",
}

// scope knows what the prefixes of the file mean where the scanner stands (Namespaces in XML 1.0, 6.1). Only those that mean
// something other than themselves are written down. The files of Word and LibreOffice have none: there a name is taken as it is.
type scope struct {
	customary map[string]string // prefix of the file -> customary prefix, where the two differ
	undo      []binding         // what the declarations of the open elements replaced, the outermost first
	names     map[string]string // raw name -> customary name under this scope, for a part has few names and each many times
}

// binding is what a prefix meant before an element declared it anew.
type binding struct{ prefix, customary string }

// prefix returns the customary form of a prefix; "" is that of names without one.
func (s *scope) prefix(raw string) string {
	if customary, differs := s.customary[raw]; differs {
		return customary
	}
	return raw
}

// declare binds a prefix to a namespace until leave. Names stay without prefix under a default namespace, except Word's own.
func (s *scope) declare(prefix, uri string) {
	customary, known := prefixes[uri]
	if !known || prefix == "" && customary != "w" {
		customary = prefix
	}
	if before := s.prefix(prefix); before != customary {
		s.undo = append(s.undo, binding{prefix, before})
		s.bind(prefix, customary)
	}
}

// leave takes back all declarations but the first mark ones.
func (s *scope) leave(mark int) {
	for len(s.undo) > mark {
		last := s.undo[len(s.undo)-1]
		s.undo = s.undo[:len(s.undo)-1]
		s.bind(last.prefix, last.customary)
	}
}

func (s *scope) bind(prefix, customary string) {
	if s.customary == nil {
		s.customary = make(map[string]string)
	}
	if prefix == customary {
		delete(s.customary, prefix)
	} else {
		s.customary[prefix] = customary
	}
	s.names = nil
}

// element returns the customary name of an element.
func (s *scope) element(raw string) string {
	if len(s.customary) == 0 {
		return raw
	}
	if name, known := s.names[raw]; known {
		return name
	}
	prefix, local, found := strings.Cut(raw, ":")
	if !found {
		prefix, local = "", raw
	}
	name := local
	if prefix = s.prefix(prefix); prefix != "" {
		name = prefix + ":" + local
	}
	if s.names == nil {
		s.names = make(map[string]string)
	}
	s.names[raw] = name
	return name
}

// attribute returns the customary name of an attribute, to which a default namespace does not apply.
func (s *scope) attribute(raw string) string {
	if len(s.customary) == 0 {
		return raw
	}
	prefix, local, found := strings.Cut(raw, ":")
	switch {
	case !found:
		return raw
	case prefix == "xmlns":
		return "xmlns:" + s.prefix(local)
	}
	return s.element(raw)
}
