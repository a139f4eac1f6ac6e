package diagnose

import (
	"context"
	"time"

	"github.com/carebox-project/carebox/policies/wire"
)

const (
	pingEvery = 500 * time.Millisecond
	pingWait  = 2 * time.Second
	hopWait   = time.Second
	hopTries  = 2
)

func (w work) ping(ctx context.Context) (any, error) {
	var args wire.PingArgs
	if err := w.read(&args); err != nil {
		return nil, err
	}
	if err := within("count", &args.Count, 5, 1, 20); err != nil {
		return nil, err
	}
	to, err := resolve(ctx, args.Host, args.Family)
	if err != nil {
		return nil, err
	}
	p, err := openProber(ctx, to)
	if err != nil {
		return nil, err
	}
	defer p.close()
	sum, total := wire.PingSummary{Address: to.String()}, 0.0
	for n := range args.Count {
		begun := time.Now()
		got, err := p.ask(ctx, pingWait)
		if err != nil {
			return nil, err
		}
		reply := wire.PingReply{Seq: n + 1, Lost: got.what != cameReply}
		sum.Sent++
		if got.what != cameNothing {
			reply.From = got.from.String()
		}
		if !reply.Lost {
			reply.RTT = milliseconds(got.rtt)
			sum.Received++
			total += reply.RTT
			sum.Max = max(sum.Max, reply.RTT)
			if sum.Min == 0 || reply.RTT < sum.Min {
				sum.Min = reply.RTT
			}
			sum.Avg = total / float64(sum.Received)
		}
		if err := w.say(reply); err != nil {
			return nil, err
		}
		if n+1 < args.Count {
			rest(ctx, pingEvery-time.Since(begun))
		}
	}
	return sum, nil
}

// rest waits, or until its context ends.
func rest(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

func (w work) traceroute(ctx context.Context) (any, error) {
	var args wire.TracerouteArgs
	if err := w.read(&args); err != nil {
		return nil, err
	}
	if err := within("maxHops", &args.MaxHops, 20, 1, 30); err != nil {
		return nil, err
	}
	to, err := resolve(ctx, args.Host, args.Family)
	if err != nil {
		return nil, err
	}
	p, err := openProber(ctx, to)
	if err != nil {
		return nil, err
	}
	defer p.close()
	sum := wire.TracerouteSummary{Address: to.String()}
	for n := 1; n <= args.MaxHops; n++ {
		got, err := p.hop(ctx, n)
		if err != nil {
			return nil, err
		}
		hop := wire.Hop{Hop: n}
		if got.what != cameNothing {
			hop.From, hop.RTT = got.from.String(), milliseconds(got.rtt)
		}
		if err := w.say(hop); err != nil {
			return nil, err
		}
		sum.Hops, sum.Reached = n, got.what == cameReply
		if got.what == cameReply || got.what == cameRefused {
			break
		}
	}
	return sum, nil
}

// hop is who answers at a distance.
func (p *prober) hop(ctx context.Context, distance int) (found, error) {
	if err := p.reach(distance); err != nil {
		return found{}, err
	}
	for range hopTries {
		if got, err := p.ask(ctx, hopWait); err != nil || got.what != cameNothing {
			return got, err
		}
	}
	return found{}, nil
}
