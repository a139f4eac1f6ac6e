package app

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
)

// file is one file of the build with the compressed forms that lie beside it.
type file struct {
	plain, gzip, brotli []byte
	tag                 string
}

// readFiles reads the whole build but the pages. A form without a plain file is left out.
func readFiles(root fs.FS) (map[string]file, error) {
	files := map[string]file{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == "index.html" || name == mirrorPage || name == ".keep" || compressed(name) {
			return err
		}
		plain, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(plain)
		f := file{plain: plain, tag: base64.RawURLEncoding.EncodeToString(sum[:12])}
		f.gzip, _ = fs.ReadFile(root, name+".gz") // nil where there is none: then the plain form is sent
		f.brotli, _ = fs.ReadFile(root, name+".br")
		files[name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the built app: %w", err)
	}
	return files, nil
}

func compressed(name string) bool {
	return strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".br")
}

func (f file) serve(w http.ResponseWriter, r *http.Request, name string) {
	header := w.Header()
	header.Set("Content-Type", typeOf(name))
	header.Set("Vary", "Accept-Encoding")
	header.Set("Cache-Control", "no-cache")
	if below(name, "assets") { // a name of these has the hash of what is inside
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	body, tag := f.plain, `"`+f.tag+`"`
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case f.brotli != nil && accepts(accepted, "br"):
		body, tag = f.brotli, `"`+f.tag+`-br"`
		header.Set("Content-Encoding", "br")
	case f.gzip != nil && accepts(accepted, "gzip"):
		body, tag = f.gzip, `"`+f.tag+`-gz"`
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		header.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // the one who asked is gone: nobody to tell
}

// accepts tells whether an Accept-Encoding names a coding and does not refuse it (RFC 9110, section 12.5.3).
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, parameter, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		_, quality, weighted := strings.Cut(strings.TrimSpace(parameter), "=")
		value, err := strconv.ParseFloat(quality, 64)
		return !weighted || err == nil && value > 0
	}
	return false
}
