package source

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"vanthu/internal/model"
	"vanthu/internal/vi"

	"vanthu/internal/diag"
)

// readJSON reads JSON as RFC 8259 has it, token by token, since each value must keep its line.
func (r *reader) readJSON(text string) (model.Node, bool) {
	j := &jsonReader{reader: r, text: text, decoder: json.NewDecoder(strings.NewReader(text))}
	j.line, j.column = 1, 1
	j.decoder.UseNumber()
	root, err := j.next(0)
	if err != nil {
		j.complainOf(err)
		return model.Node{}, false
	}
	if _, err := j.decoder.Token(); !errors.Is(err, io.EOF) {
		j.complainOf(errTrailing)
		return model.Node{}, false
	}
	return root, true
}

var (
	errTrailing = errors.New("text after the end")
	errTooDeep  = errors.New("too deep")
)

type jsonReader struct {
	*reader
	text         string
	decoder      *json.Decoder
	at           int // offset that line and column belong to
	line, column int // of at, in runes from 1
}

// locate moves line and column on to where the token after the last one begins.
func (j *jsonReader) locate() {
	at := int(j.decoder.InputOffset())
	for at < len(j.text) && strings.IndexByte(" \t\n,:", j.text[at]) >= 0 {
		at++
	}
	j.moveTo(at)
}

func (j *jsonReader) moveTo(at int) {
	for ; j.at < min(at, len(j.text)); j.at++ {
		switch c := j.text[j.at]; {
		case c == '\n':
			j.line++
			j.column = 1
		case utf8.RuneStart(c):
			j.column++
		}
	}
}

// next reads one value with all it holds.
func (j *jsonReader) next(depth int) (model.Node, error) {
	j.locate()
	node := model.Node{Place: j.place(j.line, j.column)}
	token, err := j.decoder.Token()
	if err != nil {
		return node, err
	}
	switch token := token.(type) {
	case json.Delim:
		if depth >= MaxDepth {
			return node, errTooDeep
		}
		if token == '[' {
			node.Shape = model.List
			for j.decoder.More() {
				item, err := j.next(depth + 1)
				if err != nil {
					return node, err
				}
				node.Items = append(node.Items, item)
			}
		} else {
			node.Shape = model.Group
			for j.decoder.More() {
				j.locate()
				field := model.Field{Place: j.place(j.line, j.column)}
				key, err := j.decoder.Token()
				if err != nil {
					return node, err
				}
				field.Key = vi.NFC(key.(string)) // the decoder takes nothing else for a key
				if field.Value, err = j.next(depth + 1); err != nil {
					return node, err
				}
				node.Fields = append(node.Fields, field)
			}
		}
		_, err = j.decoder.Token() // the closing bracket
		return node, err
	case string:
		node.Shape, node.Text = model.Scalar, vi.Clean(token)
	case json.Number:
		node.Shape, node.Text = model.Scalar, token.String()
	case bool:
		node.Shape, node.Text = model.Scalar, map[bool]string{true: "true", false: "false"}[token]
	}
	return node, nil
}

func (j *jsonReader) complainOf(err error) {
	hint := "mỗi khóa và mỗi chữ đặt trong dấu nháy kép, giữa các mục có dấu phẩy, sau mục cuối không có dấu phẩy"
	message := "tệp JSON viết sai ở gần chỗ này"
	j.moveTo(int(j.decoder.InputOffset()))
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errTooDeep):
		j.complainOfDepth(j.line, j.column)
		return
	case errors.Is(err, errTrailing):
		message = "sau khi dữ liệu đã kết thúc vẫn còn chữ"
		hint = "bỏ phần chữ sau dấu } cuối cùng"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		message = "tệp JSON kết thúc khi chưa đủ dấu đóng"
		hint = "thêm dấu }, ] hoặc \" còn thiếu"
	case errors.As(err, &syntax):
		j.moveTo(int(syntax.Offset) - 1)
	}
	j.complain(diag.BadJSON, j.line, j.column, hint, message)
}
