package main

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/carebox-project/carebox/cloud/store"
	"github.com/carebox-project/carebox/cloud/visit"
	"github.com/carebox-project/carebox/mobile-api/accounts"
)

const visitsUsage = "usage: carebox-cloud visits import -config FILE ORDERS.json|ORDERS.csv\n" +
	"       carebox-cloud visits verify -config FILE|-key OPERATOR.pem REPORT.json"

// visits plans technicians' visits, and proves their reports.
func visits(ctx context.Context, args []string, out io.Writer) error {
	if len(args) > 0 {
		flags := flag.NewFlagSet("carebox-cloud visits "+args[0], flag.ContinueOnError)
		switch args[0] {
		case "import":
			return importOrders(ctx, flags, args[1:], out)
		case "verify":
			return verifyReport(flags, args[1:], out)
		}
	}
	fmt.Fprintln(os.Stderr, visitsUsage)
	return errUsage
}

// importOrders takes what the operator's own system says that customers have ordered: all or none.
func importOrders(ctx context.Context, flags *flag.FlagSet, args []string, out io.Writer) error {
	config := flags.String("config", "", "configuration (JSON)")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	if *config == "" || flags.NArg() != 1 {
		fmt.Fprintln(os.Stderr, visitsUsage)
		return errUsage
	}
	c, err := readConfig(*config)
	if err != nil {
		return err
	}
	data, err := readFile(flags.Arg(0), visit.MaxList)
	if err != nil {
		return err
	}
	orders, err := visit.Parse(data)
	if err != nil {
		return problems{fmt.Sprintf("%s: %v", flags.Arg(0), err)}
	}
	rows, err := store.Open(ctx, c.database)
	if err != nil {
		return err
	}
	return errors.Join(planOrders(ctx, rows, orders, out), rows.Close())
}

func planOrders(ctx context.Context, rows *store.Store, orders []visit.Line, out io.Writer) error {
	staff, err := accounts.New(rows, time.Now).Staff(ctx)
	if err != nil {
		return err
	}
	who := map[string]string{}
	for _, m := range staff {
		if m.Role != accounts.StaffSupport { // who visits nobody
			who[m.Email] = m.ID
		}
	}
	office := visit.NewOffice(visit.Config{Store: rows, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	wrong, err := office.Plan(ctx, orders, func(email string) string { return who[email] })
	if err != nil {
		return fmt.Errorf("nothing was imported: %w", err)
	}
	var found problems
	for _, p := range wrong {
		found.add("order %d, %s: %s", p.Order, p.Field, p.Detail)
	}
	if len(found) > 0 {
		return found
	}
	return json.NewEncoder(out).Encode(map[string]int{"imported": len(orders)})
}

// verifyReport proves that the operator has signed a report as it is, and prints what it says in short.
func verifyReport(flags *flag.FlagSet, args []string, out io.Writer) error {
	config := flags.String("config", "", "configuration (JSON), of whose operator keys one has signed")
	public := flags.String("key", "", "or the operator's public key (PEM), as the cloud tells it to boxes")
	if err := flags.Parse(args); err != nil {
		return errors.Join(errUsage, err)
	}
	if (*config == "") == (*public == "") || flags.NArg() != 1 {
		fmt.Fprintln(os.Stderr, visitsUsage)
		return errUsage
	}
	keys, err := signingKeys(*config, *public)
	if err != nil {
		return err
	}
	file, err := readFile(flags.Arg(0), 4<<20)
	if err != nil {
		return err
	}
	var report visit.Report
	for _, key := range keys { // an older one may have signed
		if report, err = visit.Verify(key, file); err == nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", flags.Arg(0), err)
	}
	sum := sha256.Sum256(file)
	return json.NewEncoder(out).Encode(map[string]any{
		"verified": true, "order": report.Visit.Order.Ref, "serial": report.Visit.Serial, "made": report.Made, "by": report.By,
		"seconds": report.Seconds, "sha256": hex.EncodeToString(sum[:]),
	})
}

func signingKeys(config, public string) ([]ed25519.PublicKey, error) {
	if config != "" {
		c, err := readConfig(config)
		if err != nil {
			return nil, err
		}
		keys := []ed25519.PublicKey{c.operator.Public().(ed25519.PublicKey)}
		for _, key := range c.operators {
			keys = append(keys, key.Public().(ed25519.PublicKey))
		}
		return keys, nil
	}
	data, err := readFile(public, 1<<16)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("reading %q: it is no PEM", public)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", public, err)
	}
	operator, is := key.(ed25519.PublicKey)
	if !is {
		return nil, fmt.Errorf("reading %q: it is no Ed25519 key", public)
	}
	return []ed25519.PublicKey{operator}, nil
}

func readFile(path string, most int64) ([]byte, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("reading %q: it has over %d bytes", strings.TrimSpace(path), most)
	}
	return data, err
}
