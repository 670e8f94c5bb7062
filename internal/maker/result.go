package maker

import (
	"encoding/json"
	"strings"

	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/tally"
	"vanthu/internal/vi"
)

// WorkbookEnding is what the name of a progress workbook adds to that of its document.
const WorkbookEnding = "-theo-doi.xlsx"

// Result is a document made.
type Result struct {
	Name  string // file name without its ending, plain ASCII: "01-KH-HDND-thuc-hien-nghi-quyet-so-57"
	DOCX  []byte
	PDF   []byte // nil unless asked for
	Pages int    // 0 unless a PDF was asked for
	XLSX  []byte // nil unless asked for, and for kinds without tables that are followed up

	NumberKey string // of the number taken from the register, or empty

	Kind    string            // slug
	Unit    string            // the name of the body on one line
	Symbol  string            // number and symbol, "97/BC-HĐND"
	Title   string            // type name and abstract
	Date    vi.Date           // of the document
	Tasks   []Task            // that it follows up, in the order of its tables
	Figures map[string]string // what its tables come to, by dotted key below so_lieu: "nhiem_vu.tong" -> "40"; nil where it has none
}

// Task is something that a document follows up.
type Task struct {
	Title string  `json:"title"`
	Body  string  `json:"body,omitempty"` // who is in charge
	Due   vi.Date `json:"due"`
	Done  bool    `json:"done"`
	State string  `json:"state,omitempty"` // as tally says it: "quá hạn"
}

// tasksOf are those of a document whose figures were added.
func tasksOf(d model.Document) []Task {
	var tasks []Task
	for _, task := range tally.Tasks(&d) {
		tasks = append(tasks, Task(task))
	}
	return tasks
}

// describe fills in what lists of documents show.
func (r *Result) describe(d model.Document) {
	r.Name, r.Kind, r.Unit, r.Symbol, r.Title, r.Date = fileName(d), d.Schema.Kind, model.Unit(d.Agency()), d.Symbol(), d.Title(), d.Day()
	r.Tasks = tasksOf(d)
	if figures := d.Values.Group(model.FiguresKey); figures != nil {
		r.Figures = map[string]string{}
		addFigures(r.Figures, "", figures)
	}
}

// fileName names the files of a document after its number and what it is about: "01-KH-HDND-thuc-hien-nghi-quyet-so-57-nq-tw".
// A draft without a number begins with its kind.
func fileName(d model.Document) string {
	const maxName = 60 // bytes: long enough to tell papers apart, short enough for a list of files
	head := d.Schema.Kind
	if d.Numbered() {
		head = vi.FileName(d.Symbol())
	}
	about := d.Abstract()
	name := head
	if about == "" {
		return name
	}
	for _, word := range strings.Split(vi.FileName(vi.Fold(about)), "-") {
		if len(name)+1+len(word) > maxName {
			break
		}
		name += "-" + word
	}
	return name
}

// addFigures lists the numbers and short texts of a group by dotted keys. A number has a comma before its decimals, as 1.234 would not
// be read for what it is.
func addFigures(figures map[string]string, prefix string, group model.Values) {
	const longest = 200 // bytes
	for key, value := range group {
		switch value := value.(type) {
		case model.Number:
			figures[prefix+key] = strings.Replace(value.String(), ".", ",", 1)
		case model.Text:
			if len(value) <= longest {
				figures[prefix+key] = string(value)
			}
		case model.Values:
			addFigures(figures, prefix+key+".", value)
		}
	}
}

// Remembered is what a store.Document keeps of a result as JSON: its figures and its tasks, nil where there are none.
func (r *Result) Remembered() (figures, tasks []byte, err error) {
	if r.Figures != nil {
		figures, err = json.Marshal(r.Figures)
	}
	if r.Tasks != nil && err == nil {
		tasks, err = json.Marshal(r.Tasks)
	}
	return figures, tasks, err
}

// Given are the files that a document was asked for with, by the names that people gave them.
func (r *Request) Given() []File {
	given := append([]File{r.File}, r.Tables...)
	if r.Previous != nil {
		given = append(given, *r.Previous)
	}
	if r.Profile != nil {
		given = append(given, File{Name: office.ProfileName, Data: r.Profile})
	}
	return given
}

// Files are those of a result under their names: the Word file first.
func (r *Result) Files() []File {
	list := []File{{Name: r.Name + ".docx", Data: r.DOCX}}
	if r.PDF != nil {
		list = append(list, File{Name: r.Name + ".pdf", Data: r.PDF})
	}
	if r.XLSX != nil {
		list = append(list, File{Name: r.Name + WorkbookEnding, Data: r.XLSX})
	}
	return list
}
