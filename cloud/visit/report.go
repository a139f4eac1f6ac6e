package visit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// signedFor keeps a signature over a report from standing for anything else that the operator's key signs.
const signedFor = "carebox visit report 1\n"

// maxReport is bytes of a report with its signature.
const maxReport = 2 << 20

// Report is what a visit has come to. It is made once, when the visit is finished.
type Report struct {
	Report  string    `json:"report"` // "carebox-visit"
	Version int       `json:"version"`
	Made    time.Time `json:"made"`
	By      string    `json:"by"`      // the technician's name
	Seconds int       `json:"seconds"` // from the scan until the box was in service; 0: it is not
	Visit   Visit     `json:"visit"`
	Drawing []byte    `json:"drawing,omitempty"` // the customer's signature, PNG
}

// sealed is a report with the operator's signature over the compact form of its JSON.
type sealed struct {
	Report    json.RawMessage `json:"report"`
	Signature string          `json:"signature"` // Ed25519, base64
}

// ErrSignature is a report that the operator has not signed as it is.
var ErrSignature = errors.New("the signature is not the operator's, or the report was changed")

// Sign is a report as a file: JSON, with the operator's signature.
func Sign(key ed25519.PrivateKey, r Report) ([]byte, error) {
	doc, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encoding report of visit %q: %w", r.Visit.ID, err)
	}
	file, err := json.Marshal(sealed{
		Report: doc, Signature: base64.StdEncoding.EncodeToString(ed25519.Sign(key, append([]byte(signedFor), doc...))),
	})
	if err != nil {
		return nil, fmt.Errorf("encoding report of visit %q: %w", r.Visit.ID, err)
	}
	return append(file, '\n'), nil
}

// Verify reads a report that the operator has signed; spaces between its words do not matter. ErrSignature.
func Verify(key ed25519.PublicKey, file []byte) (Report, error) {
	var s sealed
	var r Report
	if len(file) > maxReport {
		return r, fmt.Errorf("reading report: it has %d bytes", len(file))
	}
	if err := json.Unmarshal(file, &s); err != nil {
		return r, fmt.Errorf("reading report: %w", err)
	}
	var doc bytes.Buffer
	if err := json.Compact(&doc, s.Report); err != nil {
		return r, fmt.Errorf("reading report: %w", err)
	}
	signature, err := base64.StdEncoding.DecodeString(s.Signature)
	if err != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, append([]byte(signedFor), doc.Bytes()...), signature) {
		return r, ErrSignature
	}
	if err := json.Unmarshal(doc.Bytes(), &r); err != nil {
		return r, fmt.Errorf("reading report: %w", err)
	}
	return r, nil
}

// read takes a report of our own store apart.
func read(file []byte) (Report, error) {
	var s sealed
	var r Report
	if err := json.Unmarshal(file, &s); err != nil {
		return r, fmt.Errorf("reading report: %w", err)
	}
	if err := json.Unmarshal(s.Report, &r); err != nil {
		return r, fmt.Errorf("reading report: %w", err)
	}
	return r, nil
}

// seal makes the report of a visit that ends now.
func (o *Office) seal(ctx context.Context, v *Visit, s Step) error {
	r := Report{Report: "carebox-visit", Version: 1, Made: v.Finished, By: s.By, Seconds: v.Seconds(), Visit: *v}
	if v.Signed != nil {
		step, found, err := o.Store.Step(ctx, v.ID, v.Signed.Step)
		if err != nil {
			return err
		}
		if found {
			r.Drawing = step.Drawing
		}
	}
	var err error
	v.Report, err = Sign(o.Key, r)
	return err
}

// ReportOf is the signed report of a visit that is finished. ErrNotFound.
func (o *Office) ReportOf(ctx context.Context, id string, who Who) ([]byte, error) {
	v, err := o.find(ctx, id, who)
	if err == nil && len(v.Report) == 0 {
		err = ErrNotFound
	}
	return v.Report, err
}
