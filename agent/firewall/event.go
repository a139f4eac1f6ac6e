package firewall

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// Messages and attributes of linux/netfilter/nf_tables.h.
const (
	groupNftables = 7 // NFNLGRP_NFTABLES

	newTable, delTable   = 0, 2
	newChain, delChain   = 3, 5
	newRule, delRule     = 6, 8
	newGeneration        = 15
	getFlowtable         = 23
	attrTable            = 1 // of a table, chain and rule alike
	attrChainName        = 3
	attrRuleChain        = 2
	attrGenerationPID    = 2
	settle               = 50 * time.Millisecond // changes come in bursts
	apart                = 250 * time.Millisecond
	nftablesBufferLength = 256 << 10
)

// transaction is one change of nft rules by one process.
type transaction struct {
	touched bool // something that matters to us
	pid     uint32
}

// listen subscribes to the news of nf_tables and raises the alarm when somebody else has touched what is ours.
func (f *Firewall) listen(ctx context.Context, alarm func()) error {
	sock, err := nl.Subscribe(unix.NETLINK_NETFILTER, groupNftables)
	if err != nil {
		return fmt.Errorf("subscribing to nf_tables: %w", err)
	}
	// A burst that does not fit is no loss: an overrun raises the alarm as well.
	if err := sock.SetReceiveBufferSize(nftablesBufferLength, false); err != nil {
		sock.Close()
		return fmt.Errorf("sizing the buffer for nf_tables: %w", err)
	}
	suspects := make(chan uint32, 1)
	failed := make(chan error, 1)
	stop := context.AfterFunc(ctx, sock.Close)
	var wait sync.WaitGroup
	wait.Go(func() { failed <- receive(ctx, sock, suspects) })
	defer wait.Wait()
	defer func() {
		if stop() {
			sock.Close()
		}
	}()
	return f.alert(suspects, failed, alarm)
}

// alert raises the alarm for suspects that are not ours, once things have settled.
func (f *Firewall) alert(suspects <-chan uint32, failed <-chan error, alarm func()) error {
	var pids []uint32
	var settled <-chan time.Time
	var last time.Time
	for {
		select {
		case err := <-failed:
			return err
		case pid := <-suspects:
			if !slices.Contains(pids, pid) {
				pids = append(pids, pid)
			}
			if settled == nil {
				settled = time.After(max(settle, apart-time.Since(last)))
			}
		case <-settled:
			// Only now: a process of ours is certainly known as such.
			if slices.ContainsFunc(pids, func(pid uint32) bool { return !f.own(pid) }) {
				last = time.Now()
				alarm()
			}
			pids, settled = nil, nil
		}
	}
}

// receive hands on the process of each transaction that matters, 0 where it is not known. A suspect that nobody has
// taken yet stands for those that come meanwhile, unless it is another process.
func receive(ctx context.Context, sock *nl.NetlinkSocket, suspects chan<- uint32) error {
	var t transaction
	for {
		msgs, _, err := sock.Receive()
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, unix.ENOBUFS):
			t = transaction{}
			suspects <- 0
			continue
		case err != nil:
			return fmt.Errorf("receiving from nf_tables: %w", err)
		}
		for _, m := range msgs {
			if m.Header.Type>>8 == unix.NFNL_SUBSYS_NFTABLES && t.take(int(m.Header.Type&0xff), m.Data) {
				select {
				case suspects <- t.pid:
				case <-ctx.Done():
					return nil
				}
				t = transaction{}
			}
		}
	}
}

// take reads one message; it returns true at the end of a transaction that matters.
func (t *transaction) take(kind int, msg []byte) bool {
	if len(msg) < nl.SizeofNfgenmsg {
		return false
	}
	attr := map[uint16][]byte{}
	for k, v := range attributes(msg[nl.SizeofNfgenmsg:]) {
		if k <= attrChainName {
			attr[k] = v
		}
	}
	if kind == newGeneration {
		if pid := attr[attrGenerationPID]; len(pid) == 4 {
			t.pid = binary.BigEndian.Uint32(pid)
		}
		ends := t.touched
		if !ends {
			*t = transaction{}
		}
		return ends
	}
	ip := msg[0] == unix.AF_INET || msg[0] == unix.AF_INET6
	table := text(attr[attrTable])
	hook, is := map[string]string{"filter": "FORWARD", "nat": hookPortal}[table]
	if !ip || !is {
		return false
	}
	matters := func(chain []byte) bool { return text(chain) == hook || ours(text(chain)) }
	switch kind {
	case newTable, delTable:
		t.touched = true
	case newChain, delChain:
		t.touched = t.touched || matters(attr[attrChainName])
	case newRule, delRule:
		t.touched = t.touched || matters(attr[attrRuleChain])
	}
	return false
}

func text(attr []byte) string { return string(bytes.TrimRight(attr, "\x00")) }

// hasFlowtable says whether nf_tables has a flow table in any family; no where that cannot be told.
func hasFlowtable() bool {
	req := nl.NewNetlinkRequest(unix.NFNL_SUBSYS_NFTABLES<<8|getFlowtable, unix.NLM_F_DUMP)
	req.AddData(&nl.Nfgenmsg{NfgenFamily: unix.AF_UNSPEC, Version: nl.NFNETLINK_V0})
	tables, err := req.Execute(unix.NETLINK_NETFILTER, 0)
	return err == nil && len(tables) > 0
}
