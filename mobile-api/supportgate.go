package mobileapi

import (
	"context"
	"encoding/json"
	"time"

	"github.com/coder/websocket"

	"github.com/carebox-project/carebox/mobile-api/mirror"
)

// read takes what the browser says, and passes on what may be said.
func (l *supportLine) read(ctx context.Context) {
	defer l.cancel()
	bad := 0
	for {
		kind, message, err := l.conn.Read(ctx)
		if err != nil {
			return // it is closed, or too long: then the library has closed it
		}
		admitted, err := l.take(kind, message)
		if err != nil {
			l.log.Info("closed a socket that said what may not be said", "error", err.Error())
			_ = l.conn.Close(websocket.StatusPolicyViolation, "message")
			return
		}
		if bad++; admitted {
			bad = 0
		}
		if bad > maxBadLuck {
			_ = l.conn.Close(websocket.StatusPolicyViolation, "pace")
			return
		}
	}
}

// take judges one message; false: there were too many.
func (l *supportLine) take(kind websocket.MessageType, message []byte) (admitted bool, err error) {
	if kind == websocket.MessageBinary {
		return l.takeFrame(message)
	}
	m, err := mirror.Parse(l.role(), message)
	if err != nil {
		return false, err
	}
	if m.Type == mirror.WordHello {
		return false, mirror.ErrMessage // it was said
	}
	if !l.pace.Admits(m, l.now()) {
		l.put(text(noticeText{Type: mirror.WordError, Code: "pace"}))
		return false, nil
	}
	if one := l.session.Load(); !one.Has(m.Needs()) {
		l.put(text(noticeText{Type: mirror.WordError, Code: "scope"}))
		return true, nil
	}
	switch {
	case m.Type == mirror.WordKey:
		l.say(wordKey, m.Text())
	case l.isScreen():
		m.Generation = l.ticket.Generation
		l.say(wordText, m.Text())
	default:
		l.say(wordGesture, m.Text())
	}
	return true, nil
}

// takeFrame passes on a piece of the picture. A page that was not given this generation is not shown.
func (l *supportLine) takeFrame(message []byte) (bool, error) {
	if !l.isScreen() {
		return false, mirror.ErrMessage
	}
	f, err := mirror.ParseFrame(message)
	if err != nil {
		return false, err
	}
	if f.Generation != l.ticket.Generation {
		return false, mirror.ErrMessage
	}
	if !l.pace.AdmitsFrame(f, l.now()) {
		l.put(text(noticeText{Type: mirror.WordSlow}))
		return true, nil // a page that has much to show does no wrong
	}
	l.tape.Add(f, l.now())
	l.say(wordPicture, message)
	return true, nil
}

// hear takes what the other end says, from any replica. Who said it was judged where they said it; what it needs is judged
// here again.
func (l *supportLine) hear(word string, message []byte) {
	l.heard.Store(time.Now().UnixNano())
	switch word {
	case wordPicture:
		if f, err := mirror.ParseFrame(message); err == nil {
			l.queue.Show(f)
		}
	case wordKey:
		l.looked.Store(time.Now().UnixNano())
		var m mirror.Message
		if json.Unmarshal(message, &m) == nil && m.Inline { // without a message it is the server's own wish
			l.inline.Store(true)
		}
		l.wanted.Store(true)
	case wordText, wordGesture:
		l.hearText(message)
	case wordTake:
		var m mirror.Message
		if json.Unmarshal(message, &m) == nil && m.Generation > l.ticket.Generation && l.isScreen() {
			l.finish("another-page")
		}
	}
}

func (l *supportLine) hearText(message []byte) {
	var m mirror.Message
	if json.Unmarshal(message, &m) != nil {
		return
	}
	if one := l.session.Load(); m.Needs() != "" && !one.Has(m.Needs()) {
		return
	}
	switch m.Type {
	case mirror.WordSeen:
		l.looked.Store(time.Now().UnixNano())
	case mirror.WordHere:
		l.say(wordGesture, text(noticeText{Type: mirror.WordSeen, Build: l.build}))
	case mirror.WordScreen:
		l.gaze.look(m.Screen(), time.Now())
	case mirror.WordAway:
		l.gaze.look("", time.Now())
	}
	l.put(message)
}
