// Package app has one method for each thing a user can ask. It is the only room that calls the verbs; Make calls the whole
// data path in order and is the architecture drawing in code.
package app

import (
	"context"
	"io/fs"
	"time"

	"vanthu/internal/diag"
)

// Config is what an App is made from. Its zero value uses the embedded templates and fonts and no office profile.
type Config struct {
	Templates fs.FS            // an office's own templates beside the embedded ones, or nil
	Fonts     fs.FS            // an office's own fonts beside the embedded ones, or nil
	Profile   []byte           // the office's don-vi.yaml, or nil
	Now       func() time.Time // the clock, given by cmd
}

// App holds what is compiled once at start. It is safe for concurrent use.
type App struct{}

// New loads fonts, compiles every template and reads the profile. Findings are about the office's own templates, fonts and
// profile; an App is given unless they block.
func New(config Config) (*App, diag.Findings, error) { panic("todo") }

// Kind is a kind of document that can be made.
type Kind struct {
	Slug    string `json:"slug" doc:"Tên không dấu, dùng trong dữ liệu (loai)" example:"ke-hoach"`
	Name    string `json:"name" doc:"Tên loại văn bản" example:"Kế hoạch"`
	Group   string `json:"group" doc:"Nhóm"`
	Summary string `json:"summary" doc:"Dùng khi nào"`
}

// Kinds lists the kinds by group and name.
func (a *App) Kinds() []Kind { panic("todo") }

// Starter gives an annotated YAML file for a kind, to fill in. An unknown kind is a finding with a "did you mean".
func (a *App) Starter(kind string) ([]byte, diag.Findings) { panic("todo") }

// Request asks for one document.
type Request struct {
	Name    string // of the data file, for findings and to tell YAML (.yaml, .yml) from JSON (.json)
	Data    []byte
	Profile []byte // a don-vi.yaml that takes the place of the configured one, or nil
	PDF     bool   // make the PDF too
}

// Result is a document made.
type Result struct {
	Name  string // file name without its ending, plain ASCII: "01-KH-HDND-ke-hoach-thuc-hien-nghi-quyet"
	DOCX  []byte
	PDF   []byte // nil unless asked for
	Pages int    // 0 unless a PDF was asked for
}

// Make takes a data file to the Word file and its PDF. Findings are all those of the run; when they block, the Result is empty.
// An error is a fault of the program or the machine.
func (a *App) Make(ctx context.Context, request Request) (Result, diag.Findings, error) {
	panic("todo")
}

// Convert takes any Word file to PDF. What the file holds that cannot be laid out is a finding each.
func (a *App) Convert(ctx context.Context, name string, docx []byte) (pdf []byte, found diag.Findings, err error) {
	panic("todo")
}

// WriteFile writes a file whole or not at all: under a temporary name in the same folder, then renamed.
func WriteFile(path string, data []byte) error { panic("todo") }
