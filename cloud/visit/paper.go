package visit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/png"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/carebox-project/carebox/policies"
)

// Sizes on the paper, in mm and points.
const (
	margin = 18.0
	inside = 210 - 2*margin
	line   = 5.5
	body   = 10
	small  = 8
)

// Paper is the report of a finished visit as PDF in the customer's language, with its photos. It names the SHA-256 of the signed JSON,
// as text and QR code, and carries that file as an attachment. ErrNotFound.
func (o *Office) Paper(ctx context.Context, id string, who Who) ([]byte, error) {
	file, err := o.ReportOf(ctx, id, who)
	if err != nil {
		return nil, err
	}
	v, err := o.find(ctx, id, who)
	if err != nil {
		return nil, err
	}
	photos := map[string][]byte{}
	for _, p := range v.Photos {
		if photos[p.ID], err = o.Store.Photo(ctx, id, p.ID); err != nil {
			return nil, err
		}
	}
	report, err := read(file)
	if err != nil {
		return nil, err
	}
	return Print(report, file, photos)
}

// Print draws a report; file is the signed JSON that it is of.
func Print(r Report, file []byte, photos map[string][]byte) ([]byte, error) {
	zone, err := policies.Location(r.Visit.Order.Zone)
	if err != nil {
		return nil, fmt.Errorf("printing report of visit %q: %w", r.Visit.ID, err)
	}
	p := &paper{pdf: fpdf.New("P", "mm", "A4", ""), words: wordsIn(r.Visit.Order.Locale), zone: zone, report: r}
	p.begin()
	p.head()
	p.checklist()
	p.rooms()
	p.rest()
	p.signature()
	p.seal(file)
	p.pictures(photos)
	p.pdf.SetAttachments([]fpdf.Attachment{{Content: file, Filename: "report.json", Description: p.words.attached}})
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("printing report of visit %q: %w", r.Visit.ID, err)
	}
	return out.Bytes(), nil
}

// paper is a report that is being drawn.
type paper struct {
	pdf    *fpdf.Fpdf
	words  words
	zone   *time.Location
	report Report
}

func (p *paper) begin() {
	p.pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	p.pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	p.pdf.SetMargins(margin, margin, margin)
	p.pdf.SetAutoPageBreak(true, margin)
	p.pdf.SetTitle(p.words.title[p.report.Visit.Order.Kind]+" "+p.report.Visit.Order.Ref, true)
	p.pdf.SetLang(p.report.Visit.Order.Locale)
	p.pdf.SetCreationDate(p.report.Made)
	p.pdf.SetModificationDate(p.report.Made)
	p.pdf.SetFooterFunc(func() {
		p.pdf.SetY(-12)
		p.font("", small)
		p.pdf.CellFormat(0, line, fmt.Sprintf("%s · %d", p.report.Visit.Order.Ref, p.pdf.PageNo()), "", 0, "R", false, 0, "")
	})
	p.pdf.AddPage()
}

func (p *paper) font(style string, size float64) { p.pdf.SetFont("go", style, size) }

func (p *paper) heading(text string) {
	p.pdf.Ln(3)
	p.font("B", body+1)
	p.text(text)
	p.font("", body)
}

// text writes a paragraph. The fonts have no narrow blanks.
func (p *paper) text(s string) {
	p.pdf.MultiCell(0, line, strings.ReplaceAll(s, "\u202f", "\u00a0"), "", "L", false)
}

func (p *paper) pair(name, value string) {
	if value == "" {
		return
	}
	p.font("B", body)
	p.pdf.CellFormat(45, line, name, "", 0, "L", false, 0, "")
	p.font("", body)
	p.text(value)
}

func (p *paper) when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.zone).Format(p.words.date)
}

func (p *paper) head() {
	v, w := p.report.Visit, p.words
	p.font("B", 18)
	p.pdf.MultiCell(0, 9, w.title[v.Order.Kind], "", "L", false)
	p.pdf.Ln(2)
	p.pair(w.order, v.Order.Ref)
	p.pair(w.customer, v.Order.Customer)
	p.pair(w.address, v.Order.Address)
	p.pair(w.present, strings.Join(v.Present, ", "))
	p.pair(w.technician, p.report.By)
	p.pair(w.arrived, p.when(v.Arrived))
	p.pair(w.box, v.Serial)
	p.pair(w.scanned, p.when(v.Scanned))
	p.pair(w.serving, p.when(v.Serving))
	p.pair(w.finished, p.when(v.Finished))
	p.font("B", body+3)
	p.pdf.Ln(2)
	switch {
	case p.report.Seconds > 0:
		p.text(fmt.Sprintf(w.took, max(1, (p.report.Seconds+30)/60)))
	case v.Order.Kind != OrderReturn:
		p.text(w.notServing)
	}
	p.font("", body)
}

