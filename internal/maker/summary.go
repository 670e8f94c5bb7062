package maker

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/vi"
)

// UnitFigures is what the tables of one unit's report come to. A unit without symbol and figures has no report; it is listed as such.
type UnitFigures struct {
	Name    string            // of the body, as Result.Unit has it
	Symbol  string            // number and symbol of its report, empty where it has none
	Figures map[string]string // by key, as Result.Figures has them
}

// unitsTable is the table of a consolidated report that has a row for each unit. A column whose key is that of a figure, with underscores
// in place of dots, is filled from it.
const unitsTable = model.UnitsKey

// Summarise makes the consolidated report of many units. The request's data file says what the report says but for the table don_vi, of
// which each unit is a row. A finding about a unit has its name in place of a file.
func (s *Service) Summarise(ctx context.Context, request Request, units []UnitFigures) (result Result, found diag.Findings, err error) {
	defer diag.Recover("summarise", &err)
	kind, period, found, err := s.summaryKind(request)
	if err != nil || found.Blocking() {
		return Result{}, found, err
	}
	units, strange := ofPeriod(units, period)
	if len(units) == 0 {
		return Result{}, diag.Findings{{
			Severity: diag.Error, Code: diag.NoUnits, Where: diag.Place{File: path.Base(request.Name), Field: unitsTable},
			Message: "không có đơn vị nào để tổng hợp", Hint: "đưa vào tệp dữ liệu của ít nhất một đơn vị",
		}}, nil
	}
	if kind != nil {
		request.Tables = append(slices.Clip(request.Tables), unitRows(kind.Schema.Table(unitsTable), units))
	}
	result, found, err = s.Make(ctx, request)
	return result, append(strange, byUnit(found, request, units)...), err
}

// ofPeriod leaves out what cannot be added up: papers that are no reports with figures, and reports on another period. Their units are
// as those without a report.
func ofPeriod(units []UnitFigures, period string) (fit []UnitFigures, found diag.Findings) {
	fit = slices.Clone(units)
	for i, unit := range fit {
		about := unit.Figures["ky"]
		f := diag.Finding{
			Severity: diag.Warning, Code: diag.NotSummed, Where: diag.Place{File: unitName(unit.Name)},
			Message: fmt.Sprintf("báo cáo tổng hợp về %s không cộng báo cáo của đơn vị này, vì báo cáo ấy về %s", period, about),
			Hint:    "để đúng tệp dữ liệu của kỳ này rồi chạy lại",
		}
		switch {
		case unit.Figures != nil && (about == "" || about == period || period == ""), unit.Figures == nil && unit.Symbol == "":
			continue
		case unit.Figures == nil:
			f.Message = fmt.Sprintf("báo cáo tổng hợp không cộng văn bản %s của đơn vị này, vì văn bản ấy không phải báo cáo có số liệu", unit.Symbol)
		}
		found.Add(f)
		fit[i].Symbol, fit[i].Figures = "", nil
	}
	return fit, found
}

// summaryKind finds the kind of a consolidated report, and the period that it is about; nil where Make will tell what is wrong with its
// data file.
func (s *Service) summaryKind(request Request) (of *office.Definition, period string, found diag.Findings, err error) {
	p, _, err := s.bind(Request{File: request.File, Unit: request.Unit}, whole)
	if about := p.document.Period(); about != (vi.Period{}) {
		period = about.String()
	}
	if err != nil || p.kind == nil || p.kind.Schema.Table(unitsTable) != nil {
		return p.kind, period, nil, err
	}
	return p.kind, period, diag.Findings{{
		Severity: diag.Error, Code: diag.NotASummary, Where: diag.Place{File: path.Base(request.Name), Field: model.KindKey},
		Message: fmt.Sprintf("“%s” không có bảng các đơn vị (%s), nên không tổng hợp được", p.kind.Schema.Name, unitsTable),
		Hint:    "ghi loai: bao-cao-tong-hop-nam",
	}}, nil
}

const unitsFile = "các đơn vị.csv"

// unitRows writes the units as a table, which is read as one that a person gives.
func unitRows(spec *model.FieldSpec, units []UnitFigures) File {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	head := []string{"stt", "ten", "bao_cao"}
	for _, column := range spec.Fields {
		if !column.Computed && !slices.Contains(head, column.Key) {
			head = append(head, column.Key)
		}
	}
	w.Write(head) // a buffer takes all
	for i, unit := range units {
		byColumn := make(map[string]string, len(unit.Figures))
		for key, figure := range unit.Figures {
			byColumn[strings.ReplaceAll(key, ".", "_")] = figure
		}
		row := []string{strconv.Itoa(i + 1), unitName(unit.Name), unit.Symbol}
		for _, column := range head[len(row):] {
			row = append(row, byColumn[column])
		}
		w.Write(row)
	}
	w.Flush()
	return File{Name: unitsFile, Data: out.Bytes()}
}

// byUnit returns findings about a row of the units the name of the unit as their place. That the units take the place of rows in the data
// file is what was asked for.
func byUnit(found diag.Findings, request Request, units []UnitFigures) diag.Findings {
	own := path.Base(apart(File{Name: unitsFile}, "bảng", request.File).Name)
	var told diag.Findings
	for _, f := range found {
		if f.Where.File == own {
			if f.Code == diag.TableReplaced {
				continue
			}
			row, _ := strconv.Atoi(strings.TrimLeftFunc(f.Where.Cell, unicode.IsLetter))
			f.Where = diag.Place{File: path.Base(request.Name), Field: unitsTable}
			if i := row - 2; 0 <= i && i < len(units) { // below the heading
				f.Where = diag.Place{File: unitName(units[i].Name)}
			}
		}
		told.Add(f)
	}
	return told
}

// unitName is the place that a council speaks for, as a list of places has it: "HỘI ĐỒNG NHÂN DÂN XÃ VĨNH AM" is "Xã Vĩnh Am". Other
// names stay.
func unitName(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	place := name
	for _, body := range []string{"thường trực ", "hội đồng nhân dân ", "ủy ban nhân dân "} {
		if lower := strings.ToLower(place); strings.HasPrefix(lower, body) {
			place = place[len(body):] // no letter of these changes its length in capitals
		}
	}
	if place == vi.Upper(place) && place != strings.ToLower(place) {
		words := strings.Fields(strings.ToLower(place))
		for i, word := range words {
			words[i] = capital(word)
		}
		place = strings.Join(words, " ")
	}
	for _, kind := range []string{"Đặc Khu ", "Thị Trấn ", "Thành Phố "} {
		if rest, cut := strings.CutPrefix(place, kind); cut {
			place = capital(strings.ToLower(kind)) + rest
		}
	}
	return capital(place)
}

// capital returns a word its first letter in capitals.
func capital(word string) string {
	first, size := utf8.DecodeRuneInString(word)
	if size == 0 {
		return word
	}
	return string(unicode.ToUpper(first)) + word[size:]
}

// Issuer is the name of the body that a data file speaks for, as Result.Unit has it, whatever else has to be mended in the file; empty
// where it does not say.
func (s *Service) Issuer(request Request) (name string, err error) {
	defer diag.Recover("issuer of "+request.Name, &err)
	p, _, err := s.bind(Request{File: request.File, Unit: request.Unit, Profile: request.Profile, Office: request.Office}, whole)
	if err != nil {
		return "", err
	}
	return model.Unit(p.document.Agency()), nil
}
