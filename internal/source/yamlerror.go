package source

import (
	"errors"
	"strings"

	yaml "github.com/goccy/go-yaml"
)

// badYAML turns a syntax error into a finding: the line, what most likely went wrong there, and what to type instead. The parser
// speaks English and of its own insides, so the line itself is looked at.
func (r *reader) badYAML(text string, err error) {
	line, column := 0, 0
	message := ""
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) {
		message = syntax.Message
		if syntax.Token != nil && syntax.Token.Position != nil {
			line, column = syntax.Token.Position.Line, syntax.Token.Position.Column
		}
	}
	typed := lineAt(text, line)
	what, hint := "dòng này viết chưa đúng",
		"viết mỗi mục một dòng dạng “khóa: giá trị”; giá trị có dấu đặc biệt đặt trong dấu nháy kép"
	switch {
	case strings.HasPrefix(strings.TrimLeft(typed, " "), "\t"):
		what, hint = "dòng này thụt vào bằng phím Tab", "thụt vào bằng dấu cách, mỗi cấp hai dấu cách"
	case strings.Contains(message, "end character of"):
		what, hint = "dấu nháy mở ra mà không đóng lại", "thêm dấu nháy ở cuối; dấu nháy kép bên trong viết là \\\""
	case strings.Contains(message, "end token"), strings.Contains(message, "could not find flow"):
		what, hint = "dấu [ hoặc { mở ra mà không đóng lại",
			"thêm dấu ] hoặc }; nếu là chữ của văn bản, đặt cả dòng trong dấu nháy kép"
	case strings.Contains(message, "reserved character"), strings.Contains(message, "directive"):
		what, hint = "giá trị bắt đầu bằng một dấu có nghĩa riêng trong YAML", "đặt giá trị trong dấu nháy kép, ví dụ: \"@abc\""
	case strings.Contains(message, "mapping value is not allowed") && strings.Count(typed, ": ")+strings.Count(typed+"\n", ":\n") > 1:
		what, hint = "giá trị có dấu hai chấm nên máy hiểu là một khóa nữa",
			"đặt giá trị trong dấu nháy kép, ví dụ: trich_yeu: \"Kế hoạch: năm 2026\""
	case strings.Contains(message, "mapping value is not allowed"):
		what, hint = "dòng này, hoặc dòng ngay dưới, thụt vào không khớp với các dòng cùng cấp",
			"các khóa cùng cấp bắt đầu ở cùng một cột; thụt vào bằng dấu cách"
	case strings.Contains(message, "pre-defined"), strings.Contains(message, "value is not allowed"):
		what, hint = "sau giá trị trong dấu nháy còn chữ nữa",
			"đặt cả giá trị trong dấu nháy đơn, ví dụ: 'Phong trào \"Dân vận khéo\" năm 2026'"
	case strings.Contains(message, "block sequence entries"):
		what, hint = "mục của danh sách phải ở dòng riêng", "xuống dòng sau dấu hai chấm rồi viết “- …”"
	case strings.Contains(message, "non-map value"), strings.Contains(message, "unexpected key name"):
		what, hint = "dòng này không có dạng “khóa: giá trị”", "thêm dấu hai chấm và một dấu cách sau khóa; "+
			"nếu là phần tiếp của dòng trên, thụt vào hai dấu cách; nội dung nhiều dòng viết sau “khóa: |”"
	}
	r.complain("bad-yaml", line, column, hint, what)
}

func lineAt(text string, line int) string {
	for l := 1; ; l++ {
		before, after, more := strings.Cut(text, "\n")
		if l == line || !more {
			return before
		}
		text = after
	}
}
