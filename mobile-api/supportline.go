package mobileapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/carebox-project/carebox/cloud/assist"
	"github.com/carebox-project/carebox/mobile-api/accounts"
	"github.com/carebox-project/carebox/mobile-api/mirror"
	"github.com/carebox-project/carebox/policies/wire"
)

const (
	checkTime  = 2 * time.Second  // how old may be what is known of the session
	blindTime  = 5 * time.Second  // how long it may be unknown
	tellTime   = 10 * time.Second // how often its state is told
	seenTime   = 5 * time.Second  // how often a screen is told that somebody looks
	keyTime    = time.Second      // between two wishes for a key frame
	awayTime   = 60 * time.Second // without a sign of the screen
	tickTime   = 200 * time.Millisecond
	maxBadLuck = 50 // messages over the pace, in a row: not a slip
)

// supportLine is one socket of a support session: reader, writer and watch in goroutines of their own that end together.
type supportLine struct {
	server *server
	visit  *visit
	ticket assist.Ticket
	conn   *websocket.Conn
	queue  *mirror.Queue
	pace   *mirror.Pace // the reader's
	tape   *mirror.Tape // what is kept of a screen
	log    *slog.Logger
	now    func() time.Time
	gaze   gaze // an agent's
	cancel context.CancelFunc

	build   string       // of the app at this end, as its hello said; "" where it did not
	wanted  atomic.Bool  // a key frame
	inline  atomic.Bool  // with its style sheets inside
	heard   atomic.Int64 // when the other end was heard last, nanoseconds
	looked  atomic.Int64 // when somebody was last heard to look at this screen, nanoseconds
	over    sync.Once
	end     *time.Timer                    // the watch's: at the deadline, as it is known
	away    bool                           // the watch's: nothing was heard of the other end for long
	session atomic.Pointer[assist.Session] // as it was known at the last check
}

// sessionText is what both ends are told of a session. Left is milliseconds.
type sessionText struct {
	Type       mirror.Word  `json:"type"`
	State      assist.State `json:"state"`
	Scopes     []wire.Scope `json:"scopes"`
	Left       int64        `json:"left"`
	Name       string       `json:"name"`
	Recording  bool         `json:"recording"`
	End        assist.End   `json:"end"`
	Generation uint32       `json:"generation"`
}

// noticeText is any other thing that the server says.
type noticeText struct {
	Type mirror.Word `json:"type"`
	Code string      `json:"code,omitempty"`

	Build  string `json:"build,omitempty"`  // seen: the agent's, which says what style sheets the picture can have
	Inline bool   `json:"inline,omitempty"` // key.want: with its style sheets inside
}

// serve carries messages until something ends it.
func (l *supportLine) serve(ctx context.Context) {
	ctx, l.cancel = context.WithCancel(ctx)
	defer l.cancel()
	looks, err := l.server.Homes.Watch(ctx, assist.AboutSession(l.ticket.Session)) // before it is checked: nothing falls in between
	if err == nil {
		err = l.check(ctx)
	}
	switch {
	case err != nil && isAway(err):
		l.leave(statusStale, "unavailable")
		return
	case err != nil:
		l.finish(reasonOf(err))
		l.write(ctx)
		return
	}
	stop, err := l.server.Relay.Follow(l.ticket.Session, l.ways().from, l.hear)
	if err != nil {
		l.log.Warn("could not follow a support session", "error", err)
		_ = l.conn.Close(statusStale, "relay")
		return
	}
	defer stop()
	if l.isScreen() {
		l.conn.SetReadLimit(mirror.MaxCustomer)
		l.tape.Turn(l.session.Load().Recording)
		l.takeover()
		l.say(wordText, text(noticeText{Type: mirror.WordHere}))
	}
	l.tell()
	var all, kept sync.WaitGroup
	all.Go(func() { l.read(ctx) })
	all.Go(func() { l.watch(ctx, looks) })
	if l.isScreen() {
		kept.Go(func() { l.record(ctx) })
	}
	l.write(ctx)
	l.cancel()
	_ = l.conn.CloseNow() // the reader waits on it
	all.Wait()
	if l.isScreen() {
		l.say(wordText, text(noticeText{Type: mirror.WordAway}))
	} else {
		l.keepLast(ctx)
	}
	kept.Wait()
}

func (l *supportLine) isScreen() bool { return l.ticket.End == assist.EndScreen }

func (l *supportLine) ways() struct{ from, to string } {
	if l.isScreen() {
		return struct{ from, to string }{wayDown, wayUp}
	}
	return struct{ from, to string }{wayUp, wayDown}
}

func (l *supportLine) role() mirror.Role {
	if l.isScreen() {
		return mirror.RoleCustomer
	}
	return mirror.RoleAgent
}

// say sends something to the other end.
func (l *supportLine) say(word string, message []byte) {
	if err := l.server.Relay.Relay(l.ticket.Session, l.ways().to, word, message); err != nil {
		l.log.Debug("a message was lost", "error", err) // as any may be
	}
}

// takeover tells other pages of the customer that this one is shown now. They listen the same way as this one.
func (l *supportLine) takeover() {
	message := text(mirror.Message{Generation: l.ticket.Generation})
	if err := l.server.Relay.Relay(l.ticket.Session, wayDown, wordTake, message); err != nil {
		l.log.Debug("a message was lost", "error", err)
	}
}

func text(v any) []byte {
	b, _ := json.Marshal(v) // strings and numbers: it never fails
	return b
}

