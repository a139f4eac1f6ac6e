package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
	"github.com/carebox-project/carebox/policies"
)

const (
	pauses = 200                    // of one measurement
	breath = 300 * time.Millisecond // between them: nobody taps faster, and the API lets nobody
)

// measure prints how long a tap takes to reach the kernel, beside what its bare parts cost in the same run, and what the agent uses.
func measure(ctx context.Context, o Options, boxes int) error {
	o.Boxes = boxes
	h, err := NewHouse(ctx, o)
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.crowdedPolicy(ctx); err != nil {
		return err
	}
	begun := time.Now()
	c, err := newCrowd(ctx, h, boxes)
	if err != nil {
		return err
	}
	defer c.Close()
	fmt.Printf("%d simulated boxes connected in %.1f s\n", boxes, seconds(begun))
	taps, proofs, err := h.taps(ctx)
	if err != nil {
		return fmt.Errorf("measuring taps: %w\n%s", err, tail([]byte(h.Log("agent"))))
	}
	trips, restores, err := h.bare(ctx)
	if err != nil {
		return fmt.Errorf("measuring the bare cost: %w", err)
	}
	sums := make([]time.Duration, len(trips))
	for i := range trips {
		sums[i] = trips[i] + restores[i]
	}
	fmt.Printf("\n%d pauses, %d boxes connected, 30 devices with 7 windows each\n", pauses, boxes+1)
	row("tap → first refused packet", taps)
	row("tap → proved in force, shown", proofs)
	row("bare: MQTT round trip", trips)
	row("bare: one restore per family", restores)
	row("bare: both", sums)
	fmt.Printf("%-32s %7.2f  %7.2f\n", "ratio (tap : bare)", ratio(taps, sums, 50), ratio(taps, sums, 99))
	return h.footprint(ctx)
}

// crowdedPolicy gives the home 30 devices with 7 windows each: the three real ones and 27 that are elsewhere.
func (h *House) crowdedPolicy(ctx context.Context) error {
	s, err := h.Client.State(ctx)
	if err != nil {
		return err
	}
	p := s.Policy
	for i := len(p.Devices); i < 30; i++ {
		p.Devices = append(p.Devices, policies.Device{
			ID: fmt.Sprintf("device-%d", i), Name: fmt.Sprintf("Device %d", i), Kind: "phone",
			MACs: []policies.MAC{policies.MAC(fmt.Sprintf("02:00:00:00:01:%02x", 0x10+i))},
		})
	}
	tomorrow := time.Now().Add(36 * time.Hour).Weekday()
	for _, d := range p.Devices {
		for w := range 7 {
			p.Schedules = append(p.Schedules, policies.Schedule{
				ID: fmt.Sprintf("%s-%d", d.ID, w), For: policies.Target{Device: d.ID},
				Days: []policies.Day{policies.Day(tomorrow.String())}, Start: fmt.Sprintf("%02d:00", 2*w+1), Duration: 3600,
			})
		}
	}
	if _, err := h.Client.Change(ctx, http.MethodPut, "/policy", p); err != nil {
		return err
	}
	_, err = h.Client.InForce(ctx)
	return err
}

// taps pauses and resumes the phone and takes the times from the request to the first refused packet, and to the screen.
func (h *House) taps(ctx context.Context) (refused, shown []time.Duration, err error) {
	p, err := NewProbe(ctx, h.Phone, testbed.InternetIPv4)
	if err != nil {
		return nil, nil, err
	}
	defer p.Close()
	for range pauses {
		if _, err := p.Await(ctx, true); err != nil {
			return nil, nil, err
		}
		if _, err := h.Client.InForce(ctx); err != nil {
			return nil, nil, err
		}
		if err := rest(ctx, breath); err != nil {
			return nil, nil, err
		}
		at := time.Now()
		if _, err := h.Client.Change(ctx, http.MethodPost, "/pause", onPhone()); err != nil {
			return nil, nil, err
		}
		turned, err := p.Await(ctx, false)
		if err != nil {
			return nil, nil, err
		}
		if _, err := h.Client.InForce(ctx); err != nil {
			return nil, nil, err
		}
		refused, shown = append(refused, turned.Sub(at)), append(shown, time.Since(at))
		if _, err := h.Client.Change(ctx, http.MethodPost, "/resume", onPhone()); err != nil {
			return nil, nil, err
		}
	}
	return refused, shown, nil
}

func row(name string, d []time.Duration) {
	fmt.Printf("%-32s %7.1f  %7.1f ms (p50, p99)\n", name, milliseconds(percentile(d, 50)), milliseconds(percentile(d, 99)))
}

func percentile(d []time.Duration, p int) time.Duration {
	sorted := slices.Sorted(slices.Values(d))
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

func ratio(a, b []time.Duration, p int) float64 {
	return float64(percentile(a, p)) / float64(percentile(b, p))
}

// footprint prints what agent and cloud hold, and what the agent does when nothing happens.
func (h *House) footprint(ctx context.Context) error {
	const idle = 30 * time.Second
	before, err := cpu(h.agent.cmd.Process.Pid)
	if err != nil {
		return err
	}
	if err := rest(ctx, idle); err != nil {
		return err
	}
	after, err := cpu(h.agent.cmd.Process.Pid)
	if err != nil {
		return err
	}
	for name, p := range map[string]*program{"agent": h.agent, "cloud": h.cloud} {
		kb, err := resident(p.cmd.Process.Pid)
		if err != nil {
			return err
		}
		fmt.Printf("%-32s %7.1f MB resident\n", name, float64(kb)/1024)
	}
	fmt.Printf("%-32s %7.2f %% of one core over %s\n", "agent, idle", 100*(after-before).Seconds()/idle.Seconds(), idle)
	return nil
}

// cpu is the processor time that a process has used (proc(5), stat: utime and stime, in ticks of 10 ms).
func cpu(pid int) (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(data), ") ") // the name before it may hold blanks
	field := strings.Fields(rest)
	if len(field) < 13 {
		return 0, fmt.Errorf("stat of process %d has %d fields", pid, len(field))
	}
	user, err := strconv.Atoi(field[11])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(field[12])
	return time.Duration(user+system) * 10 * time.Millisecond, err
}

// resident is a process's memory in KiB (proc(5), status: VmRSS).
func resident(pid int) (int, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(data)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		}
	}
	return 0, fmt.Errorf("status of process %d has no VmRSS", pid)
}
