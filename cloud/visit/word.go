package visit

import "fmt"

// words are those of a report on paper.
type words struct {
	title                                                         map[OrderKind]string
	order, customer, address, present, technician, arrived, box   string
	scanned, serving, finished, took, notServing, checklist       string
	rooms, takenBack, notes, missing, signature, proof, photos    string
	attached, date, ok, skipped, accepted, failed, waiting, least string
	noRadios, days                                                string
	items, verdicts, kinds                                        map[string]string
}

func wordsIn(locale string) words {
	if locale == "en" {
		return english()
	}
	return french()
}

func (w words) state(item Item) string {
	switch {
	case item.State == ItemSkipped:
		return w.skipped
	case item.Decision == DecideAccept:
		return w.accepted
	case item.State == ItemOK:
		return w.ok
	case item.State == ItemFailed:
		return w.failed
	}
	return w.waiting
}

func (w words) figure(item Item) string {
	if item.Code == "no-radios" {
		return w.noRadios
	}
	if item.Measured == nil {
		return ""
	}
	text := w.amount(*item.Measured, item.Unit)
	if item.Expected == nil {
		return text
	}
	return text + fmt.Sprintf(w.least, w.amount(*item.Expected, item.Unit))
}

func (w words) amount(n int64, unit string) string {
	switch unit {
	case "bit/s":
		return megabits(n)
	case "days":
		return fmt.Sprintf(w.days, n)
	}
	return fmt.Sprint(n)
}

func french() words {
	return words{
		title: map[OrderKind]string{
			OrderInstall: "Procès-verbal de mise en service", OrderSwap: "Procès-verbal d’échange", OrderReturn: "Procès-verbal de retour",
		},
		order: "Commande", customer: "Client", address: "Adresse", present: "Présents", technician: "Technicien", arrived: "Arrivée", box: "Box",
		scanned: "Étiquette lue", serving: "En service", finished: "Fin", took: "En service %d min après le scan.",
		notServing: "La box n’a pas été mise en service.", checklist: "Contrôles", rooms: "Pièces", takenBack: "Box reprises (identité révoquée)",
		notes: "Remarques", missing: "Pourquoi il manque quelque chose", signature: "Signature du client", proof: "Rapport signé par l’opérateur",
		photos: "Photos", attached: "Rapport signé", date: "02/01/2006 15:04", ok: "OK", skipped: "Non fait", accepted: "Accepté tel quel", failed: "Échec",
		waiting: "En attente", least: " (attendu : %s)", noRadios: "Cette box n’a pas de Wi-Fi.", days: "%d jours",
		items: map[string]string{
			ItemClaimed: "Box reconnue", ItemCertificate: "Certificat", ItemCloud: "Cloud joint", ItemClock: "Heure", ItemWAN: "Accès internet",
			ItemIPv6: "IPv6", ItemRadios: "Radios Wi-Fi", ItemDown: "Débit descendant", ItemUp: "Débit montant", ItemTV: "Place réservée à la TV",
		},
		verdicts: map[string]string{"good": "bon", "fair": "moyen", "poor": "faible"},
		kinds:    map[string]string{"box": "Box", "socket": "Prise", "cabling": "Câblage", "proof": "Preuve de passage", "other": "Autre"},
	}
}

func english() words {
	return words{
		title: map[OrderKind]string{OrderInstall: "Acceptance report", OrderSwap: "Report of a swap", OrderReturn: "Report of a return"},
		order: "Order", customer: "Customer", address: "Address", present: "Present", technician: "Technician", arrived: "Arrived", box: "Box",
		scanned: "Label read", serving: "In service", finished: "End", took: "In service %d min after the scan.",
		notServing: "The box was not brought into service.", checklist: "Checks", rooms: "Rooms", takenBack: "Boxes taken back (identity revoked)",
		notes: "Notes", missing: "Why something is missing", signature: "Customer’s signature", proof: "Report signed by the operator",
		photos: "Photos", attached: "Signed report", date: "2 Jan 2006 15:04", ok: "OK", skipped: "Not done", accepted: "Accepted as it is", failed: "Failed",
		waiting: "Waiting", least: " (expected: %s)", noRadios: "This box has no Wi-Fi.", days: "%d days",
		items: map[string]string{
			ItemClaimed: "Box claimed", ItemCertificate: "Certificate", ItemCloud: "Cloud reached", ItemClock: "Clock", ItemWAN: "Internet access",
			ItemIPv6: "IPv6", ItemRadios: "Wi-Fi radios", ItemDown: "Rate down", ItemUp: "Rate up", ItemTV: "Place kept for the TV",
		},
		verdicts: map[string]string{"good": "good", "fair": "fair", "poor": "poor"},
		kinds:    map[string]string{"box": "Box", "socket": "Socket", "cabling": "Cabling", "proof": "Proof of the visit", "other": "Other"},
	}
}
