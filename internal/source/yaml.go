package source

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"vanthu/internal/model"

	"vanthu/internal/diag"
	"vanthu/internal/vi"
)

// readYAML reads the part of YAML that a data file needs: one document of groups, lists and text. Anchors, aliases, merge keys and
// tags are refused, so nothing can grow beyond what was typed.
func (r *reader) readYAML(text string) (model.Node, bool) {
	lines := slices.AppendSeq(make([]string, 0, strings.Count(text, "\n")+2), strings.Lines("\n"+text))
	y := &yamlReader{reader: r, lines: lines}
	body, second, err := y.parse()
	switch {
	case err != nil:
		y.complainOf(err)
		return model.Node{}, false
	case body == nil:
		r.complain(diag.EmptyFile, 0, 0, "điền dữ liệu vào tệp rồi làm lại", "tệp không có nội dung")
		return model.Node{}, false
	case second != nil:
		r.complain(diag.ManyDocuments, second.Line-1, 0, "tách mỗi văn bản ra một tệp, bỏ dòng ---",
			"tệp có nhiều phần ngăn bởi dấu ---")
		return model.Node{}, false
	}
	return y.node(body, 0), true
}

// yamlReader hands a file to the parser line by line, and so knows how far the parser has come.
//
// Before the first line goes an empty one: in its errors the parser takes line 0 for an unknown one and tells another instead. Its
// own line numbers are therefore one too high.
type yamlReader struct {
	*reader
	lines []string // by their number in the file, each with its \n; the empty one is line 0
	taken int      // lines handed over, the empty one among them
	rest  string   // of the last line taken

	line, column, offset int // where markAt looked last, as the parser counts, and that column's offset in bytes
}

// Read is for the parser alone.
func (y *yamlReader) Read(p []byte) (int, error) {
	if y.rest == "" {
		if y.taken == len(y.lines) {
			return 0, io.EOF
		}
		y.rest = y.lines[y.taken]
		y.taken++
	}
	n := copy(p, y.rest)
	y.rest = y.rest[n:]
	return n, nil
}

var errParser = errors.New("the parser failed")

// parse returns the first document that is not empty, and the one after it if there is one.
func (y *yamlReader) parse() (first, second *yaml.Node, err error) {
	defer func() {
		if recover() != nil { // the parser has faults on input that is no YAML at all
			err = errParser
		}
	}()
	decoder := yaml.NewDecoder(y)
	for {
		var document yaml.Node
		if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
			return first, nil, nil
		} else if err != nil {
			return nil, nil, err
		}
		switch body := document.Content[0]; {
		case body.Kind == yaml.ScalarNode && body.Style == 0 && body.Value == "":
		case first != nil:
			return first, body, nil
		default:
			first = body
		}
	}
}

// node turns a node of the parser into ours.
func (y *yamlReader) node(n *yaml.Node, depth int) model.Node {
	node := model.Node{Place: y.place(min(n.Line, len(y.lines))-1, n.Column)} // a blank value may stand after the last line
	if len(y.found) >= maxFound {                                             // no more is told, and the record is not used
		return node
	}
	if mark := y.markAt(n); mark != "" {
		y.complainOfMark(mark, n.Line-1, n.Column)
		return node
	}
	if n.Kind != yaml.ScalarNode && depth >= MaxDepth {
		y.complainOfDepth(n.Line-1, n.Column)
		return node
	}
	switch n.Kind {
	case yaml.MappingNode:
		node.Shape = model.Group
		node.Fields = make([]model.Field, 0, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			node.Fields = append(node.Fields, model.Field{
				Key: y.key(n.Content[i]), Place: y.place(n.Content[i].Line-1, n.Content[i].Column), Value: y.node(n.Content[i+1], depth+1),
			})
		}
	case yaml.SequenceNode:
		node.Shape = model.List
		node.Items = make([]model.Node, len(n.Content))
		for i, item := range n.Content {
			node.Items[i] = y.node(item, depth+1)
		}
	case yaml.ScalarNode:
		if n.Tag != "!!null" { // a blank, ~ or null
			node.Shape, node.Text, node.Block = model.Scalar, textOf(n), n.Style == yaml.LiteralStyle
		}
	}
	return node
}

// textOf returns the text of a scalar. Only between double quotes can letters be written that the file itself does not hold.
func textOf(n *yaml.Node) string {
	if n.Style == yaml.DoubleQuotedStyle {
		return vi.Clean(n.Value)
	}
	return n.Value
}

func (y *yamlReader) key(n *yaml.Node) string {
	plain := n.Style == 0 || n.Style == yaml.DoubleQuotedStyle || n.Style == yaml.SingleQuotedStyle
	if n.Kind != yaml.ScalarNode || n.Tag == "!!merge" || !plain || y.markAt(n) != "" {
		y.complain(diag.YAMLKey, n.Line-1, n.Column, "viết khóa là một từ, ví dụ “trich_yeu:”", "khóa viết theo cách không được dùng")
	}
	return textOf(n)
}

// markAt is the mark of an alias, anchor or tag at which a node begins, or "". The file is asked, for the parser does not tell of
// a single "!" before a text. Nodes are asked for in the order of the file, so that a long line is walked once.
func (y *yamlReader) markAt(n *yaml.Node) string {
	if n.Line != y.line || n.Column < y.column {
		y.line, y.column, y.offset = n.Line, 1, 0
	}
	rest := y.lines[min(n.Line, len(y.lines))-1][y.offset:]
	for rest != "" && y.column < n.Column {
		_, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
		y.offset += size
		y.column++
	}
	if rest == "" || strings.IndexByte("&*!", rest[0]) < 0 {
		return ""
	}
	return rest[:1]
}

func (y *yamlReader) complainOfMark(mark string, line, column int) {
	y.complain(diag.YAMLMark, line, column,
		fmt.Sprintf("nếu dấu “%s” là chữ của văn bản, đặt cả dòng chữ trong dấu nháy kép", mark),
		fmt.Sprintf("dấu “%s” ở đầu giá trị có nghĩa riêng trong YAML và không được dùng", mark))
}