// check asks the database whether the session lives, the scope is there, and whoever is here is still signed in.
func (l *supportLine) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	one, err := l.server.Care.Check(ctx, l.ticket.Session, l.ticket.Staff, wire.ScopeSee)
	if err != nil {
		return err
	}
	login, err := l.server.Accounts.Session(ctx, l.visit.token)
	if err != nil {
		return err
	}
	me := login.Member
	switch {
	case l.isScreen():
		place, err := l.server.Accounts.Place(ctx, me.ID, one.Home)
		if err != nil {
			return err
		}
		if one.Customer != me.ID || place.Role == "" {
			return assist.ErrUnknown
		}
	case one.Staff != me.ID || !login.Proof.Strong() || !mayLook(me.Staff):
		return assist.ErrUnknown
	}
	l.session.Store(&one)
	return nil
}

func mayLook(role accounts.StaffRole) bool {
	return slices.Contains(staffOf("POST "+root+"/staff/sessions/:session/ticket"), role)
}

// times are when something was last done.
type times struct{ checked, told, seen, kept, key time.Time }

// watch looks at the session again and again, tells its state, asks for key frames, and ends the socket in time.
func (l *supportLine) watch(ctx context.Context, looks <-chan struct{}) {
	tick := time.NewTicker(tickTime)
	defer tick.Stop()
	at := times{checked: time.Now(), told: time.Now()}
	l.end = time.AfterFunc(l.session.Load().Left, func() { l.finish("deadline") }) // whatever the watch waits for
	defer l.end.Stop()
	l.heard.Store(at.checked.UnixNano())
	for {
		look := false
		select {
		case <-ctx.Done():
			return
		case <-l.server.Ending:
			l.leave(statusStale, "restart")
			return
		case <-looks:
			look = true
		case <-tick.C:
		}
		now := time.Now()
		if look || now.Sub(at.checked) >= checkTime {
			if !l.again(ctx, &at, now) {
				return
			}
		}
		if l.isScreen() {
			l.wind(now) // before it is told: what is shown after that is kept
		}
		if now.Sub(at.told) >= tellTime || look {
			at.told = now
			l.tell()
		}
		if l.isScreen() {
			l.passWish(&at, now)
		} else {
			l.attend(&at, now)
			l.keepSeen(ctx, &at, now)
		}
	}
}

// again checks the session; false: the socket ends. What cannot be known for a while is not known to live.
func (l *supportLine) again(ctx context.Context, at *times, now time.Time) bool {
	err := l.check(ctx)
	switch {
	case ctx.Err() != nil:
		return false
	case err == nil:
		at.checked = time.Now()
		l.end.Reset(l.session.Load().Left)
	case !isAway(err):
		l.finish(reasonOf(err))
		return false
	case now.Sub(at.checked) >= blindTime:
		l.leave(statusStale, "unavailable")
		return false
	}
	return true
}

// passWish passes a wish for a key frame on to the page: later, if it was asked just now, but not never.
func (l *supportLine) passWish(at *times, now time.Time) {
	if l.wanted.Load() && now.Sub(at.key) >= keyTime {
		at.key = now
		l.wanted.Store(false)
		l.put(text(noticeText{Type: mirror.WordKey, Inline: l.inline.Swap(false)}))
	}
}

// attend lets the page know that somebody looks, and asks for a key frame where the picture was lost.
func (l *supportLine) attend(at *times, now time.Time) {
	if now.Sub(at.seen) >= seenTime {
		at.seen = now
		l.say(wordGesture, text(noticeText{Type: mirror.WordSeen, Build: l.build}))
	}
	if l.queue.Wants() && now.Sub(at.key) >= keyTime {
		at.key = now
		l.say(wordKey, nil)
	}
	if gone := now.Sub(time.Unix(0, l.heard.Load())) >= awayTime; gone != l.away {
		if l.away = gone; gone {
			l.put(text(noticeText{Type: mirror.WordAway}))
		}
	}
}

func isAway(err error) bool {
	return refusalOf(err).code == codeUnavailable || errors.Is(err, context.DeadlineExceeded)
}

func reasonOf(err error) string {
	switch {
	case errors.Is(err, assist.ErrScope):
		return "scope"
	case errors.Is(err, accounts.ErrSignedOut):
		return "signed-out"
	}
	return "ended"
}

// finish says that it is over; the writer closes the socket after that.
func (l *supportLine) finish(reason string) {
	l.over.Do(func() { l.queue.Last(text(noticeText{Type: mirror.WordOver, Code: reason})) })
}

// leave closes the socket so that the browser comes back.
func (l *supportLine) leave(status websocket.StatusCode, why string) {
	_ = l.conn.Close(status, why)
	l.cancel()
}

func (l *supportLine) tell() {
	one := l.session.Load()
	l.put(text(sessionText{
		Type: mirror.WordSession, State: one.State, Scopes: one.Scopes, Left: one.Left.Milliseconds(), Name: one.StaffName,
		Recording: one.Recording, End: l.ticket.End, Generation: l.ticket.Generation,
	}))
}

// put lets a text be written; one who does not read texts is gone.
func (l *supportLine) put(message []byte) {
	if !l.queue.Tell(message) {
		l.cancel()
	}
}

// write writes what waits until the last word or the end.
func (l *supportLine) write(ctx context.Context) {
	for {
		message, binary, done := l.queue.Next()
		if done && message == nil {
			_ = l.conn.Close(statusOver, "over")
			return
		}
		if message == nil {
			select {
			case <-ctx.Done():
				return
			case <-l.queue.Wake():
			}
			continue
		}
		kind := websocket.MessageText
		if binary {
			kind = websocket.MessageBinary
		}
		late, cancel := context.WithTimeout(ctx, writePatience)
		err := l.conn.Write(late, kind, message)
		cancel()
		if err != nil {
			return
		}
	}
}
