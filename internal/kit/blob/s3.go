package blob

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3Config says where a bucket is and how to reach it.
type S3Config struct {
	Endpoint  string // host:port
	Bucket    string
	Prefix    string // "" or a folder ending in "/", so that counties can share a bucket
	Region    string // "" asks the server
	AccessKey string
	SecretKey string
	TLS       bool   // https
	Spool     string // folder for uploads on their way; "" is the system's
}

type bucket struct {
	c   *minio.Client
	cfg S3Config
}

// S3 keeps bytes in a bucket, which is made when missing.
func S3(ctx context.Context, cfg S3Config) (Store, error) {
	c, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds:  credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""),
		Secure: cfg.TLS, Region: cfg.Region,
	})
	if err != nil {
		return nil, fmt.Errorf("blob: s3: %w", err)
	}
	k := &bucket{c, cfg}
	if err := k.exist(ctx); err != nil {
		return nil, fmt.Errorf("blob: s3: bucket %s: %w", cfg.Bucket, err)
	}
	return k, nil
}

// exist makes the bucket unless it is there, or another program makes it just now.
func (k *bucket) exist(ctx context.Context) error {
	ok, err := k.c.BucketExists(ctx, k.cfg.Bucket)
	if err != nil || ok {
		return err
	}
	err = k.c.MakeBucket(ctx, k.cfg.Bucket, minio.MakeBucketOptions{Region: k.cfg.Region})
	if minio.ToErrorResponse(err).Code == "BucketAlreadyOwnedByYou" {
		return nil
	}
	return err
}

func (k *bucket) Put(ctx context.Context, r io.Reader) (sum string, size int64, err error) {
	return k.put(ctx, "", r)
}

func (k *bucket) PutAs(ctx context.Context, sum string, r io.Reader) error {
	if _, err := originalKey(sum); err != nil {
		return err
	}
	_, _, err := k.put(ctx, sum, r)
	return err
}

// put spools first, because an object's name must be known before it is sent.
// Sending equal bytes again renews their age.
func (k *bucket) put(ctx context.Context, announced string, r io.Reader) (sum string, size int64, err error) {
	s, err := spool(ctx, k.cfg.Spool, r)
	if err != nil {
		return "", 0, err
	}
	defer s.drop()
	if err := s.is(announced); err != nil {
		return "", 0, err
	}
	key, err := originalKey(s.sum)
	if err != nil {
		return "", 0, err
	}
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		return "", 0, fmt.Errorf("blob: put: %w", err)
	}
	return s.sum, s.size, k.send(ctx, key, s.File, s.size)
}

func (k *bucket) send(ctx context.Context, key string, r io.Reader, size int64) error {
	_, err := k.c.PutObject(ctx, k.cfg.Bucket, k.cfg.Prefix+key, r, size,
		minio.PutObjectOptions{ContentType: "application/octet-stream"})
	if err != nil {
		return fmt.Errorf("blob: s3: put %s: %w", key, err)
	}
	return nil
}

func (k *bucket) Open(ctx context.Context, sum string) (io.ReadSeekCloser, int64, error) {
	key, err := originalKey(sum)
	if err != nil {
		return nil, 0, err
	}
	return k.open(ctx, key)
}

func (k *bucket) open(ctx context.Context, key string) (*minio.Object, int64, error) {
	o, err := k.c.GetObject(ctx, k.cfg.Bucket, k.cfg.Prefix+key, minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, missing(err, key)
	}
	info, err := o.Stat()
	if err != nil {
		o.Close()
		return nil, 0, missing(err, key)
	}
	return o, info.Size, nil
}

// missing tells an absent object from a failing server.
func missing(err error, key string) error {
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return fmt.Errorf("%w: %s", ErrNotFound, key)
	}
	return fmt.Errorf("blob: s3: %s: %w", key, err)
}

func (k *bucket) Stat(ctx context.Context, sum string) (int64, error) {
	info, err := k.info(ctx, sum)
	return info.Size, err
}

func (k *bucket) modified(ctx context.Context, sum string) (time.Time, error) {
	info, err := k.info(ctx, sum)
	return info.LastModified, err
}

func (k *bucket) info(ctx context.Context, sum string) (minio.ObjectInfo, error) {
	key, err := originalKey(sum)
	if err != nil {
		return minio.ObjectInfo{}, err
	}
	info, err := k.c.StatObject(ctx, k.cfg.Bucket, k.cfg.Prefix+key, minio.StatObjectOptions{})
	if err != nil {
		return minio.ObjectInfo{}, missing(err, key)
	}
	return info, nil
}

func (k *bucket) Delete(ctx context.Context, sum string) error {
	key, err := originalKey(sum)
	if err != nil {
		return err
	}
	copies, err := derivedFolder(sum)
	if err != nil {
		return err
	}
	err = k.list(ctx, copies, func(o minio.ObjectInfo) error { return k.remove(ctx, o.Key) })
	if err != nil {
		return err
	}
	return k.remove(ctx, k.cfg.Prefix+key)
}

func (k *bucket) remove(ctx context.Context, full string) error {
	err := k.c.RemoveObject(ctx, k.cfg.Bucket, full, minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).Code != minio.NoSuchKey {
		return fmt.Errorf("blob: s3: delete %s: %w", full, err)
	}
	return nil
}

func (k *bucket) list(ctx context.Context, under string, visit func(minio.ObjectInfo) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop() // ends the listing when visit errs
	opts := minio.ListObjectsOptions{Prefix: k.cfg.Prefix + under, Recursive: true}
	for o := range k.c.ListObjects(ctx, k.cfg.Bucket, opts) {
		if o.Err != nil {
			return fmt.Errorf("blob: s3: list: %w", o.Err)
		}
		if err := visit(o); err != nil {
			return err
		}
	}
	return nil
}

func (k *bucket) Walk(ctx context.Context, fn func(sum string, size int64, modified time.Time) error) error {
	err := k.list(ctx, originals, func(o minio.ObjectInfo) error {
		if sum := path.Base(o.Key); ValidSum(sum) {
			return fn(sum, o.Size, o.LastModified)
		}
		return nil
	})
	if err == nil {
		err = ctx.Err()
	}
	return err
}

func (k *bucket) PutDerived(ctx context.Context, sum, name string, b []byte) error {
	key, err := derivedKey(sum, name)
	if err != nil {
		return err
	}
	return k.send(ctx, key, bytes.NewReader(b), int64(len(b)))
}

func (k *bucket) OpenDerived(ctx context.Context, sum, name string) ([]byte, error) {
	key, err := derivedKey(sum, name)
	if err != nil {
		return nil, err
	}
	o, _, err := k.open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer o.Close()
	return io.ReadAll(o)
}
