package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// ContentFolder is where a store has what people gave and what the desk made, each file under its hash.
const ContentFolder = ".vanthu/du-lieu/"

// ErrSpoilt says that a file is not what its hash says.
var ErrSpoilt = errors.New("the file is not what was kept")

// PutContent keeps data under their hash, SHA-256 in hexadecimal, unless they are there.
func PutContent(ctx context.Context, store Store, data []byte) (hash string, err error) {
	sum := sha256.Sum256(data)
	hash = hex.EncodeToString(sum[:])
	there, err := store.Get(ctx, ContentFolder+hash)
	if err == nil {
		return hash, there.Close()
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	return hash, Write(ctx, store, ContentFolder+hash, data)
}

// Content returns what PutContent kept. The error is fs.ErrNotExist where there is nothing of that hash, ErrSpoilt where it has other bytes.
func Content(ctx context.Context, store Store, hash string, most int64) ([]byte, error) {
	if raw, err := hex.DecodeString(hash); err != nil || len(raw) != sha256.Size {
		return nil, fmt.Errorf("content %q: %w", hash, fs.ErrNotExist)
	}
	data, err := ReadAll(ctx, store, ContentFolder+hash, most)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != hash {
		return nil, fmt.Errorf("content %s: %w", hash, ErrSpoilt)
	}
	return data, nil
}

// IsLost reports whether an error says that a file is gone or spoilt, rather than that the store cannot read at the moment.
func IsLost(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrSpoilt) }

// Location returns the name under which a store has the file of a document: of a batch that is its own name, a path; of the desk it follows from its hash.
func Location(name, hash string) string {
	if strings.Contains(name, "/") {
		return name
	}
	return ContentFolder + hash
}
