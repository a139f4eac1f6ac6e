package portal

import "github.com/carebox-project/carebox/policies/wire"

// language is everything that the page says, as whole sentences with places in braces. Children are told "tu".
type language struct {
	tag string

	titlePaused, titleOnline, titleRefused, titleUnknown, titleNobody string

	until, in, noEnd           string
	pause, pauseBy             string
	hours, hoursNamed          string
	special, specialNamed      string
	budget, refused, unknown   string
	nobody, online, bonus, yes string
	applying                   string

	askTitle, ask, whyTitle string
	minutes                 string
	whys                    map[wire.Why]string

	leaving, offline, sent, sentMore                    string
	seen, seenBy, silence, again                        string
	unheard, unheardMore, notThisTime, notThisTimeUntil string
	stillWorks, todayUsed, todayOf                      string

	helpTitle, helpNobody, helpEnd, helpEnded   string
	helpMeasures, helpSees, helpMember          string // until a time of the clock
	helpMeasuresFor, helpSeesFor, helpMemberFor string // for a span, where no clock is known

	clock                                      string // hh:mm of a moment today
	tomorrow, later                            string // of another day, beside a preposition
	atToday, atTomorrow, atLater, atDate, date string
	midnight, atMidnight                       string
	hour, minute, hourMinute                   string
	weekdays                                   [7]string
	months                                     [12]string
}

// No-break spaces: \u00a0 inside amounts, \u202f before French marks.
var english = language{
	tag:          "en",
	titlePaused:  "Internet is paused on this device",
	titleOnline:  "Internet works on this device",
	titleRefused: "This device has no internet here",
	titleUnknown: "This device is not known here",
	titleNobody:  "One moment",

	until: "Until {time}", in: "in {span}", noEnd: "No end time for now",
	pause: "A parent paused it", pauseBy: "{name} paused it",
	hours: "These are your offline hours", hoursNamed: "It is “{rule}” time",
	special: "It is a special day", specialNamed: "Special day: “{rule}”",
	budget: "Your {span} for today are used", refused: "Talk to an adult who lives here.",
	unknown: "Ask someone who lives here.", nobody: "The box is working out which device this is.",
	online: "You can close this page.", bonus: "Extra time until {time}", yes: "Yes! You have until {time}.",
	applying: "It works again within seconds. You can close this page.",

	askTitle: "Need more time?", ask: "Ask for {span} more", whyTitle: "What for? (if you like)",
	minutes: "{n}\u00a0min",
	whys: map[wire.Why]string{
		wire.WhyHomework: "Homework", wire.WhyGame: "Finish a game", wire.WhyCall: "Call someone",
	},

	leaving: "Asked at {time}", offline: "The box has no internet: your request leaves as soon as it can.",
	sent: "Sent at {time}", sentMore: "The answer will show here.",
	seen: "A parent has seen it", seenBy: "{name} has seen it", silence: "No answer yet", again: "You can ask again {at}.",
	unheard: "No answer so far", unheardMore: "Ask again, or ask in person.",
	notThisTime: "Not this time.", notThisTimeUntil: "Not this time. Back {at}.",
	stillWorks: "Emergency calls and the printer still work.", todayUsed: "Today: {used} online", todayOf: "Today: {used} of {budget}",

	helpTitle: "Support session", helpNobody: "The support team", helpEnd: "End it", helpEnded: "It has ended.",
	helpMeasures: "{name} may measure your box until {time}.", helpMeasuresFor: "{name} may measure your box for {span} more.",
	helpSees: "{name} may help you until {time}.", helpSeesFor: "{name} may help you for {span} more.",
	helpMember: "{name} has your box checked until {time}.", helpMemberFor: "{name} has your box checked for {span} more.",

	clock: "{clock}", tomorrow: "tomorrow {clock}", later: "{day} {clock}", date: "{day} {n} {month}, {clock}",
	atToday: "at {clock}", atTomorrow: "tomorrow at {clock}", atLater: "on {day} at {clock}", atDate: "on {day} {n} {month} at {clock}",
	midnight: "midnight", atMidnight: "at midnight",
	hour: "{h}\u00a0h", minute: "{m}\u00a0min", hourMinute: "{h}\u00a0h\u00a0{m}",
	weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	months:   [12]string{"Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"},
}

