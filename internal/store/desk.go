package store

import "context"

// lastOfOffice holds of the latest version of a document in its office.
const lastOfOffice = `d.version = (SELECT MAX(version) FROM documents WHERE name = d.name AND office = d.office)`

// RecentDocuments returns the latest version of each document that an office made at the desk (not in a batch), the latest first.
func (s *Store) RecentDocuments(ctx context.Context, office string, most int) ([]Document, error) {
	documents, err := queryAll(ctx, s.db, scanDocument, s.placeholders(`SELECT `+documentColumns+` FROM documents d
		WHERE d.office = $1 AND d.draft <> '' AND `+lastOfOffice+` ORDER BY d.made DESC, d.name LIMIT $2`), plain(office), most)
	return documents, wrap("recent documents", err)
}

// DocumentVersions returns the versions of a document of an office, the latest first, or ErrNotFound.
func (s *Store) DocumentVersions(ctx context.Context, office, name string) ([]Document, error) {
	documents, err := queryAll(ctx, s.db, scanDocument, s.placeholders(`SELECT `+documentColumns+` FROM documents d
		WHERE d.office = $1 AND d.name = $2 ORDER BY d.version DESC`), plain(office), plain(name))
	if err == nil && len(documents) == 0 {
		err = ErrNotFound
	}
	return documents, wrap("document versions", err)
}

// DocumentOfNumber returns the latest document of an office that has the number of a key, or ErrNotFound.
func (s *Store) DocumentOfNumber(ctx context.Context, office, key string) (Document, error) {
	if key == "" { // of documents without a number
		return Document{}, wrap("document of number", ErrNotFound)
	}
	document, err := queryRow(ctx, s.db, scanDocument, s.placeholders(`SELECT `+documentColumns+` FROM documents d
		WHERE d.office = $1 AND d.number_key = $2 ORDER BY d.made DESC, d.version DESC LIMIT 1`), plain(office), plain(key))
	return document, wrap("document of number", err)
}

// LastWithTasks returns the document that an office made at the desk (not in a batch, which makes those of others), latest by its date, that follows tasks up, or ErrNotFound.
func (s *Store) LastWithTasks(ctx context.Context, office string) (Document, error) {
	document, err := queryRow(ctx, s.db, scanDocument, s.placeholders(`SELECT `+documentColumns+` FROM documents d
		WHERE d.office = $1 AND d.tasks <> '' AND d.draft <> '' AND `+lastOfOffice+` ORDER BY d.date DESC, d.made DESC LIMIT 1`), plain(office))
	return document, wrap("last with tasks", err)
}
