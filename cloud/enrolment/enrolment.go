// Package enrolment knows every box that was made, and gives boxes and servers their certificates.
//
// A box comes onto the list with the digest of the claim code on its label. With the code it gets its first certificate by
// EST (RFC 7030), for a key that never leaves it; with that certificate the next ones. Whoever takes a box back takes its
// certificates back: the list says so at once, and brokers and renewals obey it.
//
// All keys are P-256. A certificate of a box names the box and is good for clients only; one of a server is good for
// both sides, because replicas call each other.
package enrolment