var french = language{
	tag:          "fr",
	titlePaused:  "Internet est en pause sur cet appareil",
	titleOnline:  "Internet marche sur cet appareil",
	titleRefused: "Cet appareil n’a pas Internet ici",
	titleUnknown: "Cet appareil n’est pas connu ici",
	titleNobody:  "Un instant",

	until: "Jusqu’à {time}", in: "dans {span}", noEnd: "Sans heure de fin pour l’instant",
	pause: "Un parent a mis en pause", pauseBy: "{name} a mis en pause",
	hours: "Ce sont tes heures hors ligne", hoursNamed: "C’est l’heure de «\u202f{rule}\u202f»",
	special: "C’est une journée spéciale", specialNamed: "Journée spéciale\u202f: «\u202f{rule}\u202f»",
	budget: "Tes {span} d’aujourd’hui sont passées", refused: "Parles-en avec un adulte de la maison.",
	unknown: "Demande à quelqu’un qui habite ici.", nobody: "La box cherche de quel appareil il s’agit.",
	online: "Tu peux fermer cette page.", bonus: "Temps en plus jusqu’à {time}", yes: "Oui\u202f! Tu as jusqu’à {time}.",
	applying: "Ça remarche dans quelques secondes. Tu peux fermer cette page.",

	askTitle: "Besoin de plus de temps\u202f?", ask: "Demander {span} de plus", whyTitle: "Pour quoi\u202f? (si tu veux)",
	minutes: "{n}\u00a0min",
	whys: map[wire.Why]string{
		wire.WhyHomework: "Devoirs", wire.WhyGame: "Finir une partie", wire.WhyCall: "Appeler quelqu’un",
	},

	leaving: "Demandé à {time}", offline: "La box n’a pas Internet\u202f: ta demande part dès que possible.",
	sent: "Demande envoyée à {time}", sentMore: "La réponse s’affichera ici.",
	seen: "Un parent l’a vue", seenBy: "{name} l’a vue", silence: "Pas encore de réponse", again: "Tu pourras redemander {at}.",
	unheard: "Pas de réponse pour l’instant", unheardMore: "Redemande, ou va demander en personne.",
	notThisTime: "Pas cette fois.", notThisTimeUntil: "Pas cette fois. Retour {at}.",
	stillWorks: "Les appels d’urgence et l’imprimante marchent toujours.",
	todayUsed:  "Aujourd’hui\u202f: {used} en ligne", todayOf: "Aujourd’hui\u202f: {used} sur {budget}",

	helpTitle: "Session d’assistance", helpNobody: "L’assistance", helpEnd: "Y mettre fin", helpEnded: "Elle est terminée.",
	helpMeasures:    "{name} peut faire des mesures sur la box jusqu’à {time}.",
	helpMeasuresFor: "{name} peut faire des mesures sur la box encore {span}.",
	helpSees:        "{name} peut aider jusqu’à {time}.", helpSeesFor: "{name} peut aider encore {span}.",
	helpMember: "{name} fait vérifier la box jusqu’à {time}.", helpMemberFor: "{name} fait vérifier la box encore {span}.",

	clock: "{clock}", tomorrow: "demain {clock}", later: "{day} {clock}", date: "{day} {n} {month}, {clock}",
	atToday: "à {clock}", atTomorrow: "demain à {clock}", atLater: "{day} à {clock}", atDate: "{day} {n} {month} à {clock}",
	midnight: "minuit", atMidnight: "à minuit",
	hour: "{h}\u00a0h", minute: "{m}\u00a0min", hourMinute: "{h}\u00a0h\u00a0{m}",
	weekdays: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
	months:   [12]string{"janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
}
