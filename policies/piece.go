package policies

// layer orders the rules by precedence below a refusal; the lowest wins.
type layer uint8

const (
	layerOverride layer = iota
	layerException
	layerBudget
	layerSchedule
)

// piece is a stretch of instants from ≤ t < to for which a rule has an opinion.
type piece struct {
	from, to int64
	layer    layer
	weight   int64 // within a layer the heaviest wins: newest at, latest end by wall clock, smallest amount
	target   Target
	day      int64 // on which the window starts, for exceptions and schedules
	online   bool
	reason   Reason
}

// beats reports whether p decides where both have an opinion.
func (p *piece) beats(q *piece) bool {
	switch {
	case p.layer != q.layer:
		return p.layer < q.layer
	case p.weight != q.weight:
		return p.weight > q.weight
	case p.target.breadth() != q.target.breadth():
		return p.target.breadth() < q.target.breadth()
	case p.online != q.online: // only overrides differ: the pause wins
		return q.online
	}
	return p.reason.ID < q.reason.ID
}

// breadth orders targets from the narrowest.
func (t Target) breadth() int {
	switch {
	case t.Device != "":
		return 0
	case t.Person != "":
		return 1
	}
	return 2
}

// targets are those that cover a device, the narrowest first. The zero Device stands for any that nobody has named:
// only the home covers it, since a valid rule never has the zero Target.
func (d Device) targets() [3]Target {
	return [3]Target{{Device: d.ID}, {Person: d.Person}, {Home: true}}
}

// pieceHeap has the piece that decides on top.
type pieceHeap []*piece

func (h pieceHeap) Len() int           { return len(h) }
func (h pieceHeap) Less(i, k int) bool { return h[i].beats(h[k]) }
func (h pieceHeap) Swap(i, k int)      { h[i], h[k] = h[k], h[i] }
func (h *pieceHeap) Push(x any)        { *h = append(*h, x.(*piece)) }
func (h *pieceHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
