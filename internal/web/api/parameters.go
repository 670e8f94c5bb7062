package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"vanthu/internal/web"
)

// parameters reads the parameters of a request. It keeps what is wrong with each, so that a caller hears of all at once.
type parameters struct {
	request *http.Request
	wrong   []web.Invalid
}

func (p *parameters) refuse(location, message string) {
	p.wrong = append(p.wrong, web.Invalid{Location: location, Message: message})
}

// problem returns the refusal of what is wrong, or nil.
func (p *parameters) problem() *web.Problem {
	if len(p.wrong) == 0 {
		return nil
	}
	refused := web.NewProblem(http.StatusUnprocessableEntity, "Tham số sai: "+p.wrong[0].Location+": "+p.wrong[0].Message+".")
	refused.Errors = p.wrong
	return refused
}

// oneOf returns a parameter of the query that has one of some values; otherwise where it is not given.
func (p *parameters) oneOf(name string, values []string, otherwise string) string {
	value := p.request.URL.Query().Get(name)
	if value == "" {
		return otherwise
	}
	if !slices.Contains(values, value) {
		p.refuse("query."+name, "cần một trong các giá trị “"+strings.Join(values, ", ")+"”")
	}
	return value
}

// isTrue reports whether a parameter of the query is true. It is false where it is not given.
func (p *parameters) isTrue(name string) bool {
	value := p.request.URL.Query().Get(name)
	if value == "" {
		return false
	}
	yes, err := strconv.ParseBool(value)
	if err != nil {
		p.refuse("query."+name, "cần true hoặc false")
	}
	return yes
}

// maxKey is how many characters an Idempotency-Key has at most.
const maxKey = 200

// idempotencyKey returns the name that a caller gave to what is asked, by which a repetition is known; empty where there is none.
func (p *parameters) idempotencyKey() string {
	const name = "Idempotency-Key"
	key := p.request.Header.Get(name)
	if utf8.RuneCountInString(key) > maxKey {
		p.refuse("header."+name, "cần nhiều nhất "+strconv.Itoa(maxKey)+" ký tự")
	}
	if strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) {
		p.refuse("header."+name, "cần chuỗi là chữ ASCII in được")
	}
	return key
}
