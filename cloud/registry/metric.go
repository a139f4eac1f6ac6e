package registry

import "github.com/prometheus/client_golang/prometheus"

type metric struct {
	received  *prometheus.CounterVec
	refused   *prometheus.CounterVec
	published prometheus.Counter
	lost      prometheus.Counter
	delay     prometheus.Histogram
}

func newMetric(to prometheus.Registerer) *metric {
	m := &metric{
		received: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "carebox_box_messages_total", Help: "Messages from boxes, by kind.",
		}, []string{"kind"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "carebox_box_messages_refused_total", Help: "Messages from boxes that were not taken, by reason.",
		}, []string{"why"}),
		published: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "carebox_desired_published_total", Help: "Documents sent to boxes, repeats included.",
		}),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "carebox_desired_failed_total", Help: "Documents that could not be sent; heartbeats repair them.",
		}),
		delay: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "carebox_change_seconds", Help: "From the call of a change to its publish.",
			Buckets: []float64{.001, .002, .005, .01, .02, .05, .1, .2, .5, 1, 3},
		}),
	}
	to.MustRegister(m.received, m.refused, m.published, m.lost, m.delay)
	return m
}
