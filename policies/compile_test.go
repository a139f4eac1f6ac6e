package policies

import (
	"fmt"
	"testing"
	"time"
)

// big is a home with n devices, each a person's, and rules made by the count of devices.
func big(n int, rule func(i int) Schedule, rules int) Policy {
	p := NewPolicy("Europe/Paris")
	for i := range n {
		id := fmt.Sprintf("d%d", i)
		p.People = append(p.People, Person{id, "Person"})
		p.Devices = append(p.Devices, Device{
			ID: id, Name: "Device", Person: id, MACs: []MAC{MAC(fmt.Sprintf("02:00:00:00:%02x:%02x", i>>8, i&255))},
		})
	}
	for i := range rules {
		p.Schedules = append(p.Schedules, rule(i))
	}
	return p
}

func home30() Policy {
	return big(30, func(i int) Schedule {
		target := Target{Device: fmt.Sprintf("d%d", i/7)}
		return Schedule{ID: fmt.Sprintf("s%d", i), For: target, Days: week()[i%7 : i%7+1], Start: "21:30", Duration: 34200}
	}, 210)
}

func worst() Policy {
	return big(512, func(i int) Schedule {
		target := Target{Home: true}
		if i%2 == 0 {
			target = Target{Device: fmt.Sprintf("d%d", i)}
		}
		start := fmt.Sprintf("%02d:%02d", i%24, i%60)
		return Schedule{ID: fmt.Sprintf("s%d", i), For: target, Days: week(), Start: start, Duration: 3600 + 7*i}
	}, 512)
}

func BenchmarkCompileHomeOfThirty(b *testing.B) { benchmarkCompile(b, home30()) }

func BenchmarkCompileWorst(b *testing.B) { benchmarkCompile(b, worst()) }

func benchmarkCompile(b *testing.B, p Policy) {
	now := time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Compile(p, nil, now, now.Add(72*time.Hour)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	p, now := home30(), time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		Decide(p, "d3", nil, now)
	}
}

func BenchmarkLocation(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Location("Europe/Paris"); err != nil {
			b.Fatal(err)
		}
	}
}
