// Package yaml stands in for go-yaml, which gin imports to bind and render YAML.
package yaml

import (
	"errors"
	"io"
)

// Decoder reads nothing: this YAML is not linked.
type Decoder struct{}

// NewDecoder returns a Decoder.
func NewDecoder(io.Reader) *Decoder { return nil }

// Decode fails.
func (*Decoder) Decode(any) error { return errors.ErrUnsupported }

// Marshal fails: this YAML is not linked.
func Marshal(any) ([]byte, error) { return nil, errors.ErrUnsupported }
