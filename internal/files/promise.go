package files

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// promised reads what Put was given, and fails where that has not the size promised or ctx has ended. It passes the last byte on only
// when it knows that none follows: whoever counts bytes at the other end never has all of a file that is wrong.
type promised struct {
	ctx  context.Context
	data io.Reader
	size int64 // bytes promised
	left int64 // bytes to come
	err  error // how reading ended
}

// promise returns a reader of data, of which size bytes are to come.
func promise(ctx context.Context, data io.Reader, size int64) (*promised, error) {
	if size < 0 {
		return nil, fmt.Errorf("a size of %d bytes was promised: wanted that of the data", size)
	}
	return &promised{ctx: ctx, data: data, size: size, left: size}, nil
}

func (p *promised) Read(buffer []byte) (int, error) {
	if p.err == nil {
		p.err = p.ctx.Err()
	}
	if p.err != nil || len(buffer) == 0 {
		return 0, p.err
	}
	n, err := p.data.Read(buffer[:min(int64(len(buffer)), p.left)])
	p.left -= int64(n)
	switch {
	case p.left == 0 && err == nil:
		err = p.end()
	case p.left > 0 && errors.Is(err, io.EOF):
		err = fmt.Errorf("the data ends after %d of the %d bytes promised: %w", p.size-p.left, p.size, io.ErrUnexpectedEOF)
	}
	p.err = err
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	return n, err
}

// end returns io.EOF where the data has ended and nobody has said to stop.
func (p *promised) end() error {
	var more [1]byte
	n, err := io.ReadFull(p.data, more[:])
	if n > 0 {
		return fmt.Errorf("the data has more than the %d bytes promised", p.size)
	}
	return cmp.Or(p.ctx.Err(), err)
}

// repeated is a promise about data that can be read again from where it began, so that a request can be made again where the network
// failed. A request that has failed may still read while the next begins: the lock keeps the two apart, and what the first took the
// second lacks, which it finds.
type repeated struct {
	lock  sync.Mutex
	first *promised
	data  io.Seeker
	start int64 // where the data began
}

func (r *repeated) Read(buffer []byte) (int, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	return r.first.Read(buffer)
}

// Seek goes to the start, the one place it can go to. It fails where the data itself was at fault: no repetition mends that.
func (r *repeated) Seek(offset int64, whence int) (int64, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if offset != 0 || whence != io.SeekStart {
		return 0, errors.ErrUnsupported
	}
	if r.first.err != nil && !errors.Is(r.first.err, io.EOF) {
		return 0, r.first.err
	}
	if _, err := r.data.Seek(r.start, io.SeekStart); err != nil {
		return 0, err
	}
	r.first.left, r.first.err = r.first.size, nil
	return 0, nil
}
