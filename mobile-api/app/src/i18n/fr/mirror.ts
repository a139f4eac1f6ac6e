import type { Words } from "../catalogue";
import type en from "../en/mirror";

const mirror: Words<typeof en> = {
  mirror: {
    look: "Ce que voit {{name}}",
    sees: "Ce que voit {{name}}",
    seesText: "Les noms, les nombres et tout ce qui est saisi sont masqués avant de quitter ce téléphone.",
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
