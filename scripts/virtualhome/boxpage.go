package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/carebox-project/carebox/agent/testbed"
)

// boxPage asks the box's own page as a device of the home does, and answers its status and text.
func (h *House) boxPage(ctx context.Context, method, path, form string) (status int, text string, err error) {
	address := net.JoinHostPort(testbed.BoxIPv4.String(), "8089")
	err = poll(ctx, "the box's page", func() error {
		conn, err := h.Phone.Dial(ctx, "tcp", address)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close() }() // all of the answer has been read
		request := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
			"Content-Length: %d\r\n\r\n%s", method, path, address, address, len(form), form)
		_, err = io.WriteString(conn, request)
		if err := errors.Join(err, conn.SetDeadline(time.Now().Add(time.Minute))); err != nil {
			return err
		}
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(response.Body)
		status, text = response.StatusCode, string(body)
		return err
	})
	return status, text, err
}
