// Package toml stands in for go-toml, which gin imports to bind and render TOML.
package toml

import (
	"errors"
	"io"
)

// Decoder reads nothing: this TOML is not linked.
type Decoder struct{}

// NewDecoder returns a Decoder.
func NewDecoder(io.Reader) *Decoder { return nil }

// Decode fails.
func (*Decoder) Decode(any) error { return errors.ErrUnsupported }

// Marshal fails: this TOML is not linked.
func Marshal(any) ([]byte, error) { return nil, errors.ErrUnsupported }
