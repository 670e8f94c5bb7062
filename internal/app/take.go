package app

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"vanthu/internal/model"
	"vanthu/internal/parallel"
	"vanthu/internal/store"
)

// TakeNumbers takes the numbers of many documents in the order of their dates, and of the documents where dates are alike. Make gives
// each the same number again, and tells of those that get none: what cannot be made, and what the register refuses. request is called
// for 0 to n-1, several at once.
func (a *App) TakeNumbers(ctx context.Context, n int, request func(int) (Request, error)) error {
	if a.register == nil {
		return errNoRegister
	}
	type reading struct {
		asked  *store.Request
		former string // the key of the number that the document had
		err    error
	}
	read := func(i int) reading {
		if err := ctx.Err(); err != nil {
			return reading{err: err}
		}
		one, err := request(i)
		if err != nil {
			return reading{err: err}
		}
		asked, err := a.asking(one)
		if stumbled := (*Panic)(nil); errors.As(err, &stumbled) {
			err = nil
		}
		return reading{asked, one.NumberKey, err}
	}
	indices := make([]int, n)
	for i := range indices {
		indices[i] = i
	}
	var asked []reading
	for _, one := range parallel.InOrder(indices, read) {
		if one.err != nil {
			return one.err
		}
		if one.asked != nil {
			asked = append(asked, one)
		}
	}
	slices.SortStableFunc(asked, func(a, b reading) int { return cmp.Compare(b.asked.Date.Until(a.asked.Date), 0) })
	for _, one := range asked {
		if _, _, err := a.reserve(ctx, *one.asked, one.former); err != nil {
			return err
		}
	}
	return nil
}

// asking is what the register is asked for a document, read and checked as Make does. It is nil for one that findings block, or that has
// a number, or needs none.
func (a *App) asking(request Request) (asked *store.Request, err error) {
	defer guard("number", &err)
	data, _, found, err := a.document(request)
	if err != nil || found.Blocking() {
		return nil, err
	}
	symbol, _ := data.document.Values["so_ky_hieu"].(model.Text)
	if _, typed := data.document.Values["so"]; typed || symbol == "" {
		return nil, nil
	}
	wanted, found, err := a.asks(request, &data, string(symbol))
	if err != nil || found.Blocking() {
		return nil, err
	}
	return &wanted, nil
}
