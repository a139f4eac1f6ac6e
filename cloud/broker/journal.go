package broker

import (
	"fmt"
	"log/slog"
	"strings"
)

// journal takes what the NATS server logs. What strangers can cause at will is no news.
type journal struct {
	log   *slog.Logger
	fatal chan string
}

func newJournal(log *slog.Logger) *journal { return &journal{log: log, fatal: make(chan string, 1)} }

func (j *journal) Noticef(format string, v ...any) { j.log.Debug(fmt.Sprintf(format, v...)) }
func (j *journal) Debugf(string, ...any)           {}
func (j *journal) Tracef(string, ...any)           {}
func (j *journal) Warnf(format string, v ...any)   { j.tell(fmt.Sprintf(format, v...)) }
func (j *journal) Errorf(format string, v ...any)  { j.tell(fmt.Sprintf(format, v...)) }

func (j *journal) Fatalf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	j.log.Error("broker failed", "error", text)
	select {
	case j.fatal <- text:
	default:
	}
}

func (j *journal) tell(text string) {
	if strings.Contains(text, " - mid:") { // about one connection
		j.log.Debug("refused a connection", "error", text)
		return
	}
	j.log.Warn("broker complained", "error", text)
}
