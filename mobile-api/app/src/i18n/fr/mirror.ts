import type { Words } from "../catalogue";
import type en from "../en/mirror";

const mirror: Words<typeof en> = {
  mirror: {
    look: "Ce que voit {{name}}",
    sees: "Ce que voit {{name}}",
    seesText: "Les noms, les nombres et tout ce qui est saisi sont masqués avant de quitter ce téléphone.",
    tap: "Touchez n'importe quoi dans l'image pour le cacher à {{name}} jusqu'à la fin de cette visite ; touchez encore pour le montrer.",
    nowHidden: "Caché : {{name}} ne le voit plus.",
    nowShown: "{{name}} peut à nouveau le voir.",
    tooMuch: "C'est presque tout l'écran. Touchez quelque chose de plus petit.",
    hidden_one: "{{count}} chose est cachée par vous.",
    hidden_other: "{{count}} choses sont cachées par vous.",
    byName: "Cacher des choses par leur nom",
    hidePart: "Cacher « {{part}} »",
    hide: "Cacher",
    show: "Montrer à nouveau",
    showAll: "Tout montrer à nouveau",
    went: "{{name}} a ouvert cet écran.",
    mayGo: "{{name}} voudrait ouvrir un autre écran. Ce qui n'est pas enregistré ici serait perdu.",
    go: "L'ouvrir",
    stay: "Rester ici",
    screenOf: "Écran de {{name}}",
    live: "Comme {{name}} le voit maintenant. Les textes masqués ne sont montrés à personne.",
    catching: "L'image rattrape son retard…",
    connecting: "Connexion…",
    away: "{{name}} a fermé Carebox, ou sa ligne est coupée.",
    over: "L'image est terminée.",
    age: "il y a {{n}} s",
  },
};

export default mirror;
