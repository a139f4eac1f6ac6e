package mail

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// office is a mail server that takes one letter a connection; the first `refuses` ones it sends away.
func office(t *testing.T, refuses int) (address string, letters <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	taken := make(chan string, 10)
	go func() {
		for n := 0; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if n < refuses {
				_, _ = io.WriteString(c, "421 not now\r\n")
				_ = c.Close()
				continue
			}
			taken <- talk(c)
		}
	}()
	return l.Addr().String(), taken
}

func talk(c net.Conn) string {
	defer func() { _ = c.Close() }()
	in, text := bufio.NewReader(c), strings.Builder{}
	say := func(line string) { _, _ = fmt.Fprintf(c, "%s\r\n", line) }
	say("220 office")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return text.String()
		}
		switch word, _, _ := strings.Cut(strings.TrimSpace(line), " "); strings.ToUpper(word) {
		case "QUIT":
			say("221 bye")
			return text.String()
		case "DATA":
			say("354 go on")
			for line, err = in.ReadString('\n'); err == nil && line != ".\r\n"; line, err = in.ReadString('\n') {
				text.WriteString(line)
			}
			say("250 taken")
		default:
			say("250 ok")
		}
	}
}

func runs(t *testing.T, c Config) *Outbox {
	t.Helper()
	c.Log = slog.New(slog.DiscardHandler)
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	o := New(c)
	o.pause = time.Millisecond
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- o.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return o
}

func TestALetterReachesAServerThatWasBusy(t *testing.T) {
	address, letters := office(t, tries-1)
	o := runs(t, Config{Server: address, From: "carebox@example.org"})
	o.Send("ada@example.org", "Été", "https://example.org/reset#ABC\n")
	select {
	case text := <-letters:
		for _, want := range []string{"To: <ada@example.org>", "From: <carebox@example.org>", "Subject: =?UTF-8?", "reset#ABC"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in\n%s", want, text)
			}
		}
	case <-time.After(time.Minute):
		t.Fatal("no letter came")
	}
}

func TestWithoutAServerALetterIsAFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "mail")
	o := New(Config{Folder: folder, Log: slog.New(slog.DiscardHandler)})
	if err := o.deliver(t.Context(), letter{"ada@example.org", "Hello", "text\n"}); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	text, err := os.ReadFile(filepath.Join(folder, files[0].Name()))
	if err != nil || string(text) != "To: ada@example.org\nSubject: Hello\n\ntext\n" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestTooManyLettersAreRefused(t *testing.T) {
	o := New(Config{Log: slog.New(slog.DiscardHandler)})
	for i := range waiting + 1 {
		if o.Send("a", "b", "c") != (i < waiting) {
			t.Fatalf("letter %d", i)
		}
	}
}

func TestWhatIsWrongWithAConfigurationIsSaid(t *testing.T) {
	for _, c := range []Config{{Server: "x", From: "a@b"}, {Server: "x:y", From: "a@b"}, {Server: "x:25"}} {
		if c.Check() == nil {
			t.Errorf("%+v is right", c)
		}
	}
}
