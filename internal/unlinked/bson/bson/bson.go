// Package bson stands in for the one of MongoDB's driver, which gin imports to bind and render BSON.
package bson

import "errors"

// Marshal fails: BSON is not linked.
func Marshal(any) ([]byte, error) { return nil, errors.ErrUnsupported }

// Unmarshal fails: BSON is not linked.
func Unmarshal([]byte, any) error { return errors.ErrUnsupported }
