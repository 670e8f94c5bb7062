package office

import (
	"encoding/json"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/source"
)

// Office is what the profile of an office, don-vi.yaml, says, as a form shows it. Every value is as a person types it.
type Office struct {
	Agency  Agency         `json:"co_quan"`
	Place   string         `json:"dia_danh,omitempty"`
	Signers []Signer       `json:"-"`
	Way     string         `json:"cach_danh_so,omitempty"` // which documents share a series: "chung", "theo_loai", "nhom"
	Symbols []SeriesSymbol `json:"-"`
	Groups  []SeriesGroup  `json:"-"`
}

// Agency is the body that issues an office's documents.
type Agency struct {
	Parent   string `json:"cap_tren,omitempty"`
	Name     string `json:"ten,omitempty"` // in capitals, on one line or two
	Symbol   string `json:"ky_hieu,omitempty"`
	FullName string `json:"ten_day_du,omitempty"`
}

// Signer is a person who signs; documents name them by the key.
type Signer struct {
	Key   string // "pho_chu_tich"
	Title string // authority and position, one a line
	Name  string
	From  string // the first day on which they sign, or empty
	Until string // the last, or empty
}

// SeriesSymbol is the symbol of the number series of a kind where it is not the usual one.
type SeriesSymbol struct{ Kind, Symbol string }

// SeriesGroup is kinds that share a series.
type SeriesGroup struct {
	Name  string
	Kinds []string
}

// ReadOffice takes a don-vi.yaml apart. Findings say why it cannot be read; what it says besides is for SaveProfile to judge.
func (s *Service) ReadOffice(profile []byte) (o Office, found diag.Findings, err error) {
	if profile == nil {
		return Office{Way: model.SeriesByType}, nil, nil
	}
	record, found := source.ReadText("don-vi.yaml", profile)
	if found.Blocking() {
		return Office{}, found, nil
	}
	root := record.Root
	agency := under(root, "co_quan")
	o.Agency = Agency{typedText(under(agency, "cap_tren")), typedText(under(agency, "ten")), typedText(under(agency, "ky_hieu")), typedText(under(agency, "ten_day_du"))}
	o.Place, o.Way = typedText(under(root, "dia_danh")), typedText(under(root, "cach_danh_so"))
	for _, field := range under(root, "nguoi_ky").Fields {
		signer := field.Value
		o.Signers = append(o.Signers, Signer{
			field.Key, typedText(under(signer, "chuc_vu")), typedText(under(signer, "ho_ten")), typedText(under(signer, "tu_ngay")), typedText(under(signer, "den_ngay")),
		})
	}
	for _, field := range under(root, "day_so").Fields {
		o.Symbols = append(o.Symbols, SeriesSymbol{field.Key, typedText(field.Value)})
	}
	for _, field := range under(root, "nhom_so").Fields {
		o.Groups = append(o.Groups, SeriesGroup{field.Key, strings.Split(typedText(field.Value), "\n")})
	}
	return o, found, nil
}

// Text is the don-vi.yaml of an office; it is written as JSON, which is YAML too.
func (o Office) Text() []byte {
	signers, symbols, groups := ordered{}, ordered{}, ordered{}
	for _, s := range o.Signers {
		signers = append(signers, entry{s.Key, struct {
			Title []string `json:"chuc_vu"`
			Name  string   `json:"ho_ten"`
			From  string   `json:"tu_ngay,omitempty"`
			Until string   `json:"den_ngay,omitempty"`
		}{titleLines(s.Title), s.Name, s.From, s.Until}})
	}
	for _, s := range o.Symbols {
		symbols = append(symbols, entry{s.Kind, s.Symbol})
	}
	for _, g := range o.Groups {
		groups = append(groups, entry{g.Name, g.Kinds})
	}
	all := ordered{{"co_quan", o.Agency}, {"dia_danh", o.Place}, {"nguoi_ky", signers}, {"day_so", symbols}, {"cach_danh_so", o.Way}, {"nhom_so", groups}}
	all = slices.DeleteFunc(all, func(e entry) bool {
		list, isList := e.value.(ordered)
		return e.value == "" || isList && len(list) == 0
	})
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		panic(err) // plain strings
	}
	return append(text, '\n')
}

// ordered is a JSON object whose keys keep their order.
type ordered []entry

type entry struct {
	key   string
	value any
}

// MarshalJSON writes the entries in their order.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, e := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(e.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(e.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

// under is the value of a key of a group, missing where there is none.
func under(group model.Node, key string) model.Node {
	for _, field := range group.Fields {
		if field.Key == key {
			return field.Value
		}
	}
	return model.Node{}
}

// typedText is a scalar, or the scalars of a list one a line, as typed.
func typedText(node model.Node) string {
	lines := []string{strings.TrimSpace(node.Text)}
	if node.Shape == model.List {
		lines = nil
		for _, item := range node.Items {
			lines = append(lines, strings.TrimSpace(item.Text))
		}
	}
	return strings.Join(lines, "\n")
}

func titleLines(text string) []string {
	lines := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