func (p *paper) checklist() {
	if len(p.report.Visit.Checklist) == 0 {
		return
	}
	p.heading(p.words.checklist)
	for _, item := range p.report.Visit.Checklist {
		p.pdf.CellFormat(55, line, or(p.words.items[item.Name], item.Name), "B", 0, "L", false, 0, "")
		p.pdf.CellFormat(30, line, p.words.state(item), "B", 0, "L", false, 0, "")
		p.pdf.CellFormat(0, line, p.words.figure(item), "B", 1, "L", false, 0, "")
		if item.Decision != "" {
			p.font("", small)
			p.text("    " + item.Reason + " (" + item.By + ")")
			p.font("", body)
		}
	}
}

func (p *paper) rooms() {
	if len(p.report.Visit.Rooms) == 0 {
		return
	}
	p.heading(p.words.rooms)
	for _, r := range p.report.Visit.Rooms {
		text := r.Name + " : " + or(p.words.verdicts[r.Verdict], r.Verdict)
		if r.Rate > 0 {
			text += " · " + megabits(r.Rate)
		}
		if r.Signal < 0 {
			text += fmt.Sprintf(" · %d dBm", r.Signal)
		}
		if r.Note != "" {
			text += " · " + r.Note
		}
		p.text(text)
	}
}

// rest is boxes that went, remarks, and why something is missing.
func (p *paper) rest() {
	v := p.report.Visit
	if len(v.TakenBack) > 0 {
		p.heading(p.words.takenBack)
		for _, t := range v.TakenBack {
			p.text(strings.TrimSuffix(t.Serial+" · "+p.when(t.At)+" · "+t.Why, " · "))
		}
	}
	if len(v.Notes) > 0 {
		p.heading(p.words.notes)
		for _, n := range v.Notes {
			p.text(p.when(n.At) + " · " + n.Text)
		}
	}
	if v.Unsigned != "" {
		p.heading(p.words.missing)
		p.text(v.Unsigned)
	}
}

func (p *paper) signature() {
	v := p.report.Visit
	if v.Signed == nil {
		return
	}
	p.keep(45)
	p.heading(p.words.signature)
	p.text(v.Signed.Name + ", " + p.when(v.Signed.At))
	if size, err := png.DecodeConfig(bytes.NewReader(p.report.Drawing)); err == nil && size.Width > 0 {
		scale := min(60/float64(size.Width), 30/float64(size.Height))
		p.image("signature", "PNG", p.report.Drawing, scale*float64(size.Width), scale*float64(size.Height))
	}
}

// seal names the file that was signed.
func (p *paper) seal(file []byte) {
	sum := sha256.Sum256(file)
	text := hex.EncodeToString(sum[:])
	p.keep(45)
	p.heading(p.words.proof)
	p.font("", small)
	p.text("SHA-256 " + text)
	code, err := qr.Encode("carebox-report:"+text, qr.M, qr.Auto)
	if err == nil {
		code, err = barcode.Scale(code, 300, 300)
	}
	var out bytes.Buffer
	if err == nil {
		err = png.Encode(&out, code)
	}
	if err != nil {
		p.pdf.SetError(err)
		return
	}
	p.image("qr", "PNG", out.Bytes(), 30, 30)
	p.font("", body)
}

func (p *paper) pictures(photos map[string][]byte) {
	const width, height = 80.0, 80.0
	for i, meta := range p.report.Visit.Photos {
		data := photos[meta.ID]
		if len(data) == 0 || meta.Width < 1 || meta.Height < 1 {
			continue
		}
		if i == 0 {
			p.pdf.AddPage()
			p.heading(p.words.photos)
		}
		scale := min(width/float64(meta.Width), height/float64(meta.Height))
		p.keep(height + 2*line)
		p.image(meta.ID, "JPG", data, scale*float64(meta.Width), scale*float64(meta.Height))
		p.font("", small)
		p.text(or(p.words.kinds[meta.Kind], meta.Kind) + ", " + p.when(meta.At))
		p.font("", body)
	}
}

// keep begins another page where so many mm are not left.
func (p *paper) keep(height float64) {
	if _, page := p.pdf.GetPageSize(); p.pdf.GetY()+height > page-margin {
		p.pdf.AddPage()
	}
}

func (p *paper) image(name, kind string, data []byte, width, height float64) {
	options := fpdf.ImageOptions{ImageType: kind}
	p.pdf.RegisterImageOptionsReader(name, options, bytes.NewReader(data))
	p.pdf.ImageOptions(name, margin, p.pdf.GetY()+1, width, height, false, options, 0, "")
	p.pdf.SetY(p.pdf.GetY() + height + 2)
}

func megabits(rate int64) string { return fmt.Sprintf("%.0f Mbit/s", float64(rate)/1e6) }

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
