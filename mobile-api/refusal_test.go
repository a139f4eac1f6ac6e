package mobileapi

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// written is every code in failure.go.
func written(t *testing.T) []code {
	t.Helper()
	source, err := os.ReadFile("failure.go")
	if err != nil {
		t.Fatal(err)
	}
	var list []code
	for _, found := range regexp.MustCompile(`(?m)^\s*code\w+\s+code = "([a-z-]+)"`).FindAllSubmatch(source, -1) {
		list = append(list, code(found[1]))
	}
	if len(list) < 50 {
		t.Fatalf("found %d codes", len(list))
	}
	return list
}

// What a code means stands in the document and in the README, with its own status; that the app has words for it in both
// languages is for the app's own test of failure.go.
func TestEachRefusalIsExplained(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range written(t) {
		status, title := c.describe()
		if status == http.StatusInternalServerError && c != codeInternal || title == "" {
			t.Errorf("%s has no title of its own", c)
		}
		row := regexp.MustCompile(fmt.Sprintf("(?m)^\\| %d \\|[^|]*`%s`[^|]*\\|", status, c))
		if !row.Match(readme) {
			t.Errorf("the README has no row of %d for %s", status, c)
		}
		if !strings.Contains(string(document), "`"+string(c)+"`") {
			t.Errorf("openapi.yaml does not explain %s", c)
		}
	}
}

// refused is what the routes of a support session may answer beside what any route may, by operation.
func refused() map[string][]code {
	return map[string][]code{
		"askForSession":    {codeSupportFresh, codeSupportOwn, codeSupportBusy, codeCaseNotYours, codeCaseState},
		"consentToSupport": {codeSupportAnswer, codeSupportOwn, codeRole},
		"refuseSupport":    {codeSupportAnswer, codeRole},
		"extendSupport":    {codeSupportOver, codeSupportOwn, codeRole},
		"approveProposal":  {codeProposal, codeSupportAnswer, codeSupportOver, codeRole, codeOwner, codeLastOwner},
		"declineProposal":  {codeSupportAnswer, codeRole},
		"propose":          {codeSupportOver, codeSupportScope, codeSupportBusy, codeLastOwner},
		"askBox":           {codeSupportOver, codeSupportScope, codeSupportBusy, codeBoxAway},
		"ticketForScreen":  {codeSupportScope, codeSupportOver},
		"ticketForLooker":  {codeSupportScope, codeSupportOver},
		"calledCase":       {codeCaseNotYours, codeCaseState},
		"judgeCase":        {codeCaseState, codeCaseFull},
		"bookCall":         {codeCaseState, codeCaseFull, codeSlot},
	}
}

func TestTheDocumentNamesWhatSupportRefuses(t *testing.T) {
	doc, _ := contract()
	found := map[string]*openapi3.Operation{}
	for _, path := range doc.Paths.Map() {
		for _, operation := range path.Operations() {
			found[operation.OperationID] = operation
		}
	}
	for id, list := range refused() {
		operation := found[id]
		if operation == nil {
			t.Errorf("there is no operation %s", id)
			continue
		}
		for _, c := range list {
			status, _ := c.describe()
			// "403 `a`: why; 409 `b`, `c`": the nearest number before a code is its status.
			before, _, named := strings.Cut(operation.Description, "`"+string(c)+"`")
			numbers := regexp.MustCompile(`\b[1-5][0-9]{2}\b`).FindAllString(before, -1)
			if !named || len(numbers) == 0 || numbers[len(numbers)-1] != fmt.Sprint(status) {
				t.Errorf("%s does not say %d `%s`: %s", id, status, c, operation.Description)
			}
			if operation.Responses.Value(fmt.Sprint(status)) == nil {
				t.Errorf("%s has no response %d", id, status)
			}
		}
	}
	named := slices.Concat(slices.Collect(maps.Values(refused()))...)
	for _, c := range written(t) {
		if strings.HasPrefix(string(c), "support-") && c != codeSupportApproval && !slices.Contains(named, c) {
			t.Errorf("%s is of no operation", c)
		}
	}
}
