package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// isDesk reports whether this program already serves at an address of this machine.
func isDesk(ctx context.Context, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.Header.Get("X-Request-Id") != "" && response.Header.Get("Content-Security-Policy") != ""
}

// show opens the browser of whoever sits at this machine, or says what to do where there is none.
func (s *server) show(url string) {
	if err := s.browse(url); err != nil {
		fmt.Fprintf(s.stderr, "Không tự mở được trình duyệt; hãy mở trình duyệt và vào địa chỉ %s\n", url)
	}
}
