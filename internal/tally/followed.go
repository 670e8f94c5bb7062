package tally

import (
	"strings"

	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// Task is something that a document follows up: a row of one of its tables that has a deadline.
type Task struct {
	Title string // on one line
	Body  string // who is in charge, or empty
	Due   vi.Date
	Done  bool
	State string // as the table says it: "Chưa hoàn thành quá hạn", "Hoàn thành một phần"
}

// Tasks lists what a document follows up as of its closing date, in the order of its tables: tasks, the roadmap, recommendations, petitions
// of voters. A row that does not say what is to be done is none. doc is not changed.
func Tasks(doc *model.Document) []Task {
	if Fields(doc.Schema) == nil {
		return nil
	}
	l := read(doc)
	var followed []Task
	add := func(row model.Values, bodyKey string, done bool, state string) {
		if title := strings.Join(strings.Fields(row.Text(model.BodyKey)), " "); title != "" {
			followed = append(followed, Task{title, strings.Join(strings.Fields(row.Text(bodyKey)), " "), row.Day(dueKey), done, state})
		}
	}
	for _, t := range l.tasks {
		add(t.row, chargeKey, !t.state.open(), t.state.String())
	}
	for _, t := range l.steps {
		add(t.row, chargeKey, !t.state.open(), t.state.String())
	}
	for _, r := range l.recommendations {
		add(r.row, bodyKey, r.level == fulfilled, r.level.String())
	}
	for _, p := range l.petitions {
		add(p.row, bodyKey, p.state == answered, p.state.String())
	}
	return followed
}
