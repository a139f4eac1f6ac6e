package main

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/carebox-project/carebox/cloud/keyring"
	"github.com/carebox-project/carebox/cloud/store"
)

// keyStanding is one key as the command prints it.
type keyStanding struct {
	Key    string `json:"key"`
	Role   string `json:"role"`
	Boxes  int    `json:"boxes"`
	Told   int    `json:"told"`
	Needed bool   `json:"needed"`
}

// showKeys prints how many boxes believe which key, and makes a new one.
func showKeys(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) (err error) {
	path := flags.String("new", "", "make a key: a file that is not there yet")
	c, err := configured(flags, args)
	if err != nil {
		return err
	}
	if *path != "" {
		_, private, err := operatorKeys()
		if err != nil {
			return err
		}
		return create(*path, func(w io.Writer) error {
			_, err := w.Write(private)
			return err
		})
	}
	data, err := store.Open(ctx, c.database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	letters, err := data.Letters(ctx)
	if err != nil {
		return err
	}
	held, err := data.Held(ctx)
	if err != nil {
		return err
	}
	mute, err := data.Mute(ctx)
	if err != nil {
		return err
	}
	s := keyring.Count(keyring.Config{Keys: c.operators, Signing: c.signing}, letters, held, mute)
	said := struct {
		Keys []keyStanding `json:"keys"`
		Mute int           `json:"mute"`
	}{Keys: make([]keyStanding, len(s.Keys)), Mute: s.Mute}
	for i, k := range s.Keys {
		said.Keys[i] = keyStanding{Key: k.Key, Role: string(k.Role), Boxes: k.Boxes, Told: k.Told, Needed: k.Needed}
	}
	return json.NewEncoder(out).Encode(said)
}

// readOperators reads the keys before the one that signs, oldest first, and the one behind it.
func (f file) readOperators(beside func(string) string, signing ed25519.PrivateKey) ([]ed25519.PrivateKey, error) {
	var keys []ed25519.PrivateKey
	var wrong []error
	read := func(path string) {
		key, err := readOperatorKey(beside(path))
		if err != nil {
			wrong = append(wrong, err)
			return
		}
		keys = append(keys, key)
	}
	for _, path := range f.OperatorKeys {
		read(path)
	}
	keys = append(keys, signing)
	if f.OperatorNext != "" {
		read(f.OperatorNext)
	}
	for i, key := range keys {
		for _, other := range keys[:i] {
			if key.Equal(other) {
				wrong = append(wrong, errors.New("a key stands there twice"))
			}
		}
	}
	return keys, errors.Join(wrong...)
}

// readOperatorKey reads an Ed25519 key in PKCS #8. Its errors say nothing of the content.
func readOperatorKey(path string) (ed25519.PrivateKey, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%q is not PEM", path)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%q is not a PKCS #8 key", path)
	}
	operator, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("the key is not Ed25519")
	}
	return operator, nil
}
