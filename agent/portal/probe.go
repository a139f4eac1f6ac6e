package portal

import "net/http"

// probe is what a system asks a well-known address over plain HTTP to find out whether the internet is there, and the
// only answer that satisfies it. Any other answer makes it show the page.
type probe struct {
	status int
	kind   string
	body   string
}

const (
	plain = "text/plain"
	apple = "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"
	// What detectportal.firefox.com answers; it leads nowhere unless somebody looks at it.
	mozilla = `<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>`
)

// findProbe knows a probe by its path; the hosts are many and change.
func findProbe(path string) (probe, bool) {
	switch path {
	case "/generate_204", "/gen_204": // Android, Chrome
		return probe{status: http.StatusNoContent}, true
	case "/hotspot-detect.html", "/library/test/success.html": // Apple
		return probe{http.StatusOK, "text/html", apple}, true
	case "/connecttest.txt": // Windows 10 on
		return probe{http.StatusOK, plain, "Microsoft Connect Test"}, true
	case "/ncsi.txt": // Windows before
		return probe{http.StatusOK, plain, "Microsoft NCSI"}, true
	case "/canonical.html": // Firefox
		return probe{http.StatusOK, "text/html", mozilla}, true
	case "/success.txt": // Firefox
		return probe{http.StatusOK, plain, "success\n"}, true
	case "/check_network_status.txt": // NetworkManager
		return probe{http.StatusOK, plain, "NetworkManager is online\n"}, true
	}
	return probe{}, false
}
