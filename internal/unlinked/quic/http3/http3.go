// Package http3 stands in for the one of quic-go, which gin imports for Engine.RunQUIC. The service speaks HTTP/1.1 and HTTP/2.
package http3

import (
	"errors"
	"net/http"
)

// ListenAndServeQUIC fails: HTTP/3 is not linked.
func ListenAndServeQUIC(addr, certFile, keyFile string, handler http.Handler) error {
	return errors.ErrUnsupported
}
