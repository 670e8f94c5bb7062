package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket keeps files in a bucket of an S3 server, below a prefix. Each is written with one request, which the server takes whole or not
// at all, and which is made again where the network fails and the data can be read again. Where the answer is lost for good, Put fails
// though the new file may be there. S3 allows 5 GiB a request.
type Bucket struct {
	client *minio.Core
	name   string
	prefix string // "" or ending in a stroke
}

// openBucket opens the bucket at a place and makes sure that it is there.
func openBucket(ctx context.Context, place string) (*Bucket, error) {
	if strings.Contains(place, "@") { // the place itself stays out of the error, and so out of logs
		return nil, errors.New("file store s3: keys do not belong in its place: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")
	}
	fail := func(problem, remedy string, err error) (*Bucket, error) {
		return nil, fmt.Errorf("file store %q: %s: %w: %s", place, problem, err, remedy)
	}
	bucket, endpoint, region, err := parseBucket(place)
	if err != nil {
		return fail("the place cannot be read", "write it as "+bucketForm, err)
	}
	if os.Getenv("AWS_ACCESS_KEY_ID") == "" || os.Getenv("AWS_SECRET_ACCESS_KEY") == "" {
		return fail("the server asks for keys", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", errors.New("there are none in the environment"))
	}
	// The trailer of a request carries a checksum. Without it some servers take a request over TLS that breaks off for a whole file.
	bucket.client, err = minio.NewCore(endpoint.Host, &minio.Options{
		Creds:           credentials.NewEnvAWS(),
		Secure:          endpoint.Scheme == "https",
		Region:          region,
		TrailingHeaders: true,
	})
	if err != nil {
		return fail("the endpoint cannot be used", "write the place as "+bucketForm, err)
	}
	for _, err = range bucket.List(ctx, "") { // the first file, if any: an answer to this tells more than one to whether it is there
		break
	}
	var answer minio.ErrorResponse
	switch answered := errors.As(err, &answer); {
	case answered && answer.Code == minio.NoSuchBucket:
		return fail("wanted a bucket that is there", "make it on the server, or name another", err)
	case answered:
		return fail("the server refuses", "check the keys and the region, and that the keys may list, read, write and delete in the bucket", err)
	case err != nil:
		return fail("wanted a bucket that can be reached", "check the place, and that the server is running", err)
	}
	return bucket, nil
}

// parseBucket reads a place.
func parseBucket(place string) (bucket *Bucket, endpoint *url.URL, region string, err error) {
	address, err := url.Parse(place)
	if err != nil {
		return nil, nil, "", err
	}
	settings, err := url.ParseQuery(address.RawQuery)
	if err != nil {
		return nil, nil, "", err
	}
	for key, values := range settings {
		if key != "endpoint" && key != "region" || len(values) != 1 {
			return nil, nil, "", errors.New("wanted one endpoint and at most one region after the question mark, and nothing else")
		}
	}
	endpoint, err = url.Parse(settings.Get("endpoint"))
	if err != nil {
		return nil, nil, "", err
	}
	if endpoint.Scheme != "http" && endpoint.Scheme != "https" || endpoint.Host == "" || strings.Trim(endpoint.Path, "/") != "" {
		return nil, nil, "", fmt.Errorf("its endpoint is %q, wanted https://host or https://host:port", endpoint)
	}
	if address.Host == "" {
		return nil, nil, "", errors.New("it names no bucket")
	}
	bucket = &Bucket{name: address.Host}
	if prefix := strings.Trim(address.Path, "/"); prefix != "" {
		if err := checkName(prefix); err != nil {
			return nil, nil, "", err
		}
		bucket.prefix = prefix + "/"
	}
	return bucket, endpoint, settings.Get("region"), nil
}

// Put is that of Store.
func (b *Bucket) Put(ctx context.Context, name string, data io.Reader, size int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := b.put(ctx, name, data, size); err != nil {
		return fmt.Errorf("keep %s in bucket %s: %w", name, b.name, err)
	}
	return nil
}

func (b *Bucket) put(ctx context.Context, name string, data io.Reader, size int64) error {
	first, err := promise(ctx, data, size)
	if err != nil {
		return err
	}
	var body io.Reader = first
	if seeker, ok := data.(io.Seeker); ok {
		if start, err := seeker.Seek(0, io.SeekCurrent); err == nil {
			body = &repeated{first: first, data: seeker, start: start}
		}
	}
	if size == 0 { // of a body of no bytes the client reads none
		if _, err := body.Read(make([]byte, 1)); err != io.EOF {
			return err
		}
	}
	// In one request nothing is held in memory, and a process that is killed leaves no parts on the server.
	_, err = b.client.PutObject(ctx, b.name, b.prefix+name, body, size, "", "", minio.PutObjectOptions{})
	return err
}

// Get is that of Store.
func (b *Bucket) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	file, info, _, err := b.client.GetObject(ctx, b.name, b.prefix+name, minio.GetObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, fmt.Errorf("get %s from bucket %s: %w", name, b.name, err)
	}
	return opened{file, info.Size}, nil
}

// Delete is that of Store.
func (b *Bucket) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := b.client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("delete %s from bucket %s: %w", name, b.name, err)
	}
	return nil
}

// List is that of Store. It leaves out what Get would refuse for its name: the marks that consoles make for folders.
func (b *Bucket) List(ctx context.Context, under string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if err := checkUnder(under); err != nil {
			yield(Info{}, err)
			return
		}
		for object := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix + under, Recursive: true}) {
			if object.Err != nil {
				yield(Info{}, fmt.Errorf("list %q in bucket %s: %w", under, b.name, object.Err))
				return
			}
			name := strings.TrimPrefix(object.Key, b.prefix)
			if checkName(name) == nil && !yield(Info{Name: name, Size: object.Size}, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil { // at which the list above ends without a word
			yield(Info{}, fmt.Errorf("list %q in bucket %s: %w", under, b.name, err))
		}
	}
}
