// Package assist is how a person helps: what families ask for becomes a case, which stays one story from the tap until
// the customer says that it is solved.
//
// A case has one clock, which starts at the tap and is never written again: no hand-over, promise or reopening resets it.
// It is waiting, taken by one agent, promised for later, or closed. Every step is one atomic change in the store, so two
// agents never hold the same case; one that its agent has left alone goes back to the queue by itself.
package assist
