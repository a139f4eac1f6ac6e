import type en from "../en/codes";
import type { Words } from "../catalogue";

const codes: Words<typeof en> = {
  codes: {
    title: "Codes à la connexion",
    lead: "Avec le mot de passe, demander un code qu'une appli de votre téléphone calcule.",
    on: "Votre mot de passe demande un code.",
    off: "Votre mot de passe suffit.",
    start: "Demander des codes",
    stop: "Ne plus demander de codes",
    next: "Continuer",
    scan: "Scannez ceci avec une appli de codes, ou tapez la clé. Tapez ensuite le code qu'elle affiche.",
    qr: "QR code pour l'appli",
    key: "Clé",
    code: "Code",
    started: "Votre mot de passe demande maintenant un code. Vos autres sessions sont terminées.",
    stopped: "Votre mot de passe suffit de nouveau",
    ask: "Tapez le code que votre appli affiche.",
    refused: "Ce code est faux, ou a déjà servi. Attendez le suivant.",
  },
};

export default codes;
