// Package porttest finds addresses for tests of what cannot say which port it was given.
package porttest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// Systems give ports above these to whoever asks for any, and to whoever calls: one of those could be gone when it is used.
const first, count = 20_000, 12_000

// Free is as many addresses of this machine, on which nobody listens, and which nobody is given by chance.
func Free(t testing.TB, n int) []string {
	t.Helper()
	var all []string
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first+rand.IntN(count)))
		if err != nil {
			continue // taken
		}
		defer func() { _ = l.Close() }() // when all are found: none is found twice
		if all = append(all, l.Addr().String()); len(all) == n {
			return all
		}
	}
	t.Fatal("no ports are free")
	return nil
}
