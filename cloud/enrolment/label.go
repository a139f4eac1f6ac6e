package enrolment

import (
	"fmt"
	"html/template"
	"image/color"
	"io"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// Label is what is printed on a box.
type Label struct {
	Box   string
	Model string
	MAC   string
	Code  string
}

// Text is what the QR code of a label says: carebox:SERIAL:CODE. A scanner reads it, and a claim is made of its two parts.
func (l Label) Text() string { return "carebox:" + l.Box + ":" + l.Code }

// sheet prints labels as SVG of 62 × 29 mm each, one page of a label printer after the other.
var sheet = template.Must(template.New("labels").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Labels</title>
<style>@page { size: 62mm 29mm; margin: 0 } body { margin: 0 } svg { display: block; break-after: page }</style>
{{range .}}<svg xmlns="http://www.w3.org/2000/svg" width="62mm" height="29mm" viewBox="0 0 62 29" font-family="sans-serif">
<title>{{.Box}}</title><g transform="translate(2 2) scale({{.Scale}})"><path d="{{.Path}}"/></g>
<text x="29" y="7" font-size="3.6" font-weight="bold">{{.Model}}</text>
<text x="29" y="12" font-size="2.8">S/N {{.Box}}</text>
<text x="29" y="16" font-size="2.8">{{if .MAC}}MAC {{.MAC}}{{end}}</text>
<text x="29" y="24" font-size="3.2" font-family="monospace">{{.Code}}</text>
</svg>
{{end}}</html>
`))

// WriteLabels prints labels with a QR code each, for any browser to print.
func WriteLabels(out io.Writer, labels []Label) error {
	type drawn struct {
		Label
		Path  string
		Scale string
	}
	all := make([]drawn, len(labels))
	for n, l := range labels {
		path, side, err := drawQR(l.Text())
		if err != nil {
			return fmt.Errorf("drawing label of %q: %w", l.Box, err)
		}
		all[n] = drawn{Label: l, Path: path, Scale: fmt.Sprintf("%.4f", 25/float64(side))}
	}
	if err := sheet.Execute(out, all); err != nil {
		return fmt.Errorf("writing labels: %w", err)
	}
	return nil
}

// drawQR is a QR code as an SVG path of unit squares with its quiet zone, and the length of its side.
func drawQR(text string) (string, int, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", 0, err
	}
	const quiet = 4
	bounds := code.Bounds()
	var path strings.Builder
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			if gray, _, _, _ := color.GrayModel.Convert(code.At(x, y)).RGBA(); gray == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return path.String(), bounds.Dx() + 2*quiet, nil
}
