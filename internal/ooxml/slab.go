package ooxml

// slab hands out slices cut from pieces, which grow with what is asked of it: a small part shall not pay for a large one.
type slab[T any] struct {
	free []T
	size int
}

// room returns an empty slice to append to, with room for n. What comes of it is either kept or given up before the next call.
func (s *slab[T]) room(n int) []T {
	if n > len(s.free) {
		s.size = min(max(16, s.size+s.size/2), 1024)
		s.free = make([]T, max(n, s.size))
	}
	return s.free[:0]
}

// keep takes what was appended to a room out of the slab, unless it grew too large and has memory of its own. Nothing gives nil.
func (s *slab[T]) keep(used []T) []T {
	n := len(used)
	if n == 0 {
		return nil
	}
	if &used[0] == &s.free[0] {
		s.free = s.free[n:]
	}
	return used[:n:n]
}

// take returns n zero values.
func (s *slab[T]) take(n int) []T { return s.keep(s.room(n)[:n]) }
