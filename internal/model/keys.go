package model

import "strings"

// Title returns the type of a document and what it is about, on one line.
func (d Document) Title() string {
	about, _ := d.Values["trich_yeu"].(Text)
	return strings.Join(strings.Fields(d.Schema.TypeName+" "+string(about)), " ")
}
