package policies

import (
	"fmt"
	"math"
	"time"
)

// collect finds the opinions of every rule over the range.
func (c *compiler) collect(p Policy, usage Usage) error {
	for _, o := range p.Overrides {
		c.override(o)
	}
	for _, e := range p.Exceptions {
		if err := c.exception(e); err != nil {
			return fmt.Errorf("reading exception %q: %w", e.ID, err)
		}
	}
	for _, b := range p.Budgets {
		if err := c.budget(b, usage[b.For.Person]); err != nil {
			return fmt.Errorf("reading budget %q: %w", b.ID, err)
		}
	}
	for _, s := range p.Schedules {
		if err := c.schedule(s); err != nil {
			return fmt.Errorf("reading schedule %q: %w", s.ID, err)
		}
	}
	return nil
}

// add enters a piece as far as it reaches into the range.
func (c *compiler) add(p piece) {
	p.from, p.to = max(p.from, c.from), min(p.to, c.to)
	if p.from >= p.to || p.target == (Target{}) {
		return
	}
	c.pieces[p.target] = append(c.pieces[p.target], p)
	c.ruled[p.target] = true
}

func (c *compiler) override(o Override) {
	kind := KindPause
	if o.Mode == ModeBonus {
		kind = KindBonus
	}
	until := c.to
	if o.Until != nil {
		until = nanos(*o.Until)
	}
	c.add(piece{
		from: nanos(o.At), to: until, layer: layerOverride, weight: nanos(o.At),
		target: o.For, online: kind == KindBonus, reason: Reason{kind, o.ID},
	})
}

// nanos counts an instant; one that cannot be counted is as far off as it can be.
func nanos(t time.Time) int64 {
	switch year := t.UTC().Year(); {
	case year < 1900:
		return math.MinInt64
	case year > 2200:
		return math.MaxInt64
	}
	return t.UnixNano()
}

func (c *compiler) exception(e Exception) error {
	day, ok := e.Date.number()
	if !ok {
		return fmt.Errorf("date %q is none", e.Date)
	}
	c.replaced[dated{e.For, day}] = true
	c.ruled[e.For] = true
	for _, w := range e.Windows {
		start, ok := clock(w.Start)
		if !ok {
			return fmt.Errorf("time %q is none", w.Start)
		}
		begin := day*nanosOfDay + int64(start)
		end := begin + int64(w.Duration)*int64(time.Second)
		c.window(piece{layer: layerException, target: e.For, day: day, reason: Reason{KindException, e.ID}}, begin, end)
	}
	return nil
}

func (c *compiler) schedule(s Schedule) error {
	return c.wall.weekly(WeekWindow{s.Days, s.Start, s.Duration}, func(day, begin, end int64) {
		c.window(piece{layer: layerSchedule, target: s.For, day: day, reason: Reason{KindSchedule, s.ID}}, begin, end)
	})
}

func weekdays(days []Day) (on [7]bool, err error) {
	for _, d := range days {
		w, ok := d.weekday()
		if !ok {
			return on, fmt.Errorf("day %q is none", d)
		}
		on[w] = true
	}
	return on, nil
}

// window adds what p says for as long as the wall clock is inside a window of its day.
func (c *compiler) window(p piece, begin, end int64) {
	p.weight = end
	c.wall.instants(begin, end, func(from, to int64) {
		p.from, p.to = from, to
		c.add(p)
	})
}

// budget cuts on each date of which a person has used the amount, from the last counted minute to the date's end.
func (c *compiler) budget(b Budget, used map[Date]Use) error {
	on, err := weekdays(b.Days)
	if err != nil {
		return err
	}
	for date, use := range used {
		day, ok := date.number()
		if !ok {
			return fmt.Errorf("date %q in usage is none", date)
		}
		if !on[weekdayOf(day)] || int64(use.Minutes)*60 < int64(b.Amount) {
			continue
		}
		p := piece{layer: layerBudget, weight: -int64(b.Amount), target: b.For, day: day, reason: Reason{KindBudget, b.ID}}
		c.wall.instants(day*nanosOfDay, (day+1)*nanosOfDay, func(from, to int64) {
			p.from, p.to = max(from, nanos(use.Last)), to
			c.add(p)
		})
	}
	return nil
}
