package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// bare takes the times of what a tap cannot do without: a round trip through a broker, and one restore per family of
// the rules that the agent has in the kernel.
func (h *House) bare(ctx context.Context) (trips, restores []time.Duration, err error) {
	if restores, err = h.restores(ctx); err != nil {
		return nil, nil, err
	}
	trips, err = h.trips(ctx)
	return trips, restores, err
}

// restores loads the agent's own rules again, both families at once as the agent does.
func (h *House) restores(ctx context.Context) ([]time.Duration, error) {
	families := []string{"iptables-nft", "ip6tables-nft"}
	rules := map[string]string{}
	for _, family := range families {
		out, err := h.Box.Command(ctx, family+"-save", "-t", "filter").Output()
		if err != nil {
			return nil, withOutput(err)
		}
		rules[family] = ours(string(out))
	}
	times := make([]time.Duration, 0, pauses)
	for range pauses {
		begun := time.Now()
		results := make(chan error, len(families))
		for _, family := range families {
			go func() { results <- h.load(ctx, family, rules[family]) }()
		}
		if err := errors.Join(<-results, <-results); err != nil {
			return nil, err
		}
		times = append(times, time.Since(begun))
	}
	return times, nil
}

// ours is a restore of the agent's chains alone.
func ours(save string) string {
	var out strings.Builder
	out.WriteString("*filter\n")
	for line := range strings.Lines(save) {
		if strings.HasPrefix(line, ":CAREBOX") || strings.HasPrefix(line, "-A CAREBOX") {
			out.WriteString(line)
		}
	}
	out.WriteString("COMMIT\n")
	return out.String()
}

// load runs the restore itself inside the namespace, without a program that changes into it first.
func (h *House) load(ctx context.Context, family, rules string) error {
	return h.Box.Do(func() error {
		cmd := exec.CommandContext(ctx, family+"-restore", "--noflush", "--wait")
		cmd.Stdin = strings.NewReader(rules)
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("running %s: %w: %s", cmd.Path, err, &said)
		}
		return nil
	})
}
